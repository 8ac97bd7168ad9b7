//! A first decision over a whole document in, what it teaches about the rest of the text out: `discourse.py`.
//!
//! A full name said once makes its surname a name everywhere («حموشي» after «عبد اللطيف حموشي»); a string that was a
//! name in one place is evidence in another; an acronym in brackets behind an organisation stands for it.

use crate::bits::{bit, bits};
use crate::clitics::SIGNS as CLITICS;
use crate::few::Few;
use crate::forms::{join_to, Form, Forms};
use crate::hash::{Map, Set};
use crate::lexicon::Record;
use crate::types::{Candidate, Evidence, How, Label, Stem, Tokens, Word, LABELS, ORG, PER};

const SIGNS: u64 =
    bits(&["comma", "stop-mark", "colon", "quote-open", "quote-close", "bracket-open", "dash", "mark", "newline"]);
const LINKS: u64 = bits(&["kunya", "nasab", "abd", "particle"]);
const ORDINARY: u64 = bits(&["noun", "adjective", "verb", "say", "motion", "time", "number", "ordinal"]);
const NAMED: u64 = bits(&["org", "org-weak", "definite", "acronym", "latin"]);
const PLACE: u64 = bits(&["country", "loc"]);
const GLOSS: u64 = bits(&["latin", "letter", "mark", "dash", "stop-mark", "quote-open", "quote-close"]);
const LONGEST_GLOSS: usize = 14;
const SHUT: u64 = bits(&["stop", "say", "ordinal"]);
const ABD: u64 = bit("abd");
const LATIN: u64 = bit("latin");
const ACRONYM: u64 = bit("acronym");
const UNKNOWN: u64 = bit("unknown");
const QUOTE_CLOSE: u64 = bit("quote-close");
const BRACKET_OPEN: u64 = bit("bracket-open");
const BRACKET_CLOSE: u64 = bit("bracket-close");
/// A word of every sentence is at least this frequent (zipf × 25).
const USUAL: i32 = 75;

/// What a document teaches of a form: the label it had, how, from which entity.
#[derive(Clone, Copy, Debug)]
pub struct Lesson<'c> {
    pub label: Label,
    pub how: How,
    pub source: &'c Candidate,
}

/// Lessons by the folded words that they are about, in the order in which these were first met.
///
/// A form keeps two lessons of one kind, from two entities: no place needs more, since a place lies in one entity at
/// most and asks only whether another one taught it.
#[derive(Debug, Default)]
pub struct Taught<'c> {
    forms: Forms,
    /// The first and the last lesson about each form.
    ends: Vec<(u32, u32)>,
    /// Each with the number of the next one about its form.
    lessons: Vec<(Lesson<'c>, u32)>,
}

/// Stands for no lesson.
const NO: u32 = u32::MAX;

impl<'c> Taught<'c> {
    /// Keeps a lesson, unless two of its kind are known or this entity gave it before.
    fn add(&mut self, form: &[u8], label: Label, how: How, source: &'c Candidate) {
        let number = self.forms.number(form);
        if number == self.ends.len() {
            self.ends.push((NO, NO));
        }
        let mut alike = self.about(number).filter(|lesson| lesson.label == label && lesson.how == how);
        let room = match (alike.next(), alike.next()) {
            (None, _) => true,
            (Some(one), None) => !std::ptr::eq(one.source, source),
            _ => false,
        };
        drop(alike);
        if room {
            let new = self.lessons.len() as u32;
            self.lessons.push((Lesson { label, how, source }, NO));
            let (first, last) = &mut self.ends[number];
            match *last {
                NO => *first = new,
                before => self.lessons[before as usize].1 = new,
            }
            *last = new;
        }
    }

