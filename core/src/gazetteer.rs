//! Words in, candidates out for every gazetteer entry that stands in the text: `recognizers/gazetteer.py`.

use std::sync::LazyLock;

use crate::bits::{bit, bits};
use crate::clitics;
use crate::few::Few;
use crate::letters;
use crate::lexicon::{label_of, Known, Record, SENSE_ALIAS, SENSE_CLASS, SENSE_WEAK};
use crate::shared::Shared;
use crate::types::{Candidate, Evidence, Label, ListNote, Reading, Tokens, Word, LABELS, LOC, ORG, PER};

const CLASSIFIER: u64 = bit("org-classifier");
const PROCLITIC: u64 = bits(&["conjunction", "preposition"]);
const NATIONALITY: u64 = bit("nationality");
const DEFINITE: u64 = bit("definite");
const LONGEST: usize = 14;
/// «تنظيم القاعدة في بلاد المغرب الإسلامي», «بعثة الأمم المتحدة في ليبيا» and «مملكة بروسيا» are names whole.
const WHOLE: [&str; 3] = ["armed-group", "international", "country"];
const WIDE: [&str; 2] = ["continent", "world-region"];

struct Signs {
    and: u8,
    joiners: Vec<u8>,
    /// However it is spaced, a dash joins the cities that name a region: «الرباط- سلا - القنيطرة».
    dashes: Vec<u8>,
    r#in: Vec<u8>,
    /// What stands outside a name that is known without it, by label: «جريدة هسبريس», «مدينة وجدة».
    outside: [Vec<Vec<u8>>; 3],
    quarters: Vec<Vec<u8>>,
    region: Vec<u8>,
}

static SIGNS: LazyLock<Signs> = LazyLock::new(|| {
    let keys = |text: &str| text.split(' ').map(letters::key).collect();
    Signs {
        and: letters::code("و")[0],
        joiners: letters::code("-–.'’"),
        dashes: letters::code("-–"),
        r#in: letters::code("في"),
        outside: [
            Vec::new(),
            keys("جريدة صحيفة مجلة يومية أسبوعية موقع منصة قناة إذاعة شركة"),
            keys("دولة مدينة منطقة إقليم جهة ولاية محافظة عمالة قضاء ناحية معتمدية مقاطعة بلدة قرية حي دوار"),
        ],
        quarters: keys("حي دوار"),
        region: letters::key("جهة"),
    }
});

/// An entry found: tokens first to last (exclusive), the reading of its first word, the record, typos borne.
#[derive(Clone, Copy)]
pub struct Match<'t> {
    pub first: usize,
    pub last: usize,
    pub reading: &'t Reading,
    pub record: Record,
    pub repairs: u32,
}

/// Every key of the lexicon that stands in the text, shorter and longer ones alike.
pub fn matches<'t>(shared: &'static Shared, tokens: &Tokens<'t>) -> Vec<Match<'t>> {
    let (mut found, mut key) = (Vec::new(), Vec::new());
    for first in 0..tokens.len() {
        let word = tokens.word(first);
        if word.open {
            for reading in &word.readings {
                if let Some(record) = reading.record {
                    from(shared, tokens, first, reading, record, &mut key, &mut found);
                }
            }
        }
    }
    found
}

fn is_one_of(word: &Word, signs: &[u8]) -> bool {
    word.key.len() == 1 && signs.contains(&word.key[0])
}

