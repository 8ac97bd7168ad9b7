//! The coded text in, words with their readings out: `tokens.py`.

use std::sync::LazyLock;

use crate::bits::{bit, bits, WORD_CLASSES};
use crate::clitics::{self, Way, SIGNS};
use crate::compounds;
use crate::features::coarse;
use crate::hash::{Brief, Index, Map};
use crate::letters;
use crate::lexicon::Record;
use crate::rules::Places;
use crate::runs::Memory;
use crate::shared::Shared;
use crate::types::{Key, Proclitic, Reading, Tokens, Word, WordId};

const UNKNOWN: u64 = bit("unknown");
const STOP: u64 = bit("stop");
const FREQUENT: u64 = bit("frequent");
const DEFINITE: u64 = bit("definite");
const WORDS: u64 = (1 << WORD_CLASSES) - 1;
const PARTS: u64 = bits(&["given", "given-weak", "family", "family-weak"]);
const FAMILY: u64 = bits(&["family", "family-weak"]);
const SURNAMES: u64 = bits(&["family", "family-weak", "per-weak"]);
const VERBS: u64 = bits(&["say", "motion", "verb"]);
const SPOKEN: u64 = VERBS | STOP;
const ENTRIES: u64 = bits(&["per", "per-weak", "org", "org-weak", "loc", "loc-weak"]);
const LISTED: u64 = WORDS | PARTS | ENTRIES;
/// A word of every sentence is at least this frequent (zipf × 25).
const USUAL: i32 = 75;
/// Word types that are held; a text begun with as many in hand forgets them.
const LIMIT: usize = 80_000;

/// What a byte can be in a token, as flags.
struct Signs {
    of: [u8; 256],
    classes: Map<u8, u64>,
    alef_maksura: u8,
}

const SPACE: u8 = 1;
const INVISIBLE: u8 = 2;
const MARK: u8 = 4;
const JOINER: u8 = 8;
const ARABIC: u8 = 16;
const DIGIT: u8 = 32;
const LETTER: u8 = 64;
const LEAD: u8 = SPACE | INVISIBLE | MARK;
const BEHIND: u8 = MARK | JOINER;

static SIGN: LazyLock<Signs> = LazyLock::new(|| {
    let given = letters::get();
    let mut of = [0; 256];
    let mut flag = |bytes: &[u8], flag: u8| bytes.iter().for_each(|byte| of[*byte as usize] |= flag);
    let controls: Vec<u8> = (0..32).filter(|byte| ![b'\t', b'\n'].contains(byte)).collect();
    flag(b" \t\x7f", SPACE);
    flag(&controls, SPACE);
    flag(&given.no_break_space, SPACE);
    flag(&given.invisible, INVISIBLE);
    flag(&given.marks, MARK);
    flag(&letters::code("\u{200d}\u{200c}"), JOINER);
    flag(&given.letters, ARABIC | LETTER);
    flag(&given.marks, ARABIC);
    flag(&given.tatweel, ARABIC);
    let ligatures: Vec<u8> = given.ligatures.iter().map(|(ligature, _)| *ligature).collect();
    flag(&ligatures, ARABIC);
    flag(&given.digits, DIGIT);
    flag(b"0123456789", DIGIT);
    let mut classes = Map::default();
    let mut name = |signs: &[u8], class: &str| {
        for sign in signs {
            classes.insert(*sign, bit(class));
        }
    };
    name(&letters::code("،,"), "comma");
    name(&letters::code(".!؟?…؛;"), "stop-mark");
    name(b":", "colon");
    name(&given.quotes_open, "quote-open");
    name(&given.quotes_close, "quote-close");
    name(b"\"'", "quote-close");
    name(b"([{", "bracket-open");
    name(b")]}", "bracket-close");
    name(&letters::code("-–—"), "dash");
    name(b"\n", "newline");
    name(&given.line_separators, "newline");
    // A straight quote opens as often as it closes.
    for sign in b"\"'" {
        classes.entry(*sign).and_modify(|bits| *bits |= const { bit("quote-open") });
    }
    Signs { of, classes, alef_maksura: letters::code("ى")[0] }
});

fn while_(code: &[u8], mut at: usize, of: &[u8; 256], flags: u8) -> usize {
    while at < code.len() && of[code[at] as usize] & flags != 0 {
        at += 1;
    }
    at
}