    /// The lessons about the form of a number, in the order in which they were given.
    fn about(&self, number: usize) -> impl Iterator<Item = &Lesson<'c>> {
        let first = self.lessons.get(self.ends[number].0 as usize);
        let all = std::iter::successors(first, |(_, next)| self.lessons.get(*next as usize));
        all.map(|(lesson, _)| lesson)
    }

    /// The lessons about a form; none where it was not taught.
    fn get(&self, form: &[u8]) -> impl Iterator<Item = &Lesson<'c>> {
        self.forms.get(form).into_iter().flat_map(|number| self.about(number))
    }
}

/// The folded words of a candidate, its proclitics off.
pub fn keys_of<'t, 'a>(tokens: &'t Tokens<'a>, candidate: &Candidate) -> impl Iterator<Item = &'a [u8]> + 't {
    let word = tokens.word(candidate.first);
    let (proclitic, _, mut head) = word.head();
    if proclitic != candidate.proclitic {
        let reading = word.readings.iter().find(|r| r.proclitic == candidate.proclitic).map(|r| &*r.stem);
        let way = || word.stems().find(|s| s.proclitic == candidate.proclitic).map(|s| s.stem);
        head = reading.or_else(way).unwrap_or(&word.key);
    }
    let rest = candidate.first + 1..candidate.last;
    std::iter::once(head).chain(rest.map(|at| &*tokens.word(at).key))
}

/// The forms that stand for a full name (`keys`: its words) later in a text: its last words, alone and joined.
///
/// The article comes and goes (حموشي, الحموشي); a link word stays with what follows it (بن علي, آل نهيان).
pub fn short_forms(tokens: &Tokens, person: &Candidate, keys: &[&[u8]]) -> Vec<(Form, How)> {
    let word = |at: usize| tokens.word(person.first + at);
    let mut forms = Vec::new();
    for at in 1..keys.len() {
        let single = at == keys.len() - 1;
        if shut(word(at)) || (single && keys[at].len() < 3) || word(at - 1).mask & ABD != 0 {
            continue;
        }
        let whole = single || word(at).mask & LINKS != 0;
        forms.push((keys[at..].join(&b' '), if whole { How::Surname } else { How::Tail }));
        if !whole {
            forms.push((keys[at].to_vec(), How::Middle));
        }
    }
    if keys.len() > 1 && word(0).mask & LINKS == 0 && keys[0].len() > 2 {
        forms.push((keys[0].to_vec(), How::Given));
    }
    forms
}

/// Whether a word begins no short form; «فيشر» does, though «ف + يشر» is a verb of saying.
fn shut(word: &Word) -> bool {
    let whole = word.readings.iter().find(|reading| reading.proclitic == 0).and_then(|reading| reading.record);
    whole.map_or(word.mask, |record| record.mask) & SHUT != 0
}

/// Whether a candidate is proposed as the last words of a full name.
pub fn of_full_name(candidate: &Candidate) -> bool {
    let last_words = |e: &Evidence| matches!(e, Evidence::Taught { how: How::Surname | How::Tail, near: false, .. });
    candidate.evidence.iter().any(last_words)
}

/// A form with the article of its first word taken off or put on.
pub fn with_article(form: &[u8]) -> Form {
    let al = &CLITICS.al;
    let first = form.split(|byte| *byte == b' ').next().unwrap_or(form);
    if first.starts_with(al) && first.len() > 4 {
        form[al.len()..].to_vec()
    } else {
        [al, form].concat()
    }
}

/// What the first decision teaches, by the folded words that it is about.
pub fn lessons<'c>(tokens: &Tokens, chosen: &[&'c Candidate]) -> Taught<'c> {
    let mut taught = Taught::default();
    let (mut name, mut keys) = (Vec::new(), Vec::new());
    for &candidate in chosen {
        keys.clear();
        keys.extend(keys_of(tokens, candidate));
        name.clear();
        join_to(&mut name, &keys);
        taught.add(&name, candidate.label, How::Same, candidate);
        if candidate.label == PER && keys.len() > 1 {
            for (form, how) in short_forms(tokens, candidate, &keys) {
                taught.add(&form, PER, how, candidate);
                if matches!(how, How::Surname | How::Tail) {
                    taught.add(&with_article(&form), PER, how, candidate);
                }
            }
        } else if candidate.label == ORG {
            if let Some((short, how)) = acronym(tokens, candidate) {
                taught.add(&short, ORG, how, candidate);
            }
        }
        if let Some(gloss) = gloss(tokens, candidate) {
            taught.add(&gloss, candidate.label, How::Gloss, candidate);
        }
    }
    taught
}

