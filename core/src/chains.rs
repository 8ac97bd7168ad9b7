//! Chosen candidates in, chains out: which mentions of a document are one entity, and which one of those that are
//! known: `chains.py`.
//!
//! Mentions that the gazetteer surely knows as different entities never stand in one chain.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::hash_map::Entry;
use std::hash::{Hash, Hasher};

use crate::bits::{bit, bits};
use crate::clitics::SIGNS;
use crate::discourse::{self, Near};
use crate::few::Few;
use crate::forms::{join_to, Form, Forms};
use crate::hash::Map;
use crate::letters;
use crate::types::{Candidate, Label, Tokens, LOC, ORG, PER};

const NATIONALITY: u64 = bit("nationality");
const BRACKET_OPEN: u64 = bit("bracket-open");
const BRACKET_CLOSE: u64 = bit("bracket-close");
/// Two names on lists of names are two names, however alike (العلوي, العلمي).
const SETTLED: u64 = bits(&["given", "given-weak", "family", "family-weak"]);
/// Of longer names only the beginnings are taken for the same person: the ways to leave words out double with each
/// word.
const MOST_WORDS: usize = 8;

/// The mentions of one entity (indexes into the chosen candidates) and the candidate that knows most of it.
#[derive(Debug)]
pub struct Chain<'c> {
    pub members: Vec<usize>,
    pub known: Option<Cow<'c, Candidate>>,
    /// Whether it has this name with others and was taken for that of the document's country.
    pub at_home: bool,
}

/// Disjoint sets of mentions, each with the one reference that is surely known of it, if any.
struct Groups {
    parent: Vec<usize>,
    refs: Vec<Option<&'static str>>,
}

impl Groups {
    fn new(refs: Vec<Option<&'static str>>) -> Self {
        Groups { parent: (0..refs.len()).collect(), refs }
    }

    fn find(&mut self, mut at: usize) -> usize {
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    /// Makes two sets one, unless they are known to be two entities.
    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.find(one), self.find(other));
        let (one, other) = (one.min(other), one.max(other));
        let (known, also) = (self.refs[one], self.refs[other]);
        if one != other && (known.is_none() || also.is_none() || also == known) {
            self.refs[one] = known.or(also);
            self.parent[other] = one;
        }
    }
}

/// The folded words of each chosen candidate.
type Keys<'k> = [&'k [&'k [u8]]];

/// Returns the chains of a document in the order of their first mentions; time is linear in the mentions.
pub fn link<'c>(tokens: &Tokens, chosen: &[&'c Candidate]) -> Vec<Chain<'c>> {
    let mut words = Vec::with_capacity(chosen.iter().map(|c| c.size()).sum());
    let mut begins = Vec::with_capacity(chosen.len() + 1);
    for candidate in chosen {
        begins.push(words.len());
        words.extend(discourse::keys_of(tokens, candidate));
    }
    begins.push(words.len());
    let keys: Vec<_> = begins.windows(2).map(|begin| &words[begin[0]..begin[1]]).collect();
    let mut groups = Groups::new(chosen.iter().map(|c| c.reference().filter(|_| c.strong())).collect());
    join_equal(tokens, chosen, &keys, &mut groups);
    join_full_names(tokens, chosen, &keys, &mut groups);
    join_short_forms(tokens, chosen, &keys, &mut groups);
    join_acronyms(tokens, chosen, &mut groups);
    // By its first mention, which is what `find` gives.
    let mut members = vec![Vec::new(); chosen.len()];
    for at in 0..chosen.len() {
        members[groups.find(at)].push(at);
    }
    let mut counts = Map::default();
    for country in chosen.iter().filter(|c| c.reference().is_some() && c.options.is_empty()).filter_map(|c| c.country) {
        *counts.entry(country).or_insert(0) += 1;
    }
    let country = home(&counts);
    let mut linked = Vec::new();
    for members in members.into_iter().filter(|members| !members.is_empty()) {
        let known = known(chosen, &keys, &members);
        let is_of_text = |c: &Candidate| c.options.is_empty() || c.country.is_some_and(|own| counts.contains_key(own));
        let moved = if known.is_some_and(is_of_text) { None } else { at_home(chosen, &members, country) };
        let at_home = moved.is_some();
        let known = moved.map(Cow::Owned).or(known.map(Cow::Borrowed));
        linked.push(Chain { members, known, at_home });
    }
    linked
}

/// The country that a document is about: that of most known mentions, twice as many as of any other.
///
/// Two of which there are equally many give none, so the order of the map is not seen.
fn home(counts: &Map<&'static str, usize>) -> Option<&'static str> {
    let (country, most) = counts.iter().max_by_key(|(_, count)| **count)?;
    let next = counts.iter().filter(|(other, _)| *other != country).map(|(_, count)| *count).max().unwrap_or(0);
    (*most >= 2 * next).then_some(*country)
}

/// What two mentions have in common that are one without more ado.
#[derive(PartialEq, Eq, Hash)]
enum Identity<'k> {
    Reference(&'static str),
    Letters(Label, Run<'k>),
}

/// The letters of a first word and of others, wherever one word ends.
#[derive(Eq)]
struct Run<'k>(&'k [u8], &'k [&'k [u8]]);

