//! The candidates of a text in, what speaks for and against each out: the points of its features, added up.
//!
//! Evidence, the fitted chain, the classes of the words of a span and around it, and the other candidates that hold
//! it, stand in it or end elsewhere. The twin of `context.py`; where that names features for `weigh` to look up, here
//! the weights stand in tables by label and argument (`Names`), and each is added in the same order.

use std::sync::LazyLock;

use crate::bits::{bit, bits};
use crate::clitics;
use crate::features::ORDER;
use crate::hash::Map;
use crate::letters;
use crate::overlaps::{self, ByWord, Covers, Reach};
use crate::rules::Rules;
use crate::runs::{self, Reading};
use crate::titles;
use crate::types::{Candidate, Evidence, How, Label, ListNote, Proclitic, Tokens, Word, LABELS, LOC};
use crate::weigh::Weights;

/// The weights of a feature: at the first decision, and at the second.
pub type Points = [f64; 2];

/// The odds of the fitted chain are cut off here: beyond, they say no more.
const LEAST_ODDS: f64 = -6.0;
const MOST_ODDS: f64 = 10.0;

/// What speaks against a place: «حي النور» begins with what it is, «السعودية» of «الحكومة السعودية» is an adjective.
pub const CATEGORY: &str = "LOC begins with its category";
pub const AGREES: &str = "LOC agrees with the noun before";
/// What speaks against any: the lists know the name, and with another label.
pub const ANOTHER: &str = "listed as another";

/// The numbers of classes as bits.
const fn numbers(classes: u64) -> u64 {
    let mut found = 0;
    let mut number = 0;
    while number < ORDER.len() {
        if bit(ORDER[number]) & classes != 0 {
            found |= 1 << number;
        }
        number += 1;
    }
    found
}

const NOUNS: u64 = numbers(bits(&[
    "noun",
    "adjective",
    "org-adjective",
    "org-field",
    "org-head",
    "org-topic",
    "place-outside",
    "unknown",
]));
const PLACE_OUTSIDE: u64 = numbers(bit("place-outside"));
const NATIONALITY: u64 = bit("nationality");
const DEFINITE: u64 = bit("definite");
const PROCLITIC: u64 = bits(&["conjunction", "preposition"]);

/// As ة is folded.
static FEMININE: LazyLock<Vec<u8>> = LazyLock::new(|| letters::code("ه"));

const RECOGNIZERS: [&str; 4] = ["gazetteer", "rules", "runs", "discourse"];
const GAZETTEER: usize = 0;
const RULES: usize = 1;
const RUNS: usize = 2;
const DISCOURSE: usize = 3;

/// In the order of `How`.
const WAYS: [How; 8] =
    [How::Same, How::Surname, How::Tail, How::Middle, How::Given, How::Gloss, How::Acronym, How::Defined];
const CLASSES: usize = ORDER.len() + 1;
const PROCLITICS: usize = 12;

/// How the best chain stands to a span: none, many, exact, then how it stands to which label.
const RELATIONS: usize = 3 + 4 * LABELS.len();
const NONE: usize = 0;
const MANY: usize = 1;
const EXACT: usize = 2;

fn relation_name(relation: usize) -> String {
    match relation {
        NONE => "none".into(),
        MANY => "many".into(),
        EXACT => "exact".into(),
        _ => {
            let (how, label) = ((relation - 3) / LABELS.len(), (relation - 3) % LABELS.len());
            format!("{} {}", ["exact", "inside", "covers", "crosses"][how], LABELS[label])
        }
    }
}

fn number_of(note: ListNote) -> usize {
    let size = usize::from(note.words.clamp(1, 5)) - 1;
    (usize::from(note.sense) * 5 + size) * 4 + usize::from(note.ambiguous) * 2 + usize::from(note.repaired)
}

fn note_of(number: usize) -> ListNote {
    let (sense, words) = ((number / 20) as u8, (number / 4 % 5) as u8 + 1);
    ListNote { sense, words, ambiguous: number & 2 != 0, repaired: number & 1 != 0 }
}

