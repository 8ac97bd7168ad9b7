//! Weighed and chosen candidates in, entities, relations and evidence as JSON out. Twin of `Tagger._result` and
//! `canonical` of `tagger.py`, and of what `export/jsonl.py` writes of entities and relations.

use std::cmp::Reverse;
use std::fmt::Write;
use std::sync::LazyLock;

use crate::chains;
use crate::clitics;
use crate::hash::Set;
use crate::json;
use crate::letters;
use crate::nearby::{nested, Nearby};
use crate::relations::{self, Placed, Relation};
use crate::shared::Shared;
use crate::types::{Candidate, Evidence, Tokens, LABELS};
use crate::weigh::probability;

/// The kind of a span that no list gives one.
const KIND: [&str; 3] = ["person", "organisation", "place"];
/// Why a name that several entities have is that of one, as a piece of evidence.
const AT_HOME: &str = r#"["discourse","home","of those called so, that of the country named most"]"#;
const LAM: char = 'ل';
const ALEF: char = 'ا';

/// The characters that a name does without: marks, tatweel and what is invisible.
static DROPPED: LazyLock<Set<char>> = LazyLock::new(|| {
    let letters = letters::get();
    let codes = [&letters.marks, &letters.tatweel, &letters.invisible].into_iter().flatten();
    codes.map(|code| letters.table[*code as usize]).collect()
});

/// What a character of a span asks for, for those of two bytes of UTF-8 or less (others are looked at one by one): 0
/// none is written otherwise, `SPACE` it parts words, `SPECIAL` it may be left out of a name or escaped.
static ASKS: LazyLock<[u8; 0x800]> = LazyLock::new(|| {
    std::array::from_fn(|point| {
        let letter = char::from_u32(point as u32).unwrap_or('\0');
        let escaped = letter < ' ' || matches!(letter, '"' | '\\' | '\u{85}');
        match letter {
            ' ' => SPACE,
            _ if escaped || is_space(letter) || DROPPED.contains(&letter) => SPECIAL,
            _ => 0,
        }
    })
});
const SPACE: u8 = 1;
const SPECIAL: u8 = 2;

/// What to report: the labels, and the least score.
pub struct Wanted {
    pub types: [bool; 3],
    pub min_score: f64,
}

/// What was found in a text: JSON arrays, and the number of entities of each label.
#[derive(Debug, Default)]
pub struct Found {
    pub entities: String,
    pub relations: String,
    /// For each entity its evidence: recognizer, source, note.
    pub evidence: String,
    pub counts: [usize; 3],
}

/// A chosen candidate and what its chain says of it, as `Entity` in `document.py`.
struct Entity<'a> {
    id: usize,
    candidate: &'a Candidate,
    /// The mention that tells who the chain is.
    known: Option<&'a Candidate>,
    /// The longest mention of the chain, which names it where nothing is known.
    longest: &'a Candidate,
    chain: usize,
    at_home: bool,
    /// In thousandths.
    score: u16,
    kept: bool,
}

impl Entity<'_> {
    /// What is known of the entity, by its chain or by itself.
    fn own(&self) -> Option<&Candidate> {
        self.known.or_else(|| self.candidate.strong().then_some(self.candidate))
    }

    fn kind(&self) -> &'static str {
        let kinds = [self.own().map_or("", |own| own.kind), self.candidate.kind];
        kinds.into_iter().find(|kind| !kind.is_empty()).unwrap_or(KIND[self.candidate.label as usize])
    }
}