fn from<'t>(
    shared: &'static Shared,
    tokens: &Tokens<'t>,
    first: usize,
    reading: &'t Reading,
    mut record: Record,
    key: &mut Vec<u8>,
    found: &mut Vec<Match<'t>>,
) {
    if record.has_senses() {
        found.push(Match { first, last: first + 1, reading, record, repairs: 0 });
    }
    let signs = &*SIGNS;
    let size = tokens.len();
    key.clear();
    key.extend_from_slice(&reading.stem);
    let (mut at, mut repairs, mut count) = (first + 1, 0, 1);
    while record.more && at < size && count < LONGEST {
        let mut word = tokens.word(at);
        if is_one_of(word, &signs.joiners) && at + 1 < size && (is_one_of(word, &signs.dashes) || !spaced(tokens, at)) {
            at += 1;
            word = tokens.word(at);
        }
        let whole = (&[][..], &word.key[..], at + 1, 0);
        let tries = if *word.key == [signs.and] && at + 1 < size {
            [Some((&word.key[..], &tokens.word(at + 1).key[..], at + 2, 0)), Some(whole)]
        } else if count > 2 && word.key.first() == Some(&signs.and) {
            // «مراقبة التراب والوطني»: a stray و inside a long name.
            [Some(whole), Some((&[][..], &word.key[1..], at + 1, 1))]
        } else {
            [Some(whole), None]
        };
        let before = key.len();
        let hit = tries.into_iter().flatten().find_map(|(and, tail, after, repair)| {
            key.truncate(before);
            key.push(b' ');
            key.extend_from_slice(and);
            key.extend_from_slice(tail);
            let found = shared.record(key).or_else(|| {
                let loose = letters::loosen(key)?;
                let found = shared.record(&loose)?;
                *key = loose;
                Some(found)
            });
            found.map(|found| (found, after, repair))
        });
        let Some((next, after, repair)) = hit else { return };
        (record, at, repairs) = (next, after, repairs + repair);
        count += 1;
        if record.has_senses() {
            found.push(Match { first, last: at, reading, record, repairs });
        }
    }
}

/// Whether a space stands before or behind a sign.
fn spaced(tokens: &Tokens, at: usize) -> bool {
    tokens.word(at).spaced || tokens.word(at + 1).spaced
}

/// Whether a dash parts what it stands in: with a space beside it all but places, with two also two cities.
fn parted(tokens: &Tokens, found: &Match, row: &Known) -> bool {
    let signs = &*SIGNS;
    let inner = found.first + 1..found.last - 1;
    let mut dashes = inner.filter(|at| is_one_of(tokens.word(*at), &signs.dashes) && spaced(tokens, *at));
    let Some(dash) = dashes.next() else { return false };
    if row.label != LABELS[LOC as usize] {
        return true;
    }
    let wide = tokens.word(dash).spaced && tokens.word(dash + 1).spaced;
    let region = found.first > 0 && tokens.word(found.first - 1).stems().any(|s| *s.stem == signs.region[..]);
    wide && dashes.next().is_none() && row.kind == "region" && !region
}

