//! Entities and the words around them in, relations out: which person holds which role in which organisation. Twin of
//! `relations.py`, which says what is taken for a role.

use std::borrow::Cow;

use crate::bits::{bit, bits};
use crate::clitics::SIGNS;
use crate::gazetteer::country_of;
use crate::hash::Map;
use crate::json::Value;
use crate::letters;
use crate::lexicon::{Known, Record, SENSE_WEAK};
use crate::shared::Shared;
use crate::types::{Label, Tokens, ORG, PER};

const HEADS: u64 = bits(&["role", "rank", "occupation"]);
const ROLE: u64 = bit("role");
const COMPLEMENT: u64 = bits(&[
    "org-field",
    "org-topic",
    "org-adjective",
    "org-head",
    "nationality",
    "regional",
    "adjective",
    "noun",
    "role",
    "occupation",
    "honorific",
    "loc",
    "country",
    "ordinal",
    "place-outside",
    "frequent",
    "definite",
    "preposition",
]);
const MOTION: u64 = bit("motion");
const VERBS: u64 = bits(&["say", "motion", "verb"]);
const STOP: u64 = VERBS | bits(&["stop", "stop-mark", "newline", "quote-open", "quote-close", "colon"]);
const JOINED: u64 = bits(&["conjunction", "preposition"]);
const PAUSE: u64 = bits(&["comma", "dash"]);
const BEHIND_ROLE: u64 = PAUSE | bit("stop");
const BRACKET_OPEN: u64 = bit("bracket-open");
const BRACKET_CLOSE: u64 = bit("bracket-close");
const DEFINITE: u64 = bit("definite");
const NATIONALITY: u64 = bit("nationality");
const FARTHEST: usize = 14;

/// The office that a title is the head of, by folded words («مدير عام» → «مديريه عامه»).
pub struct Offices {
    /// The names of the office by the title, with the article first.
    pairs: Map<Vec<u8>, [Vec<u8>; 2]>,
}

impl Offices {
    pub fn new(pairs: &Value) -> Offices {
        let folded = pairs.fields().iter().map(|(title, office)| {
            let office = letters::key_of_name(office.text());
            let definite = office.split(|b| *b == b' ').map(|word| [&SIGNS.al, word].concat());
            (letters::key_of_name(title), [definite.collect::<Vec<_>>().join(&b' '), office])
        });
        Offices { pairs: folded.collect() }
    }

    /// The names of the office that a title is the head of.
    fn of(&self, title: &[&[u8]]) -> Option<&[Vec<u8>; 2]> {
        let mut bare = Vec::with_capacity(32);
        for (at, word) in title.iter().enumerate() {
            if at > 0 {
                bare.push(b' ');
            }
            bare.extend_from_slice(if word.len() > 4 {
                word.strip_prefix(&SIGNS.al[..]).unwrap_or(word)
            } else {
                word
            });
        }
        self.pairs.get(&bare)
    }
}

/// The organisation that an office with its complement is, and how many words of the complement name it: the most.
///
/// `country` is the one that the title names, else the person's: «وزير الخارجية» alone is of no country.
fn named<'k>(
    shared: &'static Shared,
    office: &[u8],
    complement: impl Iterator<Item = &'k [u8]>,
    country: Option<&str>,
) -> Option<(usize, &'static str)> {
    let mut key = Vec::with_capacity(128);
    key.extend_from_slice(office);
    let mut record = shared.record(&key);
    let mut found = None;
    // Python tries the longest first; a lexicon has every beginning of its keys and says whether they go on.
    for (at, word) in complement.enumerate() {
        if !record.is_some_and(|r| r.more) {
            break;
        }
        key.push(b' ');
        key.extend_from_slice(word);
        record = shared.record(&key);
        if let Some(reference) = record.and_then(|r| only(&r, country)) {
            found = Some((at + 1, reference));
        }
    }
    found
}

/// The one organisation of a country that a record names.
fn only(record: &Record, country: Option<&str>) -> Option<&'static str> {
    let entries = record.entries().filter(|(row, kind)| row.label == "ORG" && of_country(row, *kind, country));
    let mut refs = entries.map(|(row, _)| row.reference);
    let first = refs.next()?;
    refs.all(|reference| reference == first).then_some(first)
}

fn of_country(row: &Known, kind: u8, country: Option<&str>) -> bool {
    match country {
        Some(country) => row.country == country || (kind != SENSE_WEAK && row.country == "-"),
        None => kind != SENSE_WEAK,
    }
}

