//! A span and the candidates around it in, what stands inside it out: `nearby.py` without `beaten`.

use crate::decide;
use crate::types::{Candidate, ORG, PER};

/// The candidates that can be told inside another, by their first word, so that an entity is compared with those in it
/// alone: surely known organisations and places.
pub struct Nearby<'a> {
    by_first: Vec<&'a Candidate>,
}

impl<'a> Nearby<'a> {
    pub fn new(candidates: &'a [Candidate]) -> Self {
        let mut by_first: Vec<_> = candidates.iter().filter(|c| c.label != PER && c.strong()).collect();
        by_first.sort_by_key(|c| c.first);
        Nearby { by_first }
    }

    /// The candidates that begin inside a span, in the order given for each first word.
    fn beginning_in(&self, span: &Candidate) -> impl Iterator<Item = &'a Candidate> + '_ {
        let (first, last) = (span.first, span.last);
        let begin = self.by_first.partition_point(|c| c.first < first);
        self.by_first[begin..].iter().copied().take_while(move |c| c.first < last)
    }
}

/// Returns the surely known names inside a longer one, such as the city in the name of a university.
pub fn nested<'a>(outer: &Candidate, nearby: &Nearby<'a>) -> Vec<&'a Candidate> {
    if outer.size() < 2 {
        return Vec::new();
    }
    let mut inside: Vec<&Candidate> = nearby
        .beginning_in(outer)
        .filter(|c| c.last <= outer.last && c.size() < outer.size())
        .filter(|c| c.reference().is_none() || c.reference() != outer.reference())
        .filter(|c| c.label != outer.label || c.label == ORG)
        .collect();
    if inside.len() > 1 {
        let longest_first: Vec<Candidate> =
            inside.iter().map(|c| Candidate { points: c.size() as f64, ..(*c).clone() }).collect();
        inside = decide::choose(&longest_first).into_iter().map(|at| inside[at]).collect();
    }
    inside
}