/// A row and the kind of its sense.
type Row = (&'static Known, u8);

/// Proposes a candidate for every label of every entry found.
pub fn propose(shared: &'static Shared, tokens: &Tokens, found: &[Match]) -> Vec<Candidate> {
    let mut proposed = Vec::with_capacity(found.len());
    let hidden = in_time_phrases(found);
    for entry in found {
        let several = entry.last - entry.first > 1;
        if !several && hidden.contains(&entry.first) {
            continue;
        }
        let mut by_label: Vec<(Label, Vec<Row>)> = Vec::new();
        for row in entry.record.entries() {
            let label = label_of(row.0.label).unwrap_or(PER);
            match by_label.iter_mut().find(|(known, _)| *known == label) {
                Some((_, rows)) => rows.push(row),
                None => by_label.push((label, vec![row])),
            }
        }
        for (label, rows) in &by_label {
            let label = *label;
            if several && parted(tokens, entry, rows[0].0) {
                continue;
            }
            let mut candidate = named_by(tokens, entry, label, rows, by_label.len());
            if label == ORG && !several {
                candidate = of_country(candidate, nationality(shared, tokens, entry));
            }
            let mut whole = true;
            if several && label != PER {
                (candidate, whole) = bare(shared, tokens, entry, candidate, rows);
            }
            proposed.push(candidate);
            if label == ORG && several && whole {
                if let Some(closing) = nationality(shared, tokens, entry) {
                    proposed.push(closed(tokens, entry, rows, closing));
                }
            }
        }
    }
    proposed
}

/// The words of phrases that say when: «صلاة المغرب», «عيد الاستقلال»; there the word alone names nothing.
fn in_time_phrases(found: &[Match]) -> crate::hash::Set<usize> {
    let phrases = found.iter().filter(|m| m.last - m.first > 1 && m.record.is_time());
    phrases.flat_map(|m| m.first..m.last).collect()
}

/// A candidate without the place behind its name or the word before it that says what it is; whether it is as it was.
fn bare(
    shared: &'static Shared,
    tokens: &Tokens,
    entry: &Match,
    mut candidate: Candidate,
    rows: &[Row],
) -> (Candidate, bool) {
    let seat = if WHOLE.contains(&candidate.kind) { None } else { seat(shared, tokens, entry) };
    if let Some(seat) = seat {
        candidate.last = seat;
        candidate.end = tokens.end(seat - 1);
        return (candidate, false);
    }
    if classified(shared, tokens, entry, candidate.label, rows) {
        candidate.first = entry.first + 1;
        candidate.start = tokens.start(entry.first + 1);
        candidate.proclitic = 0;
        return (candidate, false);
    }
    (candidate, true)
}

/// Where the place or parent begins that a name ends with behind ب or في: unit and place are two mentions.
fn seat(shared: &'static Shared, tokens: &Tokens, entry: &Match) -> Option<usize> {
    for at in entry.first + 1..entry.last {
        let word = tokens.word(at);
        let (proclitic, _, head) = word.head();
        let (parent, key) = if proclitic == clitics::proclitic(0, clitics::B) {
            // «فريق … بمجلس النواب»
            let mut key = head.to_vec();
            for inner in at + 1..entry.last {
                key.push(b' ');
                key.extend_from_slice(&tokens.word(inner).key);
            }
            (true, key)
        } else if *word.key == SIGNS.r#in[..] && at + 1 < entry.last {
            (false, tokens.joined(at + 1, entry.last))
        } else {
            continue;
        };
        let Some(record) = shared.record(&key) else { continue };
        let of = |row: &Known| row.label == LABELS[LOC as usize] || (parent && row.label == LABELS[ORG as usize]);
        let mut places = record.entries().filter(|(row, _)| of(row)).peekable();
        if places.peek().is_some() && places.all(|(place, _)| !WIDE.contains(&place.kind)) {
            return Some(at);
        }
    }
    None
}

/// Whether a name is what it is, and a name that is known without that: «جريدة هسبريس».
fn classified(shared: &'static Shared, tokens: &Tokens, entry: &Match, label: Label, rows: &[Row]) -> bool {
    let stem = &entry.reading.stem;
    let is_in = |words: &[Vec<u8>]| words.iter().any(|word| word[..] == **stem);
    if !is_in(&SIGNS.outside[label as usize]) {
        return false;
    }
    if is_in(&SIGNS.quarters) {
        return true;
    }
    let Some(rest) = shared.record(&tokens.joined(entry.first + 1, entry.last)) else { return false };
    rows.iter().any(|(row, _)| rest.entries().any(|(known, _)| known.reference == row.reference))
}

