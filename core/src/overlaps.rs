//! The candidates of a text in, how they lie to each other out: which hold which, how far they reach, which lists
//! know. The twin of `overlaps.py`; `strong` is `Candidate::strong`.

use crate::types::{Candidate, Evidence, Label, LABELS};

/// The source of evidence that a nationality adjective closes a listed name.
pub const CLOSING: &str = "closing nationality";

/// Things by the word that they belong to, those of one word in the order given.
#[derive(Debug)]
pub struct ByWord<T> {
    begins: Vec<u32>,
    things: Vec<T>,
}

impl<T: Copy> ByWord<T> {
    pub fn new(given: &[(usize, T)]) -> Self {
        let Some((_, any)) = given.first() else {
            return ByWord { begins: Vec::new(), things: Vec::new() };
        };
        let words = given.iter().map(|(word, _)| word + 1).max().unwrap_or(0);
        let mut begins = vec![0; words + 1];
        for (word, _) in given {
            begins[*word] += 1;
        }
        let mut total = 0;
        for begin in &mut begins {
            total += *begin;
            *begin = total;
        }
        let mut things = vec![*any; given.len()];
        for (word, thing) in given.iter().rev() {
            begins[*word] -= 1;
            things[begins[*word] as usize] = *thing;
        }
        ByWord { begins, things }
    }

    pub fn at(&self, word: usize) -> &[T] {
        match self.begins.get(word..word + 2) {
            Some(&[begin, end]) => &self.things[begin as usize..end as usize],
            _ => &[],
        }
    }
}

/// Tells of numbers below 16 whether each comes for the first time.
fn unique() -> impl FnMut(&usize) -> bool {
    let mut seen = 0_u16;
    move |number| {
        let new = seen & (1 << number) == 0;
        seen |= 1 << number;
        new
    }
}

const HOLDERS: [&str; 4] = ["gazetteer", "gazetteer weak", "rules", "discourse"];

/// What a longer candidate that holds a span is, by number: its recognizer and label.
pub fn holders() -> Vec<String> {
    HOLDERS.iter().flat_map(|by| LABELS.iter().map(move |label| format!("{by} {label}"))).collect()
}

/// The number of what gave a piece of evidence; no rule's reason begins with «weak».
fn holder(evidence: &Evidence) -> Option<usize> {
    match evidence {
        Evidence::Listed { note, .. } => Some(usize::from(note.sense == 3)),
        Evidence::Closing { .. } => Some(0),
        Evidence::Rule(_) => Some(2),
        Evidence::Taught { .. } => Some(3),
        Evidence::Chain => None,
    }
}

/// What longer candidates hold the words: `covers`.
pub struct Covers(ByWord<(u32, u32, u8)>);

impl Covers {
    pub fn new(candidates: &[Candidate]) -> Covers {
        let mut held = Vec::new();
        for c in candidates.iter().filter(|c| c.size() > 1) {
            for by in c.evidence.iter().filter_map(holder).filter(unique()) {
                let by = (by * LABELS.len()) as u8 + c.label;
                held.extend((c.first..c.last).map(|at| (at, (c.first as u32, c.last as u32, by))));
            }
        }
        Covers(ByWord::new(&held))
    }

    /// What holds a span, by its number in `holders`, each once.
    pub fn of(&self, first: usize, last: usize) -> impl Iterator<Item = usize> + '_ {
        let held = self.0.at(first).iter().map(|(from, to, by)| (*from as usize, *to as usize, *by));
        let longer = held.filter(move |(from, to, _)| last <= *to && (*from, *to) != (first, last));
        longer.map(|(_, _, by)| usize::from(by)).filter(unique())
    }
}

/// How long a listed name at an end of a longer candidate is, and at which end, by number: see `Reach::over`.
pub fn ends() -> Vec<String> {
    let of = |end| LABELS.iter().flat_map(move |label| ["one", "several"].map(|size| format!("{label} {size} {end}")));
    of("first").chain(of("last")).collect()
}

/// A candidate at one of its ends.
#[derive(Clone, Copy, Debug)]
struct Span {
    /// The other end.
    end: u32,
    label: Label,
    listed: bool,
    strong: bool,
    by_rule: bool,
}

impl Span {
    fn end(&self) -> usize {
        self.end as usize
    }
}

/// How far the rules' readings of a place go, which labels lists give a span, and where surely listed names begin and
/// end inside a candidate: `Reach` and `listed_labels`.
#[derive(Debug)]
pub struct Reach {
    begin: ByWord<Span>,
    end: ByWord<Span>,
}

impl Reach {
    pub fn new(candidates: &[Candidate]) -> Reach {
        let (mut begin, mut end) = (Vec::new(), Vec::new());
        for c in candidates {
            let (listed, strong) = (c.listed(), c.strong());
            let by_rule = c.evidence.iter().any(|e| matches!(e, Evidence::Rule(_)));
            if listed || by_rule {
                let span = Span { end: c.last as u32, label: c.label, listed, strong, by_rule };
                begin.push((c.first, span));
                end.push((c.last, Span { end: c.first as u32, ..span }));
            }
        }
        Reach { begin: ByWord::new(&begin), end: ByWord::new(&end) }
    }

    /// The labels that lists give a span, as bits.
    pub fn listed_labels(&self, first: usize, last: usize) -> u8 {
        let listed = self.begin.at(first).iter().filter(|s| s.listed && s.end() == last);
        listed.fold(0, |labels, s| labels | 1 << s.label)
    }

    /// Whether a span of several words is a listed name that stands alone.
    pub fn is_sure(&self, first: usize, last: usize) -> bool {
        last - first > 1 && self.begin.at(first).iter().any(|s| s.strong && s.end() == last)
    }

    /// Whether rules have a longer reading that begins where a candidate of rules begins.
    pub fn is_shorter_from_here(&self, first: usize, last: usize, label: Label) -> bool {
        self.begin.at(first).iter().any(|s| s.by_rule && s.label == label && s.end() > last)
    }

    /// Whether rules have a longer reading that ends where a candidate of rules ends.
    pub fn is_shorter_to_here(&self, first: usize, last: usize, label: Label) -> bool {
        self.end.at(last).iter().any(|s| s.by_rule && s.label == label && s.end() < first)
    }

    /// The labels and lengths of the listed names at either end of a longer candidate, each once, by its number in
    /// `ends`.
    pub fn over(&self, first: usize, last: usize) -> impl Iterator<Item = usize> + '_ {
        let begin = self.begin.at(first).iter().filter(move |s| s.strong && s.end() < last);
        let begin = begin.map(move |s| 2 * usize::from(s.label) + usize::from(s.end() - first > 1));
        let end = self.end.at(last).iter().filter(move |s| s.strong && s.end() > first);
        let end = end.map(move |s| 2 * (LABELS.len() + usize::from(s.label)) + usize::from(last - s.end() > 1));
        begin.chain(end).filter(unique())
    }
}
