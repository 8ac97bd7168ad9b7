//! Words in, the best chain of labels out, and candidates for its spans: `recognizers/runs.py` and `packed.py`.
//!
//! Python packs the points of all labels into one integer; here they are arrays, with the same sums.

use crate::bits::{bit, bits};
use crate::features::{mask_features, tag_parts, word_features, Tag, CLASSES};
use crate::few::Few;
use crate::hash::{Brief, Index, Map};
use crate::letters;
use crate::lexicon::Lexicon;
use crate::types::{Candidate, Evidence, Label, Tokens, Word};

/// The numbers of the labels O, B-PER, I-PER, B-ORG, I-ORG, B-LOC, I-LOC.
const N: usize = 7;
const FIELD: usize = 20;
const SCALE: i32 = 64;
const BANNED: i32 = -30 * SCALE;
/// A word whose every other label is this far behind O is O whatever its neighbours are.
const LEAD: i32 = 3 * SCALE;
/// No name has more words: a longer run of names is a list without commas.
const LONGEST: usize = 24;
const HERE: u8 = 1;
const AFTER: u8 = 2;
const MOVES: u8 = 3;

const PAIRED: [(u64, u64); 2] = [(bit("bracket-open"), bit("bracket-close")), (bit("quote-open"), bit("quote-close"))];
const EDGE: u64 = bits(&[
    "newline",
    "comma",
    "stop-mark",
    "colon",
    "dash",
    "mark",
    "bracket-open",
    "bracket-close",
    "quote-open",
    "quote-close",
]);

type Points = [i32; N];
/// Points by the offset of the word that they are for, -2 to 2; small, since there is one for each word type.
pub type Vectors = [[i16; N]; 5];
/// A word has no more features that give points; so the sum of theirs fits.
const MOST_FEATURES: i32 = 40;

/// The fitted recognizer over the weights of a lexicon.
pub struct Runs {
    /// The numbers of the features in the code; their letters, one behind the other, and where those of each end.
    features: Index,
    names: Vec<u8>,
    ends: Vec<u32>,
    /// The points of each feature.
    points: Vec<Vectors>,
    /// The points of each pair of neighbouring classes for the first of them, and for the second.
    here: Vec<Points>,
    after: Vec<Points>,
    moves: [Points; N],
}

/// What is remembered between texts: the points of classes and of tags.
#[derive(Default)]
pub struct Memory {
    masks: Map<u64, Vectors>,
    tags: Map<Tag, Vectors>,
}

/// Unpacks signed fields of `FIELD` bits that were added up in one signed integer, little-endian.
fn unpacked<const COUNT: usize>(blob: &[u8]) -> [i32; COUNT] {
    let negative = blob.last().is_some_and(|byte| byte & 0x80 != 0);
    let byte = |at: usize| u64::from(*blob.get(at).unwrap_or(if negative { &0xff } else { &0 }));
    let mut carry = 0;
    std::array::from_fn(|i| {
        // A field below zero has borrowed from the next one.
        let (at, shift) = (i * FIELD / 8, i * FIELD % 8);
        let raw = byte(at) | byte(at + 1) << 8 | byte(at + 2) << 16;
        let field = ((raw >> shift) as i32 & ((1 << FIELD) - 1)) + carry;
        carry = i32::from(field >= 1 << (FIELD - 1));
        field - (carry << FIELD)
    })
}

/// The number of a pair of neighbouring classes.
fn pair(left: u8, right: u8) -> usize {
    left as usize * CLASSES + right as usize
}

fn by_offset(all: [i32; 5 * N]) -> Result<Vectors, String> {
    if all.iter().any(|points| points.abs() > i32::from(i16::MAX) / MOST_FEATURES) {
        return Err("the weights of a feature are larger than the core has room for".into());
    }
    Ok(std::array::from_fn(|offset| std::array::from_fn(|label| all[offset * N + label] as i16)))
}

fn add(total: &mut Vectors, other: &Vectors) {
    for (to, from) in total.iter_mut().flatten().zip(other.iter().flatten()) {
        *to = to.saturating_add(*from);
    }
}

fn add_points<T: Copy + Into<i32>>(total: &mut Points, other: &[T; N]) {
    for (to, from) in total.iter_mut().zip(other) {
        *to += (*from).into();
    }
}