/// The weights of the features of a label, by their arguments.
pub struct Names {
    prior: Points,
    gazetteer: [Points; 80],
    taught: [[Points; 2]; WAYS.len()],
    taught_as: [Points; LABELS.len()],
    kind: Map<String, Points>,
    odds: Points,
    chain: [Points; RELATIONS],
    only: [Points; RECOGNIZERS.len()],
    inside: Vec<Points>,
    words: [Points; 6],
    is: [Points; CLASSES],
    zipf: [Points; 7],
    begins: [Points; CLASSES],
    ends: [Points; CLASSES],
    after: [Points; CLASSES],
    at_start: Points,
    before: [Points; CLASSES],
    at_end: Points,
    behind: [Points; PROCLITICS],
    also: [Points; LABELS.len()],
    in_title: [Points; 2],
    from_here: [Points; 2],
    to_here: [Points; 2],
    over: Vec<Points>,
}

impl Names {
    /// Looks the weights of a label up; a feature that was not fitted weighs nothing.
    pub fn new(label: &str, named: &Map<String, Points>) -> Names {
        let of = |name: &str| named.get(&format!("{label} {name}")).copied().unwrap_or_default();
        let classes = |kind: &str| -> [Points; CLASSES] {
            std::array::from_fn(|class| of(&format!("{kind} {}", ORDER.get(class).unwrap_or(&"other"))))
        };
        let labels = |kind: &str| LABELS.map(|other| of(&format!("{kind} {other}")));
        let kind = format!("{label} kind ");
        let kinds = named.iter().filter_map(|(name, points)| Some((name.strip_prefix(&kind)?.to_owned(), *points)));
        Names {
            prior: of("prior"),
            gazetteer: std::array::from_fn(|n| of(&format!("gazetteer {}", note_of(n).text()))),
            taught: WAYS.map(|how| ["", "near "].map(|near| of(&format!("taught {near}{}", how.text())))),
            taught_as: labels("taught as"),
            kind: kinds.collect(),
            odds: of("chain odds"),
            chain: std::array::from_fn(|n| of(&format!("chain {}", relation_name(n)))),
            only: RECOGNIZERS.map(|recognizer| of(&format!("only {recognizer}"))),
            inside: overlaps::holders().iter().map(|by| of(&format!("inside {by}"))).collect(),
            words: std::array::from_fn(|n| of(&format!("words {n}"))),
            is: classes("is"),
            zipf: std::array::from_fn(|n| of(&format!("zipf {n}"))),
            begins: classes("begins"),
            ends: classes("ends"),
            after: classes("after"),
            at_start: of("after start"),
            before: classes("before"),
            at_end: of("before end"),
            behind: std::array::from_fn(|n| of(&format!("behind {}", clitics::text(n as Proclitic)))),
            also: labels("also"),
            in_title: ["unknown", "known"].map(|known| of(&format!("in title {known}"))),
            from_here: ["longest", "shorter"].map(|size| of(&format!("rules from here {size}"))),
            to_here: ["longest", "shorter"].map(|size| of(&format!("rules to here {size}"))),
            over: overlaps::ends().iter().map(|what| of(&format!("over {what}"))).collect(),
        }
    }
}

/// The weights of a rule: by itself, and by how the best chain stands to what it takes.
pub struct RuleNames {
    alone: Points,
    with_chain: [Points; RELATIONS],
}

impl RuleNames {
    pub fn of(rules: &Rules, named: &Map<String, Points>) -> Vec<RuleNames> {
        let of = |name: String| named.get(&name).copied().unwrap_or_default();
        let names = (0..rules.count()).map(|number| rules.name(number as u16));
        let made = names.map(|name| RuleNames {
            alone: of(format!("rule {name}")),
            with_chain: std::array::from_fn(|n| of(format!("chain {}, rule {name}", relation_name(n)))),
        });
        made.collect()
    }
}

/// What stays as it is when a document teaches more candidates, made from the first ones: `_Still`.
///
/// The points that a candidate has by itself are added up anew at the second decision: kept, they would save half a
/// hundredth of the time.
pub struct Still {
    classes: Vec<u8>,
    spans: Vec<(usize, usize, Label)>,
    titles: Vec<bool>,
    reach: Reach,
}

impl Still {
    pub fn new(tokens: &Tokens, reading: &Reading, candidates: &[Candidate]) -> Still {
        Still {
            classes: (0..tokens.len()).map(|at| tokens.word(at).class).collect(),
            spans: runs::spans(&reading.chain),
            titles: titles::complements(tokens),
            reach: Reach::new(candidates),
        }
    }
}