impl Run<'_> {
    fn letters(&self) -> impl Iterator<Item = &u8> {
        self.0.iter().chain(self.1.iter().copied().flatten())
    }
}

impl PartialEq for Run<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.letters().eq(other.letters())
    }
}

impl Hash for Run<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.letters().for_each(|letter| state.write_u8(*letter));
    }
}

fn identity<'k>(tokens: &Tokens, candidate: &Candidate, keys: &'k [&'k [u8]]) -> Identity<'k> {
    if let Some(reference) = candidate.reference().filter(|_| candidate.label != PER || candidate.strong()) {
        return Identity::Reference(reference);
    }
    let nationality = || tokens.word(candidate.last - 1).mask & NATIONALITY != 0;
    let run = match keys {
        [first, middle @ .., _] if candidate.label == ORG && !middle.is_empty() && nationality() => Run(first, middle),
        [one] if candidate.label != LOC => Run(one.strip_prefix(&SIGNS.al[..]).unwrap_or(one), &[]),
        [first, others @ ..] => Run(first, others),
        [] => Run(&[], &[]),
    };
    Identity::Letters(candidate.label, run)
}

fn join_equal(tokens: &Tokens, chosen: &[&Candidate], keys: &Keys, groups: &mut Groups) {
    let mut seen = Map::default();
    for (at, candidate) in chosen.iter().enumerate() {
        if candidate.label == PER && keys[at].len() == 1 && !candidate.strong() {
            continue;
        }
        groups.join(*seen.entry(identity(tokens, candidate, keys[at])).or_insert(at), at);
    }
}

/// Whether a candidate, of these folded words, is a person of several words.
fn is_full_name(candidate: &Candidate, keys: &[&[u8]]) -> bool {
    candidate.label == PER && keys.len() > 1
}

/// Joins full names of which one leaves out inner or last words of the other («خالد الشرقاوي (السموني)»).
///
/// And those of which the last words are two spellings of one that no list settles (بريدجيز, بريدجز).
fn join_full_names(tokens: &Tokens, chosen: &[&Candidate], keys: &Keys, groups: &mut Groups) {
    let mut first_at: Map<&[&[u8]], usize> = Map::default();
    let mut names = Vec::new();
    for (at, candidate) in chosen.iter().enumerate() {
        if is_full_name(candidate, keys[at]) {
            match first_at.entry(keys[at]) {
                Entry::Occupied(held) => groups.join(*held.get(), at),
                Entry::Vacant(free) => {
                    free.insert(at);
                    names.push(at);
                }
            }
        }
    }
    if names.len() < 2 {
        return;
    }
    let near = Near::new(names.iter().filter_map(|at| keys[*at].last().copied()));
    for at in names {
        let mut name = keys[at].to_vec();
        each_shorter(&name, |short| {
            if let Some(other) = first_at.get(short) {
                groups.join(*other, at);
            }
        });
        let end = name.len() - 1;
        for last in near.of(name[end]) {
            name[end] = last;
            if let Some(&other) = first_at.get(&name[..]) {
                if !settled(tokens, chosen[at]) || !settled(tokens, chosen[other]) {
                    groups.join(other, at);
                }
            }
        }
    }
}

/// Calls with what is left of a name of which words behind the first are left out, two words or more.
fn each_shorter<'a>(name: &[&'a [u8]], mut call: impl FnMut(&[&'a [u8]])) {
    if name.len() > MOST_WORDS {
        (2..name.len()).for_each(|end| call(&name[..end]));
        return;
    }
    let Some((first, rest)) = name.split_first() else { return };
    let mut short = vec![*first];
    for size in 1..rest.len() {
        // The ways to take `size` words in the order of `itertools.combinations`.
        let mut taken: Vec<usize> = (0..size).collect();
        loop {
            short.truncate(1);
            short.extend(taken.iter().map(|at| rest[*at]));
            call(&short);
            let Some(moved) = (0..size).rev().find(|at| taken[*at] < rest.len() - size + at) else { break };
            taken[moved] += 1;
            for at in moved + 1..size {
                taken[at] = taken[at - 1] + 1;
            }
        }
    }
}

/// Whether lists have the last word of a name.
fn settled(tokens: &Tokens, candidate: &Candidate) -> bool {
    tokens.word(candidate.last - 1).mask & SETTLED != 0
}

/// Joins each short form to the last full name before it that has it, else to the first behind it.
fn join_short_forms(tokens: &Tokens, chosen: &[&Candidate], keys: &Keys, groups: &mut Groups) {
    if chosen.iter().filter(|c| c.label == PER).count() < 2 {
        return;
    }
    let mut forms = Forms::default();
    let mut of_form: Vec<Few<usize, 3>> = Vec::new();
    for (at, candidate) in chosen.iter().enumerate().filter(|(at, c)| is_full_name(c, keys[*at])) {
        for (form, _) in discourse::short_forms(tokens, candidate, keys[at]) {
            for spelled in [&form, &discourse::with_article(&form)] {
                let number = forms.number(spelled);
                match of_form.get_mut(number) {
                    Some(held) => held.push(at),
                    None => of_form.push(Few::one(at)),
                }
            }
        }
    }
    let holders_of = |form: &[u8]| forms.get(form).map_or(&[][..], |number| &of_form[number]);
    let near = Near::new(forms.iter().filter(|form| form.len() > 4 && !form.contains(&b' ')));
    let mut form = Form::new();
    let mut alone: Map<&[u8], usize> = Map::default();
    for (at, candidate) in chosen.iter().enumerate().filter(|(_, c)| c.label == PER) {
        let key = keys[at];
        form.clear();
        join_to(&mut form, key);
        let of_near: Vec<usize>;
        let mut holders = holders_of(&form);
        if let ([one], []) = (key, holders) {
            if tokens.word(candidate.first).mask & SETTLED == 0 {
                of_near = sorted(near.of(one).into_iter().flat_map(holders_of));
                holders = &of_near;
            }
        }
        if !holders.is_empty() {
            let before = holders.partition_point(|holder| *holder < at);
            groups.join(holders[before.saturating_sub(1)], at);
        } else if let [one] = *key {
            let bare = one.strip_prefix(&SIGNS.al[..]).unwrap_or(one);
            groups.join(*alone.entry(bare).or_insert(at), at);
        }
    }
}

fn sorted<'a>(numbers: impl Iterator<Item = &'a usize>) -> Vec<usize> {
    let mut numbers: Vec<usize> = numbers.copied().collect();
    numbers.sort_unstable();
    numbers
}

