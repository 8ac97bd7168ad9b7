//! Candidates in, the ones that stand out: the only place that discards. The twin of `decide.py`.
//!
//! The order is one sentence: of all sets of candidates that do not overlap, the set with the most points in all wins,
//! where a candidate is credited with the points of what stands inside it; between equals, the one whose spans are
//! longer, then the one that is first in the text, then by label.
//! Candidates whose points are not above `LEAST` never win.

use std::cmp::{Ordering, Reverse};

use crate::types::{Candidate, Evidence, PER};

/// Log-odds from which a longer reading is not weighed against its fragments: right twice as often as wrong.
pub const LIKELY: f64 = 0.8;
/// Log-odds that a candidate must exceed.
pub const LEAST: f64 = 0.0;

/// The one order in which decisions are made; labels go by their letters: LOC, ORG, PER.
pub fn rank(a: &Candidate, b: &Candidate) -> Ordering {
    let span = |c: &Candidate| (c.last, Reverse(c.first), Reverse(c.label));
    let source = |c: &Candidate| (c.evidence.first().map_or("", Evidence::recognizer), c.reference().unwrap_or(""));
    let order = span(a).cmp(&span(b)).then_with(|| source(a).cmp(&source(b)));
    order.then_with(|| b.points.total_cmp(&a.points))
}

/// Returns the best set of candidates that do not overlap, by their indexes, in the order of the text.
///
/// Time is linear in the candidates, but for sorting them, as long as few stand inside one another.
pub fn choose(candidates: &[Candidate]) -> Vec<usize> {
    let mut usable: Vec<usize> = (0..candidates.len()).filter(|at| candidates[*at].points > LEAST).collect();
    usable.sort_by(|a, b| rank(&candidates[*a], &candidates[*b]));
    let ranked: Vec<&Candidate> = usable.iter().map(|at| &candidates[*at]).collect();
    let mut points: Vec<f64> = ranked.iter().map(|c| c.points - LEAST).collect();
    let mut best = Best::default();
    let credited = credits(&ranked, &points, &mut best);
    for (own, credit) in points.iter_mut().zip(credited) {
        *own += credit;
    }
    best.of(&ranked, &points).iter().map(|at| usable[*at]).collect()
}

/// The tables of `_best`, kept from one set of candidates to the next.
#[derive(Default)]
struct Best {
    /// `best[i]`: points and words covered by the best choice among the first i candidates.
    best: Vec<(f64, usize)>,
    taken: Vec<bool>,
    before: Vec<usize>,
    chosen: Vec<usize>,
}

impl Best {
    /// The best choice among ranked candidates, by their numbers, in the order of the text.
    fn of(&mut self, ranked: &[&Candidate], points: &[f64]) -> &[usize] {
        self.best.clear();
        self.taken.clear();
        self.before.clear();
        self.chosen.clear();
        let mut most = (0.0, 0);
        self.best.push(most);
        for (at, (candidate, own)) in ranked.iter().zip(points).enumerate() {
            let fit = ranked[..at].partition_point(|c| c.last <= candidate.first);
            let (sum, words) = self.best[fit];
            let gain = (sum + own, words + candidate.size());
            let taken = gain > most;
            if taken {
                most = gain;
            }
            self.before.push(fit);
            self.taken.push(taken);
            self.best.push(most);
        }
        let mut at = ranked.len();
        while at > 0 {
            at -= 1;
            if self.taken[at] {
                self.chosen.push(at);
                at = self.before[at];
            }
        }
        self.chosen.reverse();
        &self.chosen
    }
}

/// Returns what each candidate is credited: what the best choice of fragments inside it would give.
///
/// The longest reading wins (a place inside the name of an agency is no evidence against the agency), so fragments
/// never outvote a whole that is likely right; against a doubtful one they count as the best of them, since fragments
/// of one span are right or wrong together. A whole competes with what crosses it.
fn credits(ranked: &[&Candidate], own: &[f64], best: &mut Best) -> Vec<f64> {
    let mut credited = vec![0.0; ranked.len()];
    let mut order: Vec<usize> = (0..ranked.len()).filter(|at| ranked[*at].size() > 1).collect();
    order.sort_by_key(|at| ranked[*at].size());
    let (mut parts, mut points) = (Vec::new(), Vec::new());
    for at in order {
        let whole = ranked[at];
        parts.clear();
        points.clear();
        // Ranked by their ends: what stands inside ends no later, and begins within the whole.
        let mut low = at;
        while low > 0 && ranked[low - 1].last > whole.first {
            low -= 1;
        }
        for (number, part) in ranked.iter().enumerate().skip(low) {
            if part.last > whole.last {
                break;
            }
            let within = whole.first <= part.first && (part.first, part.last) != (whole.first, whole.last);
            if within && !are_rivals(whole, part) {
                parts.push(*part);
                points.push(own[number] + credited[number]);
            }
        }
        if parts.is_empty() {
            continue;
        }
        let (mut sum, mut most) = (0.0, f64::NEG_INFINITY);
        for number in best.of(&parts, &points) {
            sum += points[*number];
            most = points[*number].max(most);
        }
        credited[at] = sum - if own[at] >= LIKELY { 0.0 } else { most };
    }
    credited
}

/// Whether a part is another end for the same name, and so no credit to the whole.
///
/// A person is no part of a person; a name of several words that is listed, and goes on where no list has it
/// («حزب النهضة المعارض»), is no part of the longer name.
fn are_rivals(whole: &Candidate, part: &Candidate) -> bool {
    if whole.label != part.label {
        return false;
    }
    whole.label == PER || (part.size() > 1 && part.strong() && !whole.strong())
}