/// Returns where the token that begins at `at` ends, white space before it included.
fn token_end(code: &[u8], at: usize, signs: &Signs) -> usize {
    let of = &signs.of;
    let at = while_(code, at, of, LEAD);
    let Some(first) = code.get(at) else { return at };
    let flags = of[*first as usize];
    if flags & ARABIC != 0 {
        let end = while_(code, at + 1, of, ARABIC | INVISIBLE);
        let digits = while_(code, end, of, DIGIT);
        return if digits > end { while_(code, digits, of, BEHIND) } else { end };
    }
    if first.is_ascii_alphanumeric() {
        if let Some(end) = page(code, at).or_else(|| mail(code, at)) {
            return end;
        }
    }
    if first.is_ascii_alphabetic() {
        let mut end = at + 1;
        while end < code.len()
            && (code[end].is_ascii_alphanumeric() || of[code[end] as usize] & (MARK | INVISIBLE) != 0)
        {
            end += 1;
        }
        return end;
    }
    if flags & DIGIT != 0 {
        let mut end = while_(code, at + 1, of, DIGIT);
        if code.get(end).is_some_and(u8::is_ascii_alphabetic) {
            while end < code.len() && code[end].is_ascii_alphanumeric() {
                end += 1;
            }
        }
        return while_(code, end, of, BEHIND);
    }
    if *first == b'\n' {
        return at + 1;
    }
    while_(code, at + 1, of, BEHIND)
}

/// Where the address of a page that begins at `at` ends.
fn page(code: &[u8], at: usize) -> Option<usize> {
    let rest = &code[at..];
    let prefix = [&b"https://"[..], b"http://", b"www."].into_iter().find(|p| rest.starts_with(p))?.len();
    let mut end = at + prefix;
    while end < code.len() && code[end].is_ascii_graphic() {
        end += 1;
    }
    while end > at + prefix && !(code[end - 1].is_ascii_alphanumeric() || code[end - 1] == b'/') {
        end -= 1;
    }
    (end > at + prefix).then_some(end)
}

/// Where the address of mail that begins at `at` ends.
fn mail(code: &[u8], at: usize) -> Option<usize> {
    let rest = &code[at..];
    let local = |byte: &u8| byte.is_ascii_alphanumeric() || b"._%+-".contains(byte);
    if !rest.first()?.is_ascii_alphanumeric() {
        return None;
    }
    let name = 1 + rest[1..].iter().take(64).take_while(|byte| local(byte)).count();
    if name > 64 || rest.get(name) != Some(&b'@') {
        return None;
    }
    let host = &rest[name + 1..];
    let far = host.iter().take(253).take_while(|b| b.is_ascii_alphanumeric() || b".-".contains(b)).count();
    let last = host[..far].iter().rposition(u8::is_ascii_alphanumeric)?;
    Some(at + name + 1 + last + 1)
}

fn is_address(body: &[u8]) -> bool {
    page(body, 0) == Some(body.len()) || mail(body, 0) == Some(body.len())
}

/// Stands in the index for types that fall into parts, so that the others need not be looked at.
const IN_PARTS: WordId = 1 << 31;

/// Word types by their code, worked out when first met.
#[derive(Default)]
pub struct Types {
    words: Vec<Word>,
    index: Index,
    /// The readings of the word that is being made.
    readings: Vec<Reading>,
}

/// What a word type is worked out with.
pub struct Maker<'m> {
    pub shared: &'static Shared,
    pub memory: &'m mut Memory,
    pub places: &'m mut Places,
}

