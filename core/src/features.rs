//! What the fitted recognizer sees of a word: `recognizers/features.py`.

use crate::bits::{bit, bits, NAMES, WORD_CLASSES};
use crate::clitics::{self, SIGNS};
use crate::gazetteer::Match;
use crate::lexicon::{label_of, SENSE_WEAK};
use crate::types::Word;

/// One class stands for a word where two neighbours are looked at together: the first of these that it has.
pub const ORDER: [&str; 58] = [
    "newline",
    "stop-mark",
    "comma",
    "colon",
    "quote-open",
    "quote-close",
    "bracket-open",
    "bracket-close",
    "dash",
    "mark",
    "digits",
    "country",
    "org",
    "per",
    "loc",
    "say",
    "role",
    "honorific",
    "rank",
    "org-head",
    "org-classifier",
    "place-outside",
    "place-inside",
    "stop",
    "nationality",
    "kunya",
    "nasab",
    "abd",
    "given",
    "family",
    "occupation",
    "kin",
    "org-field",
    "motion",
    "verb",
    "month",
    "weekday",
    "number",
    "time",
    "ordinal",
    "org-adjective",
    "regional",
    "direction",
    "noun",
    "adjective",
    "org-topic",
    "particle",
    "laqab",
    "loc-weak",
    "org-weak",
    "given-weak",
    "family-weak",
    "per-weak",
    "name-token",
    "acronym",
    "latin",
    "unknown",
    "frequent",
];

/// How many classes there are, the last for words that have none of `ORDER`.
pub const CLASSES: usize = ORDER.len() + 1;

const BITS_IN_ORDER: [u64; ORDER.len()] = {
    let mut found = [0; ORDER.len()];
    let mut i = 0;
    while i < ORDER.len() {
        found[i] = bit(ORDER[i]);
        i += 1;
    }
    found
};
const IDENTITY: u64 = (1 << WORD_CLASSES) - 1;
const OF_NAMES: u64 =
    bits(&["given", "given-weak", "family", "family-weak", "per", "per-weak", "loc", "loc-weak", "org", "org-weak"]);
const CLITICS: u64 = bits(&["conjunction", "preposition"]);

/// The number of the one class that stands for a word of this mask among neighbours.
pub fn coarse(mask: u64) -> u8 {
    BITS_IN_ORDER.iter().position(|bit| mask & bit != 0).unwrap_or(ORDER.len()) as u8
}

/// Calls `each` with the features of a word that follow from its classes alone.
pub fn mask_features(mask: u64, mut each: impl FnMut(&[u8])) {
    for (at, name) in NAMES.iter().enumerate() {
        if mask & (1 << at) != 0 && *name != "letter" {
            each(format!("c={name}").as_bytes());
        }
    }
    each(format!("m={mask:x}").as_bytes());
}

/// Calls `give` with the features of a word that follow from its letters, in the code: shape, affixes, frequency; never
/// a name. Each is given in two pieces, what it tells and the value.
pub fn word_features(word: &Word, mut give: impl FnMut(&[u8], &[u8])) {
    let key = &word.key;
    let digits = word.mask & const { bit("digits") } != 0;
    let letter = key.first().is_some_and(u8::is_ascii_alphabetic);
    if !digits && !letter && key.len() <= 1 && word.size <= 1 && word.zipf == 0 && word.readings.is_empty() {
        let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        return give(b"p=", hex.as_bytes());
    }
    give(b"z=", NUMBERS[word.zipf.clamp(0, 170) as usize / 13].as_bytes());
    give(b"l=", NUMBERS[key.len().min(10)].as_bytes());
    let peeled = word.readings.first().filter(|_| word.mask & CLITICS != 0);
    let stem: &[u8] = peeled.map_or(key, |reading| &reading.stem);
    let bare = if stem.len() > 4 { stem.strip_prefix(&SIGNS.al[..]).unwrap_or(stem) } else { stem };
    for (size, (begins, ends)) in [(1, (b"b1=", b"e1=")), (2, (b"b2=", b"e2=")), (3, (b"b3=", b"e3="))] {
        if bare.len() > size {
            give(begins, &bare[..size]);
            give(ends, &bare[bare.len() - size..]);
        }
    }
    if let Some(reading) = peeled {
        give(b"k=", clitics::code(reading.proclitic));
    }
    if word.mask & IDENTITY != 0 && word.mask & OF_NAMES == 0 {
        give(b"w=", stem);
    }
}

const NUMBERS: [&str; 14] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13"];

/// The phrases of two words or more that a word stands in, by label: 0 for none, else 1 + a number below 12.
pub type Tag = [u8; 3];

/// A tag a word for the gazetteer phrases that it stands in; longer matches win.
pub fn phrase_tags(matches: &[Match], size: usize) -> Vec<Tag> {
    let mut tags = vec![[0; 3]; size];
    let mut longer: Vec<&Match> = matches.iter().filter(|m| m.last - m.first > 1).collect();
    longer.sort_by_key(|m| (std::cmp::Reverse(m.last - m.first), m.first));
    for found in longer {
        let span = found.first..found.last;
        for (row, kind) in found.record.entries() {
            let Some(label) = label_of(row.label) else { continue };
            let label = label as usize;
            if tags[span.clone()].iter().any(|tag| tag[label] != 0) {
                continue;
            }
            let kept = 2 * (span.len().min(4) as u8 - 2) + u8::from(kind == SENSE_WEAK);
            for at in span.clone() {
                tags[at][label] = 1 + 2 * kept + u8::from(at > found.first);
            }
        }
    }
    tags
}

/// The parts of a tag, as weights know them: «B-PER~2», by the names of their labels.
pub fn tag_parts(tag: Tag) -> Vec<String> {
    let order = [crate::types::LOC, crate::types::ORG, crate::types::PER];
    let said = order.iter().filter(|label| tag[**label as usize] != 0);
    said.map(|label| {
        let number = tag[*label as usize] - 1;
        let (inside, kept) = (number % 2, number / 2);
        let name = crate::types::LABELS[*label as usize];
        format!("{}-{name}{}{}", ["B", "I"][inside as usize], ["", "~"][(kept % 2) as usize], kept / 2 + 2)
    })
    .collect()
}