/// Links the chosen candidates, finds their relations, and writes what is wanted of them.
///
/// `source` holds the code points of the text; `weighed` are all candidates, `chosen` those that stand, in order.
pub fn write(
    shared: &'static Shared,
    tokens: &Tokens,
    source: &[u32],
    weighed: &[Candidate],
    chosen: &[&Candidate],
    wanted: &Wanted,
) -> Found {
    let chains = chains::link(tokens, chosen);
    let mut whole = Vec::with_capacity(chosen.len());
    for (number, chain) in (1..).zip(&chains) {
        let members = chain.members.iter().map(|member| chosen[*member]);
        // The first of those that are longest.
        let Some(longest) = members.min_by_key(|c| (Reverse(c.size()), c.first)) else { continue };
        for member in &chain.members {
            let candidate = chosen[*member];
            let score = thousandths(probability(candidate.points));
            let kept = wanted.types[candidate.label as usize] && f64::from(score) / 1000.0 >= wanted.min_score;
            let (known, at_home) = (chain.known.as_deref(), chain.at_home);
            whole.push(Entity { id: member + 1, candidate, known, longest, chain: number, at_home, score, kept });
        }
    }
    whole.sort_unstable_by_key(|entity| entity.id);
    let around = Nearby::new(weighed);
    let mut found = Found {
        entities: String::with_capacity(2 + 400 * whole.len()),
        relations: String::from("["),
        evidence: String::with_capacity(2 + 100 * whole.len()),
        counts: [0; 3],
    };
    found.entities.push('[');
    found.evidence.push('[');
    for entity in whole.iter().filter(|entity| entity.kept) {
        found.counts[entity.candidate.label as usize] += 1;
        write_entity(&mut found.entities, entity, source, &around);
        write_evidence(&mut found.evidence, entity, shared);
    }
    for relation in relations::find(shared, tokens, &placed(&whole)) {
        let kept = |id: usize| whole.binary_search_by_key(&id, |entity| entity.id).is_ok_and(|at| whole[at].kept);
        if kept(relation.person) {
            let org = relation.org.filter(|id| kept(*id));
            write_relation(&mut found.relations, &Relation { org, ..relation }, source);
        }
    }
    found.entities.push(']');
    found.relations.push(']');
    found.evidence.push(']');
    found
}

fn placed(whole: &[Entity]) -> Vec<Placed> {
    let placed = whole.iter().map(|entity| Placed {
        first: entity.candidate.first,
        last: entity.candidate.last,
        label: entity.candidate.label,
        id: entity.id,
        country: entity.own().and_then(|own| own.country),
        reference: entity.known.and_then(|known| known.reference()),
    });
    placed.collect()
}

fn write_entity(out: &mut String, entity: &Entity, source: &[u32], around: &Nearby) {
    let Entity { candidate, known, .. } = entity;
    comma(out);
    out.push_str("{\"id\":\"e");
    write_number(out, entity.id);
    out.push_str("\",");
    write_labelled(out, candidate, entity.kind(), source);
    out.push_str(",\"name\":");
    write_name(out, entity, source);
    out.push_str(",\"ref\":");
    quote_or_null(out, known.and_then(|k| k.reference()));
    out.push_str(",\"en\":");
    quote_or_null(out, known.and_then(|k| k.en()));
    out.push_str(",\"score\":");
    write_score(out, entity.score);
    out.push_str(",\"chain\":\"c");
    write_number(out, entity.chain);
    out.push_str("\",\"proclitic\":\"");
    out.push_str(clitics::text(candidate.proclitic));
    out.push_str("\",\"nested\":[");
    for mention in nested(candidate, around) {
        write_mention(out, mention, source);
    }
    out.push(']');
    let own = entity.own();
    if let Some(country) = own.and_then(|own| own.country) {
        out.push_str(",\"country\":");
        quote(out, country);
    }
    if let Some((lat, lon)) = own.and_then(|own| own.place()) {
        out.push_str(",\"lat\":");
        write_degrees(out, lat);
        out.push_str(",\"lon\":");
        write_degrees(out, lon);
    }
    out.push('}');
}

fn write_name(out: &mut String, entity: &Entity, source: &[u32]) {
    if let Some(known) = entity.known.filter(|known| !known.name().is_empty()) {
        return quote(out, known.name());
    }
    if entity.known.is_some() || canonical(entity.longest, source).next().is_none() {
        write_canonical(out, entity.candidate, source);
    } else {
        write_canonical(out, entity.longest, source);
    }
}

/// Writes `canonical`, which most names are as they stand.
fn write_canonical(out: &mut String, candidate: &Candidate, source: &[u32]) {
    const BLANK: u32 = ' ' as u32;
    let points = points(source, candidate.start, candidate.end);
    let parted = || {
        let single = !points.windows(2).any(|pair| pair == [BLANK, BLANK]);
        single && points.first() != Some(&BLANK) && points.last() != Some(&BLANK)
    };
    let asked = asked(points);
    if asked == 0 || (asked == SPACE && parted()) {
        out.push('"');
        if points.first() == Some(&(LAM as u32)) && is_elided(candidate, source) {
            out.push(ALEF);
        }
        push_points(out, points);
        out.push('"');
    } else {
        json::write_text(out, canonical(candidate, source));
    }
}