/// Joins an organisation to the short name in brackets behind it and to where that name stands again.
fn join_acronyms(tokens: &Tokens, chosen: &[&Candidate], groups: &mut Groups) {
    for (at, pair) in chosen.windows(2).enumerate() {
        let (candidate, following) = (pair[0], pair[1]);
        let between = following.first.saturating_sub(candidate.last);
        if candidate.label == ORG
            && following.label == ORG
            && (1..=2).contains(&between)
            && tokens.word(candidate.last).mask & BRACKET_OPEN != 0
            && following.last < tokens.len()
            && (tokens.word(following.last).mask & BRACKET_CLOSE != 0 || between == 1)
        {
            groups.join(at, at + 1);
        }
    }
}

/// The member that tells who a chain is: one that the gazetteer surely knows.
///
/// A surname tells only where the full names beside it agree; a weak name only where there are none.
fn known<'c>(chosen: &[&'c Candidate], keys: &Keys, members: &[usize]) -> Option<&'c Candidate> {
    let referred = || members.iter().map(|m| chosen[*m]).filter(|c| c.reference().is_some());
    let full: Vec<&[u8]> =
        members.iter().filter(|m| is_full_name(chosen[**m], keys[**m])).map(|m| keys[*m][0]).collect();
    if let Some(known) = referred().filter(|c| c.strong()).min_by_key(|c| (Reverse(c.size()), c.first)) {
        let objects = known.label == PER && known.size() == 1 && !full.is_empty() && !fits(known, &full);
        return (!objects).then_some(known);
    }
    if !full.is_empty() {
        return None;
    }
    let weak = referred().next()?;
    referred().all(|other| other.reference() == weak.reference()).then_some(weak)
}

/// The member whose name is that of one entity of the document's country, among several, as that entity.
fn at_home(chosen: &[&Candidate], members: &[usize], country: Option<&'static str>) -> Option<Candidate> {
    let country = country?;
    let mut mentions = members.iter().map(|m| chosen[*m]);
    if mentions.clone().any(|c| c.options.is_empty() && c.country.is_some_and(|own| own != country)) {
        return None;
    }
    mentions.find_map(|candidate| {
        let mut here = candidate.options.iter().filter(|row| row.country == country);
        let row = here.next()?;
        here.all(|other| other.reference == row.reference).then(|| candidate.clone().named(row))
    })
}

/// Whether any of the full names, of which these are the first words, begins as the known person's does.
fn fits(known: &Candidate, firsts: &[&[u8]]) -> bool {
    let mut name = letters::key_of_name(known.name());
    name.retain(|byte| *byte != b' ');
    firsts.iter().any(|first| name.starts_with(first))
}