/// The words of a name in Latin letters in brackets behind a candidate: «إدوار فيليب (Édouard Philippe)».
///
/// What is all capitals may be another's: «الرباط (MAP)».
fn gloss(tokens: &Tokens, candidate: &Candidate) -> Option<Form> {
    let mask = |at: usize| tokens.word(at).mask;
    let mut at = candidate.last + 1;
    if at < tokens.len() && mask(at - 1) & QUOTE_CLOSE != 0 {
        at += 1;
    }
    if at >= tokens.len() || mask(at - 1) & BRACKET_OPEN == 0 {
        return None;
    }
    for end in at..tokens.len().min(at + LONGEST_GLOSS) {
        if mask(end) & BRACKET_CLOSE != 0 {
            let written = (at..end).any(|inside| mask(inside) & (LATIN | ACRONYM) == LATIN);
            return (written && mask(at) & LATIN != 0).then(|| tokens.joined(at, end));
        }
        if mask(end) & GLOSS == 0 {
            break;
        }
    }
    None
}

/// The short name in brackets behind an organisation: «… للأبحاث القضائية (البسيج)», and how it is one.
///
/// It is `Defined` where the lists know it as a name of this organisation: «(الكاف)» is no town then.
fn acronym(tokens: &Tokens, organisation: &Candidate) -> Option<(Form, How)> {
    let at = organisation.last;
    if at + 2 >= tokens.len() || tokens.word(at).mask & BRACKET_OPEN == 0 {
        return None;
    }
    for end in at + 1..tokens.len().min(at + 5) {
        let mask = tokens.word(end).mask;
        if mask & BRACKET_CLOSE != 0 {
            let first = tokens.word(at + 1);
            let named = first.mask & NAMED != 0;
            if end == at + 1 || (first.mask & ORDINARY != 0 && !named) {
                return None; // «(صورة أرشيفية)»
            }
            let known = end == at + 2 && knows(first, organisation);
            if !known && first.mask & PLACE != 0 && !named {
                return None; // «ستيوا بوخارست (رومانيا)»
            }
            return Some((tokens.joined(at + 1, end), if known { How::Defined } else { How::Acronym }));
        }
        if mask & SIGNS != 0 {
            break;
        }
    }
    None
}

/// Whether the lists know the entity of a candidate under a word.
fn knows(word: &Word, candidate: &Candidate) -> bool {
    let records = || word.readings.iter().filter_map(|reading| reading.record.as_ref());
    candidate
        .reference()
        .is_some_and(|wanted| records().flat_map(Record::entries).any(|(row, _)| row.reference == wanted))
}

/// What was taught of the forms that begin with a stem: how many words they have; surnames that it is like.
#[derive(Default)]
struct Begun<'t> {
    lengths: Few<usize, 2>,
    near: Vec<&'t [u8]>,
}