/// Whether a name whose first letter is ل stands behind a ل that took its alef: «للمغرب».
fn is_elided(candidate: &Candidate, source: &[u32]) -> bool {
    let before = candidate.start.checked_sub(1).and_then(|at| source.get(at));
    clitics::preposition(candidate.proclitic) == clitics::L && before == Some(&(LAM as u32))
}

/// Writes what entities and inner mentions have: where they stand, their text, label and kind.
fn write_labelled(out: &mut String, candidate: &Candidate, kind: &str, source: &[u32]) {
    let (start, end) = (candidate.start, candidate.end);
    out.push_str("\"start\":");
    write_number(out, start);
    out.push_str(",\"end\":");
    write_number(out, end);
    out.push_str(",\"text\":");
    write_span(out, source, start, end);
    out.push_str(",\"label\":\"");
    out.push_str(LABELS[candidate.label as usize]);
    out.push_str("\",\"kind\":");
    quote(out, kind);
}

fn write_mention(out: &mut String, mention: &Candidate, source: &[u32]) {
    comma(out);
    out.push('{');
    let kind = if mention.kind.is_empty() { KIND[mention.label as usize] } else { mention.kind };
    write_labelled(out, mention, kind, source);
    out.push_str(",\"ref\":");
    quote_or_null(out, mention.reference());
    out.push('}');
}

fn write_relation(out: &mut String, relation: &Relation, source: &[u32]) {
    let (start, end) = (relation.start, relation.end);
    comma(out);
    out.push_str("{\"type\":\"role\",\"person\":\"e");
    write_number(out, relation.person);
    out.push_str("\",\"role\":");
    write_span(out, source, start, end);
    out.push_str(",\"role_start\":");
    write_number(out, start);
    out.push_str(",\"role_end\":");
    write_number(out, end);
    out.push_str(",\"org\":");
    match relation.org {
        Some(org) => {
            out.push_str("\"e");
            write_number(out, org);
            out.push('"');
        }
        None => out.push_str("null"),
    }
    out.push_str(",\"org_ref\":");
    quote_or_null(out, relation.org_ref);
    out.push('}');
}

fn write_evidence(out: &mut String, entity: &Entity, shared: &'static Shared) {
    comma(out);
    out.push('[');
    for evidence in entity.candidate.evidence.iter() {
        comma(out);
        out.push_str("[\"");
        out.push_str(evidence.recognizer());
        out.push_str("\",");
        match *evidence {
            Evidence::Listed { row, note } => {
                quote(out, &shared.place_of(row));
                out.push_str(",\"");
                note.write(out);
                out.push('"');
            }
            Evidence::Closing { country } => write_reason(out, "closing nationality", country),
            Evidence::Rule(rule) => write_reason(out, shared.rules.name(rule), shared.rules.why(rule)),
            Evidence::Chain => write_reason(out, "best chain", ""),
            Evidence::Taught { how, near, listed } => {
                out.push_str(if near { "\"near " } else { "\"" });
                out.push_str(how.text());
                out.push_str(if listed { "\",\"listed\"" } else { "\",\"\"" });
            }
        }
        out.push(']');
    }
    if entity.at_home {
        comma(out);
        out.push_str(AT_HOME);
    }
    out.push(']');
}

fn write_reason(out: &mut String, source: &str, note: &str) {
    quote(out, source);
    out.push(',');
    quote(out, note);
}

/// Parts a value from the one before it in its array.
fn comma(out: &mut String) {
    if !out.ends_with('[') {
        out.push(',');
    }
}

fn quote(out: &mut String, text: &str) {
    // Few texts of lists and rules have a byte that is escaped, or that opens a character that is. All are looked at,
    // since what never stops early takes many bytes at once.
    let special = |byte: u8| (byte < b' ') | (byte == b'"') | (byte == b'\\') | (byte == 0xc2) | (byte == 0xe2);
    if !text.bytes().fold(false, |found, byte| found | special(byte)) {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        json::write_text(out, text.chars());
    }
}