impl Types {
    /// Cuts a coded text into words.
    pub fn tokens(&mut self, maker: &mut Maker, code: &[u8]) -> Tokens<'_> {
        if self.words.len() > LIMIT {
            *self = Types::default();
        }
        let signs = &*SIGN;
        let (mut ids, mut ends) = (Vec::with_capacity(code.len() / 5), Vec::with_capacity(code.len() / 5));
        let mut at = 0;
        loop {
            // Behind the last token stands an empty one.
            let end = token_end(code, at, signs);
            let id = self.of(maker, &code[at..end]);
            if id & IN_PARTS == 0 {
                ids.push(id);
                ends.push(end);
            } else {
                let mut reached = at;
                for part in &self.words[(id & !IN_PARTS) as usize].parts {
                    reached += self.words[*part as usize].raw.len();
                    ids.push(*part);
                    ends.push(reached);
                }
            }
            if at == code.len() {
                break;
            }
            at = end;
        }
        Tokens { types: &self.words, ids, ends }
    }

    /// The number of the type of a code, marked where it falls into parts.
    fn of(&mut self, maker: &mut Maker, raw: &[u8]) -> WordId {
        self.index.make_room();
        let key = Brief::of(raw);
        let words = &self.words;
        match self.index.get(key, |id| *words[(id & !IN_PARTS) as usize].raw == *raw) {
            Ok(id) => id,
            Err(slot) => {
                let id = self.read(maker, raw);
                let id = if self.words[id as usize].parts.is_empty() { id } else { id | IN_PARTS };
                self.index.put(slot, key, id);
                id
            }
        }
    }

    fn read(&mut self, maker: &mut Maker, raw: &[u8]) -> WordId {
        let word = self.made(maker, raw);
        let id = self.words.len() as WordId;
        self.words.push(word);
        id
    }

    fn made(&mut self, maker: &mut Maker, raw: &[u8]) -> Word {
        let signs = &*SIGN;
        let lead = while_(raw, 0, &signs.of, LEAD);
        let core = &raw[lead..];
        let body = without_trail(core, &signs.of);
        let key = letters::fold(body);
        let ways = clitics::peel(&key);
        let mut word = Word {
            raw: raw.into(),
            size: body.len() as u32,
            trail: (core.len() - body.len()) as u32,
            spaced: raw[..lead].iter().any(|byte| signs.of[*byte as usize] & SPACE != 0),
            acronym: body.len() > 1 && body.is_ascii() && is_upper(body),
            mask: const { bit("mark") },
            ..Word::default()
        };
        let named = key.first().is_some_and(|first| {
            let letter = signs.of[*first as usize] & LETTER != 0;
            first.is_ascii_alphanumeric() || letter
        });
        let sign = if key.len() == 1 { signs.classes.get(&key[0]) } else { None };
        if let Some(classes) = sign.filter(|_| !is_address(body)) {
            word.mask = *classes;
        } else if named && !is_address(body) {
            if key[0].is_ascii_digit() {
                word.mask = const { bit("digits") };
                let of = |record| Reading { proclitic: 0, stem: (*key).into(), offset: 0, record: Some(record) };
                word.readings = maker.shared.record(&key).map(of).into_iter().collect();
                word.open = !word.readings.is_empty();
            } else {
                self.classed(maker, &mut word, lead, body, &key, &ways);
            }
        }
        word.peeled = peeled(&key, body, &ways);
        word.key = (*key).into();
        word.class = coarse(word.mask);
        word.vectors = maker.shared.runs.vectors(maker.memory, &word);
        word.places = maker.places.of(&maker.shared.rules, &word);
        word
    }

    fn classed(&mut self, maker: &mut Maker, word: &mut Word, lead: usize, body: &[u8], key: &[u8], ways: &[Way]) {
        self.readings.clear();
        (word.mask, word.zipf) = read(maker.shared, key, body, ways, &mut self.readings);
        word.readings = self.readings.drain(..).collect();
        word.open = word.readings.iter().any(|r| r.record.is_some_and(|found| found.more || found.mask & ENTRIES != 0));
        if word.mask & STOP != 0 && body.last() == Some(&SIGN.alef_maksura) {
            // «على» and «إلى» fold to names (علي); spelled with ى they are particles.
            word.mask &= !(PARTS | ENTRIES);
            word.open = false;
        }
        if word.mask & LISTED == 0 {
            let raw = word.raw.clone();
            let cuts = cuts(maker.shared, body, key, word.zipf, word.open);
            word.parts = self.parts(maker, &raw, &cuts, lead).into();
        }
    }

    /// The words between cuts, or none where there is none or one of them falls into words itself.
    fn parts(&mut self, maker: &mut Maker, raw: &[u8], cuts: &[usize], lead: usize) -> Vec<WordId> {
        if cuts.is_empty() {
            return Vec::new();
        }
        let mut parts = Vec::new();
        let mut begin = 0;
        for end in cuts.iter().map(|cut| lead + cut).chain([raw.len()]) {
            parts.push(self.read(maker, &raw[begin..end]));
            begin = end;
        }
        if parts.iter().any(|part| !self.words[*part as usize].parts.is_empty()) {
            parts.clear();
        }
        parts
    }
}

fn is_upper(body: &[u8]) -> bool {
    body.iter().any(u8::is_ascii_uppercase) && !body.iter().any(u8::is_ascii_lowercase)
}

/// A word without the invisible characters behind it, but for the joiners that its last letter holds.
fn without_trail<'a>(core: &'a [u8], of: &[u8; 256]) -> &'a [u8] {
    let seen = core.iter().rposition(|byte| of[*byte as usize] & INVISIBLE == 0);
    let end = while_(core, seen.map_or(0, |last| last + 1), of, JOINER);
    &core[..end]
}

/// Every stem that a word can have behind proclitics, listed or not.
fn peeled(key: &[u8], body: &[u8], ways: &[Way]) -> Box<[(Key, Proclitic, u32)]> {
    if key.len() <= 3 {
        return Box::default();
    }
    let mut found: Vec<(Key, Proclitic, u32)> = Vec::with_capacity(ways.len());
    for way in ways {
        if way.stem.len() > 2 && *way.stem != *key && found.iter().all(|(known, _, _)| **known != *way.stem) {
            found.push((way.stem.as_ref().into(), way.proclitic, clitics::width(body, way.cut) as u32));
        }
    }
    found.into()
}