/// An entity with its first and last (exclusive) word.
pub struct Placed {
    pub first: usize,
    pub last: usize,
    pub label: Label,
    /// The number of the entity: 1 of «e1».
    pub id: usize,
    pub country: Option<&'static str>,
    pub reference: Option<&'static str>,
}

/// A person, the code points of the role that the text gives, and the organisation that it names or means, if any.
pub struct Relation {
    pub person: usize,
    pub start: usize,
    pub end: usize,
    pub org: Option<usize>,
    pub org_ref: Option<&'static str>,
}

/// The roles of the persons of a document, in the order of the persons.
pub fn find(shared: &'static Shared, tokens: &Tokens, placed: &[Placed]) -> Vec<Relation> {
    let mut found = Vec::new();
    if placed.iter().all(|entity| entity.label != PER) {
        return found;
    }
    let text = Text::new(tokens, placed);
    for person in placed.iter().filter(|entity| entity.label == PER) {
        if let Some((first, end)) = text.before(person.first).or_else(|| text.behind(person.last)) {
            text.relations(shared, person, first, end, &mut found);
        }
    }
    found
}

/// Returns whether a word of this mask ends a title; what has the article is no verb («والتعاون»).
fn stops(mask: u64) -> bool {
    mask & if mask & DEFINITE != 0 { STOP & !VERBS } else { STOP } != 0
}

/// The words of a text and the entity that each stands in.
struct Text<'a> {
    tokens: &'a Tokens<'a>,
    placed: &'a [Placed],
    /// The number of the entity of each word, from 1; 0 where there is none.
    at_word: Vec<u32>,
}

impl<'a> Text<'a> {
    fn new(tokens: &'a Tokens<'a>, placed: &'a [Placed]) -> Text<'a> {
        let mut at_word = vec![0; tokens.len()];
        for (number, entity) in (1..).zip(placed) {
            for word in at_word.iter_mut().take(entity.last).skip(entity.first) {
                *word = number;
            }
        }
        Text { tokens, placed, at_word }
    }

    fn held(&self, at: usize) -> Option<&'a Placed> {
        self.placed.get((self.at_word[at] as usize).wrapping_sub(1))
    }

    fn mask(&self, at: usize) -> u64 {
        self.tokens.word(at).mask
    }

    /// The words (first, last exclusive) of the role that stands before a person.
    fn before(&self, first: usize) -> Option<(usize, usize)> {
        let (mut next, mut end, mut best) = (first, first, None);
        while next > 0 && first - next < FARTHEST {
            let at = next - 1;
            if let Some(held) = self.held(at) {
                if held.label == PER {
                    break;
                }
                next = held.first;
                continue;
            }
            let mask = self.mask(at);
            if mask & PAUSE != 0 && next == first {
                end = at;
                next = at;
                continue;
            }
            if mask & BRACKET_CLOSE != 0 {
                match (at.saturating_sub(6)..at).rev().find(|i| self.mask(*i) & BRACKET_OPEN != 0) {
                    Some(opened) => next = opened,
                    None => break,
                }
                continue;
            }
            if mask & HEADS != 0 && !stops(mask & !MOTION) {
                best = Some(at);
                // «ولمراقبة» goes on with a complement that began with ل, though مراقبة is an occupation too.
                let goes_on = mask & JOINED == JOINED && mask & ROLE == 0;
                if !goes_on && (mask & DEFINITE == 0 || mask & ROLE != 0) {
                    let follows = at > 0 && self.mask(at - 1) & ROLE != 0 && self.held(at - 1).is_none();
                    if !follows {
                        break;
                    }
                }
            } else if stops(mask) || mask & COMPLEMENT == 0 {
                break;
            }
            next = at;
        }
        best.map(|first| (first, end))
    }

    /// The words (first, last exclusive) of the role that stands behind a person.
    fn behind(&self, last: usize) -> Option<(usize, usize)> {
        let size = self.tokens.len();
        let at = last + usize::from(last < size && self.mask(last) & PAUSE != 0);
        if at >= size || self.mask(at) & HEADS == 0 || self.held(at).is_some() {
            return None;
        }
        let mut end = at + 1;
        while end < size && end - at <= FARTHEST {
            if let Some(held) = self.held(end) {
                if held.label == PER {
                    break;
                }
                end = held.last;
                continue;
            }
            let mask = self.mask(end);
            if mask & PAUSE != 0 || stops(mask) || mask & COMPLEMENT == 0 {
                break;
            }
            end += 1;
        }
        Some((at, end))
    }

