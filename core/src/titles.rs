//! The words of a text in, those that stand inside a title out: there the name of an organisation is no mention. The
//! twin of `titles.py`.

use crate::bits::{bit, bits};
use crate::clitics::{self, SIGNS};
use crate::types::{Tokens, Word};

const OFFICE: u64 = bit("role");
const HEAD: u64 = bit("org-head");
const QUALITY: u64 = bits(&["org-adjective", "adjective"]);
const GOES_ON: u64 =
    bits(&["org-topic", "org-field", "org-adjective", "org-head", "nationality", "adjective", "noun", "definite"]);
const BREAKS: u64 =
    bits(&["say", "verb", "stop", "comma", "stop-mark", "newline", "bracket-open", "quote-open", "colon"]);

/// Tells of each word whether it stands in a complement that a title takes with ل: «المدير العام للأمن الوطني ولمراقبة
/// التراب الوطني».
///
/// There the name of an organisation is part of the title, not a mention of it; one that is called by what it is
/// («الكاتب العام لوزارة الداخلية», «نائب المنسق لمكتب مكافحة الإرهاب») is a mention.
pub fn complements(tokens: &Tokens) -> Vec<bool> {
    let size = tokens.len();
    let mut found = vec![false; size];
    let is = |at: usize, classes: u64| {
        let mask = tokens.word(at).mask;
        mask & classes != 0 && mask & BREAKS == 0
    };
    for at in 0..size {
        if tokens.word(at).mask & OFFICE == 0 {
            continue;
        }
        let mut here = at + 1;
        while here < size && here - at < 3 && is(here, QUALITY) {
            here += 1;
        }
        if here < size && takes_for(tokens.word(here)) && tokens.word(here).mask & HEAD == 0 {
            // What follows a word that was found was found with it: without that, a row of titles takes squared time.
            while here < size && is(here, GOES_ON) && !found[here] {
                found[here] = true;
                here += 1;
            }
        }
    }
    found
}

/// Whether a word carries ل, be it read off («لمراقبة») or listed so («للأمن» in topics).
fn takes_for(word: &Word) -> bool {
    clitics::preposition(word.head().0) == clitics::L || word.key.starts_with(&SIGNS.ll)
}