/// Whether a surname is, far more often, a proclitic and a word of every sentence: «وأكد», not «فيشر».
fn spoken(proclitic: Proclitic, classes: u64, record: Option<Record>, zipf: i32) -> bool {
    let wanted = if clitics::preposition(proclitic) == 0 { SPOKEN } else { SPOKEN & !VERBS };
    classes & wanted != 0 && record.is_some_and(|found| found.zipf >= zipf.max(USUAL))
}

/// Finds the readings of a word; returns its classes and its zipf × 25.
fn read(shared: &'static Shared, key: &[u8], body: &[u8], ways: &[Way], readings: &mut Vec<Reading>) -> (u64, i32) {
    let whole = shared.record(key);
    let zipf = whole.map_or(0, |found| found.zipf);
    let mut mask = classes(shared, key, whole);
    let alone = Reading { proclitic: 0, stem: key.into(), offset: 0, record: whole };
    if key.len() == 1 || SIGNS.detached.iter().any(|word| word == key) {
        let unknown = if mask & LISTED == 0 { UNKNOWN } else { 0 };
        readings.push(alone);
        return (mask | const { bit("letter") } | unknown, zipf);
    }
    if whole.is_some_and(|found| found.more || found.mask & LISTED != 0) {
        readings.push(alone);
    }
    let mut best = if mask & LISTED != 0 { mask } else { 0 };
    for way in ways {
        let record = shared.record(&way.stem);
        let said = classes(shared, &way.stem, record);
        let listed = said & LISTED != 0;
        if !listed && !record.is_some_and(|found| found.more) {
            continue;
        }
        let offset = clitics::width(body, way.cut) as u32;
        let reading = Reading { proclitic: way.proclitic, stem: way.stem.as_ref().into(), offset, record };
        let surname = || best & LISTED & !SURNAMES == 0 && spoken(way.proclitic, said, record, zipf);
        if listed && (best == 0 || surname()) {
            best = said | clitics::bits(way.proclitic);
            readings.insert(0, reading);
        } else {
            readings.push(reading);
        }
    }
    if best != 0 {
        return (best | (mask & FREQUENT), zipf);
    }
    if key[0].is_ascii() {
        let upper = is_upper(body) && body.len() > 1;
        mask |= const { bit("latin") } | if upper { const { bit("acronym") } } else { 0 };
    }
    (if mask & FREQUENT != 0 { mask } else { mask | UNKNOWN }, zipf)
}

/// The classes of a stem: its own, and those of the stem under its article.
fn classes(shared: &'static Shared, key: &[u8], record: Option<Record>) -> u64 {
    let mut mask = record.map_or(0, |found| found.mask);
    let al = &SIGNS.al;
    if key.starts_with(al) && key.len() > 3 {
        mask |= DEFINITE;
        if let Some(bare) = shared.record(&key[2..]) {
            // «الداخلة» is a city, or the inner one, but not «داخله» with an article.
            let taken = if mask & ENTRIES == 0 { WORDS | PARTS } else { (WORDS | PARTS) & !STOP };
            mask |= bare.mask & taken;
        }
    } else if mask & LISTED == 0 {
        if let Some(definite) = shared.record(&Key::joined(al, key)) {
            mask |= definite.mask & FAMILY;
        }
    }
    if mask & LISTED == 0 {
        if let Some(other) = letters::loosen(key).and_then(|loose| shared.record(&loose)) {
            mask |= other.mask & WORDS;
        }
    }
    mask
}

/// Where the words begin that stand unparted in one of which nothing is known; none where it is one word.
fn cuts(shared: &'static Shared, body: &[u8], key: &[u8], zipf: i32, opens: bool) -> Vec<usize> {
    let of = &SIGN.of;
    let end = body.iter().rposition(|byte| of[*byte as usize] & BEHIND == 0).map_or(0, |last| last + 1);
    let begin = body[..end].iter().rposition(|byte| of[*byte as usize] & DIGIT == 0).map_or(0, |last| last + 1);
    if begin < end {
        return if opens || key[0].is_ascii() { Vec::new() } else { vec![begin] };
    }
    let usual = (compounds::SHORTEST..=compounds::LONGEST).contains(&key.len());
    if !usual || zipf > compounds::RAREST || key[0].is_ascii() {
        return Vec::new();
    }
    let known = |key: &[u8]| {
        let record = shared.record(key);
        let classes = classes(shared, key, record);
        (classes & LISTED != 0, classes, record.map_or(0, |found| found.zipf))
    };
    let found = compounds::cuts(key, &known, compounds::MOST_WORDS);
    found.iter().map(|cut| clitics::width(body, *cut)).collect()
}