impl Runs {
    pub fn new(lexicon: &Lexicon, guidelines: &str) -> Result<Runs, String> {
        let mut made = Runs {
            features: Index::default(),
            names: Vec::new(),
            ends: vec![0],
            points: Vec::new(),
            here: vec![[0; N]; CLASSES * CLASSES],
            after: vec![[0; N]; CLASSES * CLASSES],
            moves: [[0; N]; N],
        };
        let before = format!("{guidelines} ");
        let of_these = |(key, blob): (&'static [u8], _)| Some((key.strip_prefix(before.as_bytes())?, blob));
        for (key, blob) in lexicon.weights().filter_map(of_these) {
            match key {
                [MOVES] => {
                    for (to, number) in made.moves.iter_mut().flatten().zip(blob.chunks_exact(2)) {
                        *to = i16::from_le_bytes([number[0], number[1]]).into();
                    }
                }
                [kind @ (HERE | AFTER), left, right] => {
                    let pairs = if *kind == HERE { &mut made.here } else { &mut made.after };
                    if let Some(pair) = pairs.get_mut(pair(*left, *right)) {
                        *pair = unpacked(blob);
                    }
                }
                _ => {
                    let feature = std::str::from_utf8(key).ok().and_then(letters::coded);
                    if let Some(feature) = feature {
                        made.hold(&feature, by_offset(unpacked(blob))?);
                    }
                }
            }
        }
        Ok(made)
    }

    fn hold(&mut self, feature: &[u8], points: Vectors) {
        self.features.make_room();
        let key = Brief::of(feature);
        if let Err(slot) = self.number(key, feature) {
            self.features.put(slot, key, self.points.len() as u32);
            self.names.extend_from_slice(feature);
            self.ends.push(self.names.len() as u32);
            self.points.push(points);
        }
    }

    fn number(&self, key: Brief, feature: &[u8]) -> Result<u32, usize> {
        let name = |number: usize| &self.names[self.ends[number] as usize..self.ends[number + 1] as usize];
        self.features.get(key, |number| name(number as usize) == feature)
    }

    fn add(&self, feature: &[u8], total: &mut Vectors) {
        if let Ok(number) = self.number(Brief::of(feature), feature) {
            add(total, &self.points[number as usize]);
        }
    }

    /// The points that a word type gives to the labels of the words around it.
    pub fn vectors(&self, memory: &mut Memory, word: &Word) -> Vectors {
        let of_mask = memory.masks.entry(word.mask).or_insert_with(|| {
            let mut made = [[0; N]; 5];
            mask_features(word.mask, |feature| self.add(feature, &mut made));
            made
        });
        let mut total = *of_mask;
        let (mut short, mut count) = ([Brief::default(); MOST_FEATURES as usize], 0);
        word_features(word, |name, value| match Brief::joined(name, value) {
            Some(key) => {
                short[count] = key;
                count += 1;
            }
            None => self.add(&[name, value].concat(), &mut total),
        });
        let short = &short[..count];
        self.features.fetch(short);
        for number in short.iter().filter_map(|key| self.features.get(*key, |_| false).ok()) {
            add(&mut total, &self.points[number as usize]);
        }
        total
    }

    fn tag(&self, memory: &mut Memory, tag: Tag) -> Vectors {
        *memory.tags.entry(tag).or_insert_with(|| {
            let parts = tag_parts(tag);
            let mut total = [[0; N]; 5];
            for part in parts.iter().chain([&format!("={}", parts.join("|"))]) {
                self.add(format!("g={part}").as_bytes(), &mut total);
            }
            total
        })
    }

    fn emissions(&self, memory: &mut Memory, tokens: &Tokens, tags: &[Tag]) -> Vec<Points> {
        let size = tokens.len();
        let mut total = vec![[0; N]; size];
        let mut give = |at: usize, vectors: &Vectors| {
            // The points for the word at offset -1 of its neighbour go to the word behind it, and so on.
            for (offset, points) in vectors.iter().enumerate() {
                let to = at + 2;
                if to >= offset && to - offset < size {
                    add_points(&mut total[to - offset], points);
                }
            }
        };
        for at in 0..size {
            give(at, &tokens.word(at).vectors);
        }
        for (at, tag) in tags.iter().enumerate() {
            if *tag != [0; 3] {
                give(at, &self.tag(memory, *tag));
            }
        }
        for at in 1..size {
            let pair = pair(tokens.word(at - 1).class, tokens.word(at).class);
            add_points(&mut total[at - 1], &self.here[pair]);
            add_points(&mut total[at], &self.after[pair]);
        }
        total
    }

    /// The best chain of labels for the words of a text.
    pub fn read(&self, memory: &mut Memory, tokens: &Tokens, tags: &[Tag]) -> Reading {
        let emissions = self.emissions(memory, tokens, tags);
        let chain = trimmed(viterbi(&emissions, &self.moves), tokens);
        Reading { chain, emissions, moves: self.moves }
    }
}

fn viterbi(emissions: &[Points], moves: &[Points; N]) -> Vec<u8> {
    let mut chain = vec![0; emissions.len()];
    let open = |points: &Points| points[1..].iter().any(|p| *p >= -LEAD);
    let mut at = 0;
    while at < emissions.len() {
        if !open(&emissions[at]) {
            at += 1;
            continue;
        }
        let begin = at;
        while at < emissions.len() && open(&emissions[at]) {
            at += 1;
        }
        if at - begin == 1 {
            chain[begin] = solve_one(&emissions[begin], moves);
        } else {
            solve(&emissions[begin..at], moves, &mut chain[begin..at]);
        }
    }
    chain
}

/// The best label of a word between two that are O: O, or a name of one word.
fn solve_one(points: &Points, moves: &[Points; N]) -> u8 {
    let alone = |label: usize| moves[0][label] + moves[label][0];
    let (mut best, mut score) = (0, alone(0));
    for label in [1, 3, 5] {
        let other = points[label] + alone(label);
        if other > score {
            (best, score) = (label, other);
        }
    }
    best as u8
}

fn solve(emissions: &[Points], moves: &[Points; N], chain: &mut [u8]) {
    let mut scores = [BANNED * 1000; N];
    scores[0] = 0;
    let mut back: Vec<[u8; N]> = Vec::with_capacity(emissions.len());
    for points in emissions {
        let before = scores;
        let mut column = [0; N];
        for label in [0, 1, 3, 5] {
            let (mut best, mut score) = (0, before[0] + moves[0][label]);
            for i in 1..N {
                let other = before[i] + moves[i][label];
                if other > score {
                    (best, score) = (i, other);
                }
            }
            scores[label] = score + points[label];
            column[label] = best as u8;
        }
        for label in [2, 4, 6] {
            let begin = label - 1;
            let (began, went) = (before[begin] + moves[begin][label], before[label] + moves[label][label]);
            scores[label] = began.max(went) + points[label];
            column[label] = if began >= went { begin } else { label } as u8;
        }
        back.push(column);
    }
    let mut label = 0;
    for i in 1..N {
        if scores[i] + moves[i][0] > scores[label] + moves[label][0] {
            label = i;
        }
    }
    for (at, column) in chain.iter_mut().zip(back).rev() {
        *at = label as u8;
        label = column[label] as usize;
    }
}

/// A chain whose names neither begin nor end with a sign, but for a bracket or quote that they opened.
fn trimmed(mut chain: Vec<u8>, tokens: &Tokens) -> Vec<u8> {
    let edge = |at: usize| tokens.word(at).mask & EDGE != 0;
    if !chain.iter().enumerate().any(|(at, label)| *label != 0 && edge(at)) {
        return chain;
    }
    for (first, last, _) in spans(&chain) {
        let (mut begin, mut end) = (first, last);
        while begin < end && edge(begin) {
            begin += 1;
        }
        while begin < end && edge(end - 1) && !closes(tokens, begin, end) {
            end -= 1;
        }
        chain[first..begin].fill(0);
        chain[end..last].fill(0);
    }
    chain
}

/// Whether the last word is a closing bracket or quote of one that stands before it.
fn closes(tokens: &Tokens, begin: usize, end: usize) -> bool {
    let mask = tokens.word(end - 1).mask;
    let pair = PAIRED.iter().find(|pair| mask & pair.1 != 0);
    pair.is_some_and(|pair| (begin..end - 1).any(|at| tokens.word(at).mask & pair.0 != 0))
}

/// The spans (first, last exclusive, label) of a chain of BIO labels.
pub fn spans(chain: &[u8]) -> Vec<(usize, usize, Label)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, Label)> = None;
    for at in 0..=chain.len() {
        let number = *chain.get(at).unwrap_or(&0);
        let (begins, label) = (number % 2 == 1, number.wrapping_sub(1) / 2);
        if let Some((first, of)) = open {
            if number == 0 || begins || label != of {
                found.push((first, at, of));
                open = None;
            }
        }
        if number != 0 && open.is_none() {
            open = Some((at, label));
        }
    }
    found
}

