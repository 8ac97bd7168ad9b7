//! Candidates in, the same with points: the log-odds of being right, added up from fitted weights. The twin of
//! `weigh.py`, without what explains; the sums themselves are made in `context`.
//!
//! Candidates for the same words and label are one: their evidence is pooled. Two columns of weights: for the first
//! decision, which knows the sentence, and for the second, which also knows what the document taught.

use std::collections::hash_map::Entry;

use crate::bits::bit;
use crate::context::{self, Context, Names, Points, RuleNames};
use crate::discourse;
use crate::hash::Map;
use crate::json::Value;
use crate::overlaps;
use crate::rules::Rules;
use crate::types::{Candidate, Evidence, How, Label, LABELS, LOC, ORG, PER};

/// What is surely known weighs at least this, where it has several words, and one.
const SEVERAL: f64 = 1.0;
const ONE: f64 = 0.3;

const ROLE: u64 = bit("role");
const HEAD: u64 = bit("org-head");

/// One candidate for each span of words and label, its evidence joined in the order given.
///
/// Reference, name and kind are those of the first that has a reference, else of the first that has a kind. Where a
/// name begins is as the first has it, unless no list knows it and the text says a full name with it: «لبراق» is whole
/// behind «مصطفى لبراق».
#[derive(Default)]
pub struct Pool {
    pub candidates: Vec<Candidate>,
    numbers: Map<(usize, usize, Label), usize>,
}

impl Pool {
    /// Pools candidates with those that are there.
    pub fn add(&mut self, candidates: Vec<Candidate>) {
        self.candidates.reserve(candidates.len());
        self.numbers.reserve(candidates.len());
        for candidate in candidates {
            match self.numbers.entry((candidate.first, candidate.last, candidate.label)) {
                Entry::Occupied(number) => join(&mut self.candidates[*number.get()], candidate),
                Entry::Vacant(none) => {
                    none.insert(self.candidates.len());
                    self.candidates.push(candidate);
                }
            }
        }
    }
}

fn join(held: &mut Candidate, mut candidate: Candidate) {
    let has_reference = |c: &Candidate| c.reference().is_some_and(|r| !r.is_empty());
    let known = held.evidence.len();
    for evidence in candidate.evidence.iter() {
        if !held.evidence[..known].contains(evidence) {
            held.evidence.push(*evidence);
        }
    }
    if has_reference(held) {
        return;
    }
    if has_reference(&candidate) || (held.kind.is_empty() && !candidate.kind.is_empty()) {
        candidate.evidence = std::mem::take(&mut held.evidence);
        *held = candidate;
    } else if candidate.start != held.start && discourse::of_full_name(&candidate) {
        held.start = candidate.start;
        held.proclitic = candidate.proclitic;
    }
}

/// The weights of features, in tables by label and argument. `sure` says whether what is surely known weighs at least
/// something, as it does by arner's guidelines (see `least`).
pub struct Weights {
    names: [Names; LABELS.len()],
    pub rules: Vec<RuleNames>,
    pub closing: Points,
    pub category: Points,
    pub agrees: Points,
    pub another: Points,
    sure_rules: Vec<bool>,
    sure: bool,
}

impl Weights {
    /// Reads `points` (the text of a `points.tsv`: feature, points at the first decision, points at the second),
    /// `fixed` (the points of features that are not left to fitting) and `sure`, as `read_weights` does; `sure_rules`
    /// are the names of the rules whose pattern is all that it takes.
    pub fn new(given: &Value, rules: &Rules) -> Result<Weights, String> {
        let mut named: Map<String, Points> = Map::default();
        for line in given.get("points").text().lines().skip(1) {
            let (name, points) = row(line).ok_or_else(|| format!("points: not a row: {line:?}"))?;
            named.insert(name.to_owned(), points);
        }
        for (name, points) in given.get("fixed").fields() {
            named.insert(name.clone(), [points.number(); 2]);
        }
        let of = |name: &str| named.get(name).copied().unwrap_or_default();
        let names = (0..rules.count()).map(|number| rules.name(number as u16));
        let sure_rules: Vec<&str> = given.get("sure_rules").list().iter().map(Value::text).collect();
        Ok(Weights {
            names: LABELS.map(|label| Names::new(label, &named)),
            rules: RuleNames::of(rules, &named),
            closing: of(overlaps::CLOSING),
            category: of(context::CATEGORY),
            agrees: of(context::AGREES),
            another: of(context::ANOTHER),
            sure_rules: names.map(|name| sure_rules.contains(&name)).collect(),
            sure: given.get("sure").is_true(),
        })
    }

    /// The weights of the features of a label.
    pub fn of(&self, label: Label) -> &Names {
        &self.names[usize::from(label)]
    }
}

fn row(line: &str) -> Option<(&str, Points)> {
    let mut fields = line.split('\t');
    let (name, first, second) = (fields.next()?, fields.next()?, fields.next()?);
    let points = [first.trim().parse().ok()?, second.trim().parse().ok()?];
    fields.next().is_none().then_some((name, points))
}

/// What a candidate weighs at least: minus infinity but for what is surely known.
///
/// That is a name by a sure rule, a listed name, or the listed surname of a full name, unless a title takes it as its
/// complement or it is an adjective; a person of one word is in no list surely.
fn least(context: &Context, candidate: &Candidate, weights: &Weights) -> f64 {
    let (first, label, evidence) = (candidate.first, candidate.label, &candidate.evidence);
    let one = candidate.size() == 1;
    if context.in_title(first) || (one && label == LOC && context.is_adjective(first)) {
        return f64::NEG_INFINITY;
    }
    let mut known =
        evidence.iter().any(|e| matches!(e, Evidence::Rule(number) if weights.sure_rules[usize::from(*number)]));
    if !known && one && label == PER {
        let surname = |e: &Evidence| matches!(e, Evidence::Taught { how: How::Surname, near: false, listed: true });
        known = evidence.iter().any(surname);
    } else if !known && !after_office(context, candidate) {
        known = evidence.iter().any(is_sure);
    }
    match (known, one) {
        (true, true) => ONE,
        (true, false) => SEVERAL,
        (false, _) => f64::NEG_INFINITY,
    }
}

/// Whether it is that of a listed name that stands alone, is no other's and was found as it is written.
fn is_sure(evidence: &Evidence) -> bool {
    matches!(evidence, Evidence::Listed { note, .. } if note.sense < 3 && !note.ambiguous && !note.repaired)
}

/// Whether an organisation is what an office is of: «وزيرة الخارجية الإسبانية».
fn after_office(context: &Context, candidate: &Candidate) -> bool {
    let first = candidate.first;
    let office = candidate.label == ORG && first > 0 && context.word(first - 1).mask & ROLE != 0;
    office && context.word(first).mask & HEAD == 0
}

/// Gives pooled candidates their points at the decision of a context.
pub fn weigh(weights: &Weights, context: &Context, candidates: &mut [Candidate]) {
    for candidate in candidates {
        let mut points = context.total(candidate, weights);
        if weights.sure && points < SEVERAL {
            points = points.max(least(context, candidate, weights));
        }
        candidate.points = points;
    }
}

/// The score that log-odds mean, from 0 to 1.
pub fn probability(points: f64) -> f64 {
    1.0 / (1.0 + (-points.clamp(-30.0, 30.0)).exp())
}