/// Returns a candidate for every place where a form that another place of the document taught stands.
pub fn recall(tokens: &Tokens, taught: &Taught) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut begun: Map<&[u8], Begun> = Map::default();
    begun.reserve(taught.forms.len());
    for form in taught.forms.iter() {
        let words = || form.split(|byte| *byte == b' ');
        let length = words().count();
        let lengths = &mut begun.entry(words().next().unwrap_or(form)).or_default().lengths;
        if !lengths.contains(&length) {
            lengths.push(length);
        }
    }
    add_near(&mut begun, tokens, taught);
    if begun.is_empty() {
        return found;
    }
    // One bit tells of most words that nothing begins with their stems, which all have the end of the word.
    let mut sieve = [0_u64; 4];
    for word in begun.keys() {
        let bit = usize::from(sieve_bit(word));
        sieve[bit / 64] |= 1 << (bit % 64);
    }
    let mut form = Vec::new();
    for at in 0..tokens.len() {
        let word = tokens.word(at);
        let bit = usize::from(sieve_bit(&word.key));
        if sieve[bit / 64] >> (bit % 64) & 1 == 0 {
            continue;
        }
        for stem in word.stems() {
            let Some(begun) = begun.get(stem.stem) else { continue };
            for length in begun.lengths.iter() {
                let last = at + length;
                if last > tokens.len() {
                    continue;
                }
                form.clear();
                form.extend_from_slice(stem.stem);
                for next in at + 1..last {
                    form.push(b' ');
                    form.extend_from_slice(&tokens.word(next).key);
                }
                add_taught(&mut found, tokens, (at, last), &stem, taught.get(&form), false);
            }
            for form in &begun.near {
                add_taught(&mut found, tokens, (at, at + 1), &stem, taught.get(form), true);
            }
        }
    }
    found
}

/// The bit of a word in a sieve of 256, by its last two letters: of more a stem has only some.
fn sieve_bit(word: &[u8]) -> u8 {
    match word {
        [.., before, last] => before.wrapping_mul(37).wrapping_add(*last),
        [last] => *last,
        [] => 0,
    }
}

/// Adds a candidate for each label and kind of what other places taught of a span that begins with a stem.
fn add_taught<'t, 'c: 't>(
    found: &mut Vec<Candidate>,
    tokens: &Tokens,
    (first, last): (usize, usize),
    stem: &Stem,
    learned: impl Iterator<Item = &'t Lesson<'c>>,
    near: bool,
) {
    let word = tokens.word(first);
    let mut elsewhere: Vec<(Label, How, bool)> = Vec::new();
    for Lesson { label, how, source } in learned {
        if source.first <= first && last <= source.last {
            continue;
        }
        let listed = last - first == 1 && knows(word, source);
        match elsewhere.iter_mut().find(|held| (held.0, held.1) == (*label, *how)) {
            Some(held) => held.2 |= listed,
            None => elsewhere.push((*label, *how, listed)),
        }
    }
    let (start, end) = (tokens.start(first) + stem.offset, tokens.end(last - 1));
    for by_label in 0..LABELS.len() as Label {
        for &(label, how, listed) in elsewhere.iter().filter(|held| held.0 == by_label) {
            let evidence = Few::one(Evidence::Taught { how, near, listed });
            let plain = Candidate::plain(first, last, start, end, label, evidence);
            found.push(Candidate { proclitic: stem.proclitic, ..plain });
        }
    }
}

/// Adds the unknown words of the text that differ from a taught surname by one letter (بريدجيز, بريدجز).
fn add_near<'t>(begun: &mut Map<&'t [u8], Begun<'t>>, tokens: &Tokens<'t>, taught: &'t Taught) {
    let is_surname = |form: &[u8]| taught.get(form).any(|lesson| lesson.how == How::Surname);
    let of_one_word = taught.forms.iter().filter(|form| form.len() > 4 && !form.contains(&b' '));
    let surnames = Near::new(of_one_word.filter(|form| is_surname(form)));
    if surnames.is_empty() {
        return;
    }
    for at in 0..tokens.len() {
        let word = tokens.word(at);
        if word.mask & UNKNOWN == 0 || word.zipf >= USUAL || word.key.len() <= 3 {
            continue;
        }
        for Stem { stem, .. } in word.stems() {
            let near = surnames.of(stem);
            if !near.is_empty() && !is_surname(stem) {
                begun.entry(stem).or_default().near = near;
            }
        }
    }
}

const LONGEST: usize = 24;

/// A word without one of its letters, or whole: its letters, how many they are.
type Rest = ([u8; LONGEST], u8);