/// What the fitted recognizer makes of a text: the best chain of labels, and the points of each word.
pub struct Reading {
    pub chain: Vec<u8>,
    pub emissions: Vec<Points>,
    pub moves: [Points; N],
}

impl Reading {
    /// How many more points words first to last have as one name than as plain text (natural log units).
    pub fn odds(&self, first: usize, last: usize, label: Label) -> f64 {
        let begin = 2 * label as usize + 1;
        let inside = begin + 1;
        let left = if first > 0 { self.chain[first - 1] as usize } else { 0 };
        let mut right = *self.chain.get(last).unwrap_or(&0) as usize;
        if right != 0 && right % 2 == 0 {
            // The chain goes on behind the span: without the span it would have to begin there.
            right = 0;
        }
        let moves = &self.moves;
        let (mut total, mut before) = (0, left);
        for at in first..last {
            let now = if at == first { begin } else { inside };
            total += self.emissions[at][now] + moves[before][now];
            before = now;
        }
        total += moves[before][right];
        let plain = moves[left][0] + moves[0][0] * (last as i32 - first as i32 - 1) + moves[0][right];
        f64::from(total - plain) / f64::from(SCALE)
    }
}

/// Proposes a candidate for every span of the best chain that is not too long to be a name.
pub fn propose(reading: &Reading, tokens: &Tokens, found: &mut Vec<Candidate>) {
    for (first, last, label) in spans(&reading.chain) {
        if last - first <= LONGEST {
            let (proclitic, offset, _) = tokens.word(first).head();
            let (start, end) = (tokens.start(first) + offset, tokens.end(last - 1));
            let plain = Candidate::plain(first, last, start, end, label, Few::one(Evidence::Chain));
            found.push(Candidate { proclitic, ..plain });
        }
    }
}