/// The country of the nationality adjective behind a name («… الفيدرالي الأمريكي»), if there is one.
fn nationality(shared: &'static Shared, tokens: &Tokens, entry: &Match) -> Option<&'static str> {
    if entry.last >= tokens.len() || (entry.first > 0 && tokens.word(entry.first - 1).mask & CLASSIFIER != 0) {
        return None;
    }
    let word = tokens.word(entry.last);
    if word.mask & NATIONALITY == 0 || word.mask & DEFINITE == 0 || word.mask & PROCLITIC != 0 {
        return None;
    }
    country_of(shared, word)
}

/// The country that a nationality adjective belongs to, or none.
pub fn country_of(shared: &'static Shared, word: &Word) -> Option<&'static str> {
    for reading in &word.readings {
        for stem in [&reading.stem[..], reading.stem.get(2..).unwrap_or(&[])] {
            let Some(record) = shared.record(stem) else { continue };
            let found = record.senses().find(|(kind, row)| *kind == SENSE_CLASS && row.label == "nationalities");
            if let Some((_, row)) = found {
                return Some(row.country);
            }
        }
    }
    None
}

fn closed(tokens: &Tokens, entry: &Match, rows: &[Row], country: &'static str) -> Candidate {
    let longer = Match { last: entry.last + 1, ..*entry };
    let same: Vec<Row> = rows.iter().filter(|(row, _)| row.country == country).copied().collect();
    let mut closed = named_by(tokens, &longer, ORG, if same.is_empty() { rows } else { &same }, 1);
    if same.is_empty() {
        closed = unknown(closed, country);
    }
    closed.evidence.push(Evidence::Closing { country });
    closed
}

/// A candidate without its entity where a nationality behind it says another country: «DST الفرنسية».
fn of_country(candidate: Candidate, country: Option<&'static str>) -> Candidate {
    match (country, candidate.country) {
        (Some(said), Some(own)) if said != own => unknown(candidate, said),
        _ => candidate,
    }
}

/// A candidate as a mention of an entity of a country that no list knows.
fn unknown(candidate: Candidate, country: &'static str) -> Candidate {
    Candidate { row: None, country: Some(country), options: Vec::new(), ..candidate }
}

fn distinct<'a>(mut values: impl Iterator<Item = &'a str>) -> bool {
    let first = values.next();
    values.any(|value| Some(value) != first)
}

fn named_by(tokens: &Tokens, entry: &Match, label: Label, rows: &[Row], labels: usize) -> Candidate {
    let mut found = rows.to_vec();
    found.sort_by_key(|(row, kind)| (*kind, row.reference));
    let (mut row, mut kind) = found[0];
    let best: Vec<&'static Known> = found.iter().filter(|f| f.1 == kind).map(|f| f.0).collect();
    let mut single = !distinct(best.iter().map(|r| r.reference));
    if !single && label == LOC {
        // Of weak names the one that a place is called by goes before the short form of another.
        let mut key = entry.reading.stem.to_vec();
        for at in entry.first + 1..entry.last {
            key.push(b' ');
            key.extend_from_slice(&tokens.word(at).key);
        }
        let mut called = best.iter().filter(|r| letters::key_of_name(r.name) == key);
        if let (Some(only), None) = (called.next(), called.next()) {
            (row, single) = (only, true);
        }
    }
    let size = entry.last - entry.first;
    if kind == SENSE_WEAK && size == 1 && tokens.word(entry.first).acronym {
        kind = SENSE_ALIAS; // weak beside other names; in Arabic text «DGST» is no word
    }
    let note = ListNote { sense: kind, words: size.min(5) as u8, ambiguous: labels > 1, repaired: entry.repairs > 0 };
    let start = tokens.start(entry.first) + entry.reading.offset as usize;
    let evidence = Few::one(Evidence::Listed { row: row.id, note });
    let mut candidate = Candidate::plain(entry.first, entry.last, start, tokens.end(entry.last - 1), label, evidence);
    candidate.kind = row.kind;
    candidate.proclitic = entry.reading.proclitic;
    candidate.options = options(label, best, &found);
    if single {
        candidate.named(row)
    } else {
        candidate
    }
}

/// The rows of a name among which the document chooses: those of equal rank, for places all.
fn options(label: Label, best: Vec<&'static Known>, found: &[Row]) -> Vec<&'static Known> {
    if label == LOC && distinct(found.iter().map(|(row, _)| row.country)) {
        return found.iter().map(|(row, _)| *row).collect();
    }
    if label == ORG && distinct(best.iter().map(|row| row.reference)) {
        return best;
    }
    Vec::new()
}