/// Up to so many words are compared one by one, which takes less than a table.
const FEW: usize = 32;

/// Folded words, to be found by a word that is `one_apart` from them, in time that their number does not change.
pub struct Near<'w> {
    words: Vec<&'w [u8]>,
    /// Empty for few words.
    by_rest: Map<Rest, Vec<u32>>,
}

impl<'w> Near<'w> {
    pub fn new(given: impl IntoIterator<Item = &'w [u8]>) -> Self {
        let mut words: Vec<&[u8]> = Vec::new();
        for word in given.into_iter().filter(|word| word.len() <= LONGEST) {
            if words.len() > FEW || !words.contains(&word) {
                words.push(word);
            }
        }
        let mut by_rest: Map<Rest, Vec<u32>> = Map::default();
        if words.len() > FEW {
            let mut seen = Set::default();
            words.retain(|word| seen.insert(*word));
            for (number, word) in (0..).zip(&words) {
                for rest in rests(word) {
                    let alike = by_rest.entry(rest).or_default();
                    if alike.last() != Some(&number) {
                        alike.push(number);
                    }
                }
            }
        }
        Near { words, by_rest }
    }

    /// Whether it holds no word.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The words that are one apart from a word, always in the same order: by the letter that the word does without to
    /// be like them, then as they were given.
    pub fn of(&self, word: &[u8]) -> Vec<&'w [u8]> {
        if word.len() > LONGEST {
            return Vec::new();
        }
        if self.by_rest.is_empty() {
            let alike = self.words.iter().filter(|other| one_apart(word, other));
            let mut alike: Vec<_> = alike.map(|other| (left_out(word, other), *other)).collect();
            alike.sort_by_key(|(out, _)| *out);
            return alike.into_iter().map(|(_, other)| other).collect();
        }
        let mut seen = Set::default();
        let alike = rests(word).filter_map(|rest| self.by_rest.get(&rest)).flatten();
        let alike = alike.filter(|number| seen.insert(**number)).map(|number| self.words[*number as usize]);
        alike.filter(|other| one_apart(word, other)).collect()
    }
}

/// The first letter without which a word is another one that is one apart from it, or that without one of its own; 0
/// where it needs all of its letters.
fn left_out(word: &[u8], other: &[u8]) -> usize {
    if other.len() > word.len() {
        return 0;
    }
    let mut out = word.iter().zip(other).position(|(a, b)| a != b).unwrap_or(other.len());
    // Of equal letters any may go.
    while out > 2 && word[out - 1] == word[out] {
        out -= 1;
    }
    out
}

/// The word, and the word without each of its letters: words that are one apart share one of these.
fn rests(word: &[u8]) -> impl Iterator<Item = Rest> + '_ {
    let left_out = std::iter::once(word.len()).chain(2..word.len());
    left_out.take_while(|_| word.len() <= LONGEST).map(|out| {
        let mut rest = [0; LONGEST];
        let kept = word.iter().enumerate().filter(|(at, _)| *at != out);
        for (to, (_, letter)) in rest.iter_mut().zip(kept) {
            *to = *letter;
        }
        (rest, word.len().min(LONGEST) as u8 - u8::from(out < word.len()))
    })
}

/// Whether two folded words begin alike and differ by one letter added, lost or changed.
fn one_apart(left: &[u8], right: &[u8]) -> bool {
    let (short, long) = if left.len() > right.len() { (right, left) } else { (left, right) };
    let begins_alike = short[..short.len().min(2)] == long[..long.len().min(2)];
    if !begins_alike || long.len() - short.len() > 1 || left == right {
        return false;
    }
    // Unequal words of one length differ before their end, and the longer of others goes on: no slice is beyond.
    let at = short.iter().zip(long).position(|(a, b)| a != b).unwrap_or(short.len());
    short[at + usize::from(short.len() == long.len())..] == long[at + 1..]
}