fn quote_or_null(out: &mut String, text: Option<&str>) {
    match text {
        Some(text) => quote(out, text),
        None => out.push_str("null"),
    }
}

/// Writes degrees as Python writes the float that they are.
fn write_degrees(out: &mut String, degrees: &str) {
    let value: f64 = degrees.parse().unwrap_or(0.0);
    if value != 0.0 && value.abs() < 1e-4 {
        let text = format!("{value:e}");
        let (digits, exponent) = text.split_once("e-").unwrap_or((&text, "0"));
        let _ = write!(out, "{digits}e-{exponent:0>2}");
    } else {
        let _ = write!(out, "{value:?}");
    }
}

/// Python's `round(value, 3)` of a value from 0 to 1, as thousandths.
fn thousandths(value: f64) -> u16 {
    let times = value * 1000.0;
    // The product is off by far less than this; only what is so near to a half may be rounded the other way.
    if (times.fract() - 0.5).abs() > 1e-6 {
        return times.round() as u16;
    }
    let exact: f64 = format!("{value:.3}").parse().unwrap_or(value);
    (exact * 1000.0).round() as u16
}

/// Writes thousandths, up to 1000 of them, as Python does a float.
fn write_score(out: &mut String, thousandths: u16) {
    write_number(out, usize::from(thousandths / 1000));
    out.push('.');
    let mut rest = thousandths % 1000;
    let mut unit = 100;
    loop {
        out.push(char::from(b'0' + (rest / unit) as u8));
        rest %= unit;
        if rest == 0 {
            return;
        }
        unit /= 10;
    }
}

fn write_number(out: &mut String, mut number: usize) {
    let mut digits = [0; 20];
    let mut begin = digits.len();
    loop {
        begin -= 1;
        digits[begin] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 || begin == 0 {
            break;
        }
    }
    out.push_str(std::str::from_utf8(&digits[begin..]).unwrap_or(""));
}

/// What the characters of a stretch ask for together; `SPECIAL` where one has more than two bytes of UTF-8.
fn asked(points: &[u32]) -> u8 {
    let asks = &*ASKS;
    points.iter().fold(0, |asked, point| asked | asks.get(*point as usize).copied().unwrap_or(SPECIAL))
}

fn write_span(out: &mut String, source: &[u32], start: usize, end: usize) {
    let points = points(source, start, end);
    if asked(points) & SPECIAL == 0 {
        out.push('"');
        push_points(out, points);
        out.push('"');
    } else {
        json::write_text(out, span(source, start, end));
    }
}

/// Appends characters of which none is escaped.
fn push_points(out: &mut String, points: &[u32]) {
    out.reserve(2 * points.len());
    for point in points {
        out.push(char::from_u32(*point).unwrap_or('\u{fffd}'));
    }
}

fn points(source: &[u32], start: usize, end: usize) -> &[u32] {
    source.get(start..end.min(source.len())).unwrap_or(&[])
}

/// The characters of a stretch of the text.
fn span(source: &[u32], start: usize, end: usize) -> impl Iterator<Item = char> + '_ {
    points(source, start, end).iter().map(|point| char::from_u32(*point).unwrap_or('\u{fffd}'))
}

/// The name of a span that no list knows: its letters without marks, on one line, the elided alef put back.
///
/// «لمغرب» of «للمغرب» → «المغرب».
fn canonical<'a>(candidate: &Candidate, source: &'a [u32]) -> impl Iterator<Item = char> + 'a {
    let letters = span(source, candidate.start, candidate.end).filter(|c| !DROPPED.contains(c));
    let mut rest = letters.skip_while(|c| is_space(*c)).peekable();
    let elided = rest.peek() == Some(&LAM) && is_elided(candidate, source);
    let name = std::iter::from_fn(move || {
        let letter = rest.next()?;
        if !is_space(letter) {
            return Some(letter);
        }
        while rest.next_if(|c| is_space(*c)).is_some() {}
        rest.peek().map(|_| ' ')
    });
    elided.then_some(ALEF).into_iter().chain(name)
}

/// Whether Python's `str.split` parts words here.
fn is_space(letter: char) -> bool {
    letter.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&letter)
}