    fn relations(&self, shared: &'static Shared, person: &Placed, first: usize, end: usize, found: &mut Vec<Relation>) {
        let named = self.organisations(first, end);
        // An organisation that the text names goes before the office that stands for it («الأمين العام للأمم المتحدة»).
        let mut meant = self.meant(shared, first, end, person.country);
        meant.retain(|office| !named.iter().any(|org| office.first < org.last && org.first < office.last));
        let used = meant.iter().map(|office| office.last).max().unwrap_or(first);
        let stop = named.iter().map(|org| org.first).find(|begin| *begin > first && *begin >= used).unwrap_or(end);
        let mut stop = (first + 1..stop).find(|i| self.mask(*i) & BRACKET_OPEN != 0).unwrap_or(stop);
        while stop > first + 1 && self.mask(stop - 1) & BEHIND_ROLE != 0 {
            stop -= 1;
        }
        let start = self.tokens.start(first) + self.tokens.word(first).head().1;
        let finish = self.tokens.end(stop - 1);
        let mut orgs: Vec<(usize, Option<usize>, Option<&'static str>)> =
            meant.iter().map(|office| (office.first, None, Some(office.reference))).collect();
        orgs.extend(named.iter().map(|org| (org.first, Some(org.id), org.reference)));
        orgs.sort_by_key(|org| org.0);
        if orgs.is_empty() {
            orgs.push((first, None, None));
        }
        let person = person.id;
        found.extend(orgs.iter().map(|&(_, org, org_ref)| Relation { person, start, end: finish, org, org_ref }));
    }

    /// The organisations that stand among some words.
    fn organisations(&self, first: usize, end: usize) -> Vec<&'a Placed> {
        let mut named = Vec::new();
        let mut at = first;
        while at < end {
            match self.held(at) {
                Some(entity) => {
                    if entity.label == ORG {
                        named.push(entity);
                    }
                    at = entity.last;
                }
                None => at += 1,
            }
        }
        named
    }

    /// The organisations that a title stands for.
    ///
    /// Behind the first complement each «و» may begin another: «للأمن الوطني ولمراقبة التراب الوطني».
    fn meant(&self, shared: &'static Shared, first: usize, end: usize, country: Option<&'static str>) -> Vec<Office> {
        let mut found = Vec::new();
        let words = (first + 1..end).map(|at| &*self.tokens.word(at).key);
        let keys: Vec<&[u8]> = std::iter::once(self.tokens.word(first).head().2).chain(words).collect();
        for size in [2, 1] {
            let (title, rest) = keys.split_at(size.min(keys.len()));
            if rest.is_empty() {
                continue;
            }
            let Some(names) = shared.offices.of(title) else { continue };
            let country = self.said(shared, first, end).or(country);
            let mut at = 0;
            while at < rest.len() {
                let mut after = at + 1;
                let opening = part(rest, at);
                let complement = || std::iter::once(&*opening).chain(rest[at + 1..].iter().copied());
                let [definite, plain] = names.each_ref().map(|name| named(shared, name, complement(), country));
                // Of equals the one with the article.
                let longer = plain.filter(|(count, _)| definite.is_none_or(|(most, _)| *count > most));
                if let Some((count, reference)) = longer.or(definite) {
                    after = at + count;
                    found.push(Office { first: first + size + at, last: first + size + after, reference });
                }
                at = (after..rest.len()).find(|i| opens(rest[*i])).unwrap_or(rest.len());
            }
            if !found.is_empty() {
                break;
            }
        }
        found
    }

    /// The country that a title names.
    fn said(&self, shared: &'static Shared, first: usize, end: usize) -> Option<&'static str> {
        let words = (first..end).map(|at| self.tokens.word(at)).filter(|word| word.mask & NATIONALITY != 0);
        words.filter_map(|word| country_of(shared, word)).find(|country| !country.is_empty())
    }
}

/// An organisation that a title stands for, and the words (first, last exclusive) that say so.
struct Office {
    first: usize,
    last: usize,
    reference: &'static str,
}

fn opens(key: &[u8]) -> bool {
    key.first() == Some(&SIGNS.w) && key.len() > 4
}

/// The word that opens a complement, its «و» off and the «ل» of the first complement on.
fn part<'k>(rest: &[&'k [u8]], at: usize) -> Cow<'k, [u8]> {
    if at == 0 {
        return Cow::Borrowed(rest[0]);
    }
    let key = &rest[at][1..];
    let of = |key: &[u8]| key.first() == Some(&SIGNS.l);
    if of(rest[0]) && !of(key) {
        Cow::Owned([&[SIGNS.l], key].concat())
    } else {
        Cow::Borrowed(key)
    }
}