/// Points at a decision, added up from the first feature to the last.
struct Sum {
    points: f64,
    decision: usize,
}

impl Sum {
    fn add(&mut self, weight: &Points) {
        self.points += weight[self.decision];
    }

    fn add_times(&mut self, weight: &Points, value: f64) {
        self.points += weight[self.decision] * value;
    }
}

/// What the features of a text's candidates are read from, at the first decision (0) or the second (1).
pub struct Context<'a> {
    tokens: &'a Tokens<'a>,
    reading: &'a Reading,
    still: &'a Still,
    covers: Covers,
    taught: ByWord<(u32, Label)>,
    decision: usize,
}

impl<'a> Context<'a> {
    pub fn new(
        tokens: &'a Tokens<'a>,
        reading: &'a Reading,
        still: &'a Still,
        candidates: &[Candidate],
        decision: usize,
    ) -> Context<'a> {
        let same = |e: &Evidence| matches!(e, Evidence::Taught { how: How::Same, near: false, .. });
        let taught = candidates.iter().filter(|c| c.evidence.iter().any(same));
        let taught: Vec<_> = taught.map(|c| (c.first, (c.last as u32, c.label))).collect();
        Context { tokens, reading, still, covers: Covers::new(candidates), taught: ByWord::new(&taught), decision }
    }

    /// A word of the text.
    pub fn word(&self, at: usize) -> &'a Word {
        self.tokens.word(at)
    }

    /// Whether a word stands in the complement of a title (see `titles`).
    pub fn in_title(&self, first: usize) -> bool {
        self.still.titles[first]
    }

    fn is(&self, at: usize, classes: u64) -> bool {
        classes >> self.still.classes[at] & 1 != 0
    }

    /// Whether a word is a nationality that agrees with the noun before it: «الحكومة السعودية».
    pub fn is_adjective(&self, at: usize) -> bool {
        at > 0 && self.is(at - 1, NOUNS) && agrees(self.word(at - 1), self.word(at))
    }

    /// The points of a candidate's features: `weigh.total`.
    pub fn total(&self, candidate: &Candidate, weights: &Weights) -> f64 {
        self.own(candidate, weights) + self.others(candidate, weights)
    }

    fn sum(&self) -> Sum {
        Sum { points: 0.0, decision: self.decision }
    }

    /// The points of what no other candidate for the words changes.
    fn own(&self, candidate: &Candidate, weights: &Weights) -> f64 {
        let (first, last, label) = (candidate.first, candidate.last, candidate.label);
        let names = weights.of(label);
        let odds = self.reading.odds(first, last, label).clamp(LEAST_ODDS, MOST_ODDS);
        let relation = self.relation(first, last, label);
        let mut sum = self.sum();
        sum.add(&names.prior);
        sum.add_times(&names.odds, odds / 4.0);
        sum.add(&names.chain[relation]);
        let recognizers = self.add_evidence(&mut sum, candidate, weights, relation);
        if let Some(points) = names.kind.get(candidate.kind) {
            sum.add(points);
        }
        if recognizers.count_ones() == 1 {
            sum.add(&names.only[recognizers.trailing_zeros() as usize]);
        }
        if recognizers & 1 << RULES != 0 {
            let reach = &self.still.reach;
            sum.add(&names.from_here[usize::from(reach.is_shorter_from_here(first, last, label))]);
            sum.add(&names.to_here[usize::from(reach.is_shorter_to_here(first, last, label))]);
        }
        if candidate.proclitic != clitics::NONE {
            sum.add(&names.behind[usize::from(candidate.proclitic)]);
        }
        self.add_words(&mut sum, names, first, last);
        let listed = recognizers & 1 << GAZETTEER != 0;
        if label == LOC {
            self.add_place(&mut sum, weights, first, last, listed);
        }
        if !listed && self.still.reach.is_sure(first, last) {
            sum.add(&weights.another);
        }
        sum.points
    }

    /// The points of what other candidates hold a span, and which give it another label.
    fn others(&self, candidate: &Candidate, weights: &Weights) -> f64 {
        let (first, last, label) = (candidate.first, candidate.last, candidate.label);
        let names = weights.of(label);
        let mut sum = self.sum();
        for by in self.covers.of(first, last) {
            sum.add(&names.inside[by]);
        }
        let mut add = |labels: u8, points: &[Points]| {
            for (other, points) in points.iter().enumerate() {
                if other != usize::from(label) && labels & 1 << other != 0 {
                    sum.add(points);
                }
            }
        };
        let listed = self.still.reach.listed_labels(first, last);
        if listed.count_ones() > 1 {
            add(listed, &names.also);
        }
        let taught = self.taught.at(first).iter().filter(|(end, _)| *end as usize == last);
        add(taught.fold(0, |labels, (_, label)| labels | 1 << label), &names.taught_as);
        sum.points
    }

    /// Adds what the recognizers say of a candidate; returns which of them do, as bits.
    fn add_evidence(&self, sum: &mut Sum, candidate: &Candidate, weights: &Weights, relation: usize) -> u8 {
        let names = weights.of(candidate.label);
        let mut recognizers = 0;
        for evidence in candidate.evidence.iter() {
            recognizers |= match evidence {
                Evidence::Listed { note, .. } => {
                    sum.add(&names.gazetteer[number_of(*note)]);
                    1 << GAZETTEER
                }
                Evidence::Closing { .. } => {
                    sum.add(&weights.closing);
                    1 << GAZETTEER
                }
                Evidence::Rule(number) => {
                    let rule = &weights.rules[usize::from(*number)];
                    sum.add(&rule.alone);
                    sum.add(&rule.with_chain[relation]);
                    1 << RULES
                }
                Evidence::Chain => 1 << RUNS,
                Evidence::Taught { how, near, .. } => {
                    sum.add(&names.taught[*how as usize][usize::from(*near)]);
                    1 << DISCOURSE
                }
            };
        }
        if self.in_title(candidate.first) {
            sum.add(&names.in_title[usize::from(candidate.strong())]);
        }
        recognizers
    }

    /// Adds what words and listed names a span has, and which words stand around it.
    fn add_words(&self, sum: &mut Sum, names: &Names, first: usize, last: usize) {
        let (classes, size) = (&self.still.classes, last - first);
        let class = |at: usize| usize::from(classes[at]);
        sum.add(&names.words[size.min(5)]);
        if size == 1 {
            sum.add(&names.is[class(first)]);
            sum.add(&names.zipf[(self.word(first).zipf.clamp(0, 150) / 25) as usize]);
        } else {
            for what in self.still.reach.over(first, last) {
                sum.add(&names.over[what]);
            }
            sum.add(&names.begins[class(first)]);
            sum.add(&names.ends[class(last - 1)]);
        }
        sum.add(if first > 0 { &names.after[class(first - 1)] } else { &names.at_start });
        sum.add(if last < classes.len() { &names.before[class(last)] } else { &names.at_end });
    }

    /// Adds what speaks against a place: a category at its head, or that it is an adjective of the word before it.
    fn add_place(&self, sum: &mut Sum, weights: &Weights, first: usize, last: usize, listed: bool) {
        if last - first > 1 {
            if !listed && self.is(first, PLACE_OUTSIDE) {
                sum.add(&weights.category);
            }
        } else if self.is_adjective(first) {
            sum.add(&weights.agrees);
        }
    }

    /// How the best chain of the fitted recognizer stands to a span.
    fn relation(&self, first: usize, last: usize, label: Label) -> usize {
        let spans = &self.still.spans;
        let after = &spans[spans.partition_point(|span| span.1 <= first)..];
        let (from, to, of) = match after {
            [_, second, ..] if second.0 < last => return MANY,
            [span, ..] if span.0 < last => *span,
            _ => return NONE,
        };
        let how = if (from, to) == (first, last) {
            if of == label {
                return EXACT;
            }
            0
        } else if from <= first && last <= to {
            1
        } else if first <= from && to <= last {
            2
        } else {
            3
        };
        3 + how * LABELS.len() + usize::from(of)
    }
}

/// Whether a nationality has the article, or the feminine ending, that the noun before it has.
fn agrees(noun: &Word, word: &Word) -> bool {
    if word.mask & NATIONALITY == 0 || word.mask & PROCLITIC != 0 {
        return false;
    }
    if word.mask & DEFINITE != 0 {
        return noun.mask & DEFINITE != 0;
    }
    noun.mask & DEFINITE == 0 && noun.key.ends_with(&FEMININE) && word.key.ends_with(&FEMININE)
}
