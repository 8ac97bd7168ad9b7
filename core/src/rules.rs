//! Words in, candidates out for every rule that matches: twin of `recognizers/rules.py`, which says how the rules run,
//! and of `stored` in `recognizers/patterns.py`.
//!
//! The bits of one rule stay inside one word of 64: no carry, borrow or shift goes from one word to the next, so that
//! the words of a set are worked on side by side.

use std::cmp::Reverse;
use std::sync::LazyLock;

use crate::bits::{self, bit};
use crate::clitics::{proclitic, B, K, L, NONE, SIGNS};
use crate::few::Few;
use crate::hash::Map;
use crate::json::Value;
use crate::letters;
use crate::types::{Candidate, Evidence, Label, Proclitic, Tokens, Word};

const DEFINITE: u128 = bit("definite") as u128;
const CONJUNCTION: u128 = bit("conjunction") as u128;
const PREPOSITION: u128 = bit("preposition") as u128;
const UNKNOWN: u128 = bit("unknown") as u128;
const NEWLINE: u128 = bit("newline") as u128;
// Beyond the bits of the schema: which preposition it is; an unknown word that is no bare name.
const IN: u128 = 1 << bits::NAMES.len();
const FOR: u128 = IN << 1;
const INFLECTED: u128 = IN << 2;
const CLASSES: usize = bits::NAMES.len() + 3;
const CLITICS: u128 = CONJUNCTION | PREPOSITION;
const SHAPE: u128 = CLITICS | DEFINITE;
const W: Proclitic = proclitic(1, NONE);
const F: Proclitic = proclitic(2, NONE);

/// Endings and beginnings that a name does not have; «ة», which folds to «ه», is looked at as written.
struct Inflections {
    pronouns: Vec<Vec<u8>>,
    with_article: Vec<Vec<u8>>,
    tanwin: Vec<u8>,
}

static INFLECTIONS: LazyLock<Inflections> = LazyLock::new(|| Inflections {
    pronouns: ["ها", "هم", "هما", "هن", "كم", "ه"].map(letters::code).to_vec(),
    with_article: ["وال", "فال", "بال", "كال", "وبال", "لل", "ولل"].map(letters::code).to_vec(),
    tanwin: letters::code("\u{64b}\u{64c}\u{64d}"),
});

/// A set of checks, as bits.
type Checks = [u64; 8];
const NO_CHECKS: Checks = [0; 8];

fn add(set: &mut Checks, more: &Checks) {
    for (word, other) in set.iter_mut().zip(more) {
        *word |= other;
    }
}

/// The numbers of the bits that are on, the lowest first.
fn ones(mut mask: u128) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let low = (mask != 0).then(|| mask.trailing_zeros() as usize);
        mask &= mask.wrapping_sub(1);
        low
    })
}

/// The checks that want a class, those that fail for it, those that fail for lack of it.
#[derive(Clone, Copy)]
struct Class {
    some: Checks,
    none: Checks,
    every: Checks,
}

/// What a word must be to stand at a place, for all places: each class and each word knows the checks that name it.
struct Tables {
    classes: [Class; CLASSES],
    /// The checks that take a word, and those that bar it.
    words: Map<Box<[u8]>, (Checks, Checks)>,
    /// The places of each check.
    of_check: Vec<Vec<u64>>,
}

/// A place in a rule: whether its words are taken or behind what is taken, and the places that may follow it.
struct Place {
    rule: u16,
    taken: bool,
    behind: bool,
    following: Vec<usize>,
}

struct Rule {
    id: String,
    label: Label,
    kind: &'static str,
    why: String,
    /// The proclitics that its first taken word leaves outside.
    peels: u128,
}

/// One element of a rule: `least` to `most` words, each of which passes one of the checks.
struct Element {
    checks: Vec<usize>,
    least: usize,
    most: usize,
}

/// A set of rules, ready to run. Places are numbered from each rule's last element to its first.
pub struct Rules {
    rules: Vec<Rule>,
    tables: Tables,
    places: Vec<Place>,
    // Bits: always on, before each rule; places that may be left out; those before and at the end of a run of them;
    // the first place of each rule.
    starts: Vec<u64>,
    optional: Vec<u64>,
    before: Vec<u64>,
    behind: Vec<u64>,
    last: Vec<u64>,
    /// The places of the newline before the first word of a text.
    edge: Vec<u64>,
    longest: usize,
}

fn set(bits: &mut [u64], number: usize) {
    bits[number / 64] |= 1 << (number % 64);
}

fn has(bits: &[u64], number: usize) -> bool {
    bits[number / 64] >> (number % 64) & 1 != 0
}

impl Rules {
    /// Lays the rules that `patterns.listed` gave out one behind the other.
    pub fn new(given: &Value) -> Result<Rules, String> {
        let checks = given.get("checks").list();
        let (tables, every) = Tables::new(checks)?;
        let mut made = Rules {
            rules: Vec::new(),
            tables,
            places: Vec::new(),
            starts: Vec::new(),
            optional: Vec::new(),
            before: Vec::new(),
            behind: Vec::new(),
            last: Vec::new(),
            edge: Vec::new(),
            longest: 0,
        };
        for rule in given.get("rules").list() {
            made.lay(rule, &every)?;
        }
        let edge = Word::default();
        let mut places = Places::new();
        let number = places.of(&made, &edge);
        made.edge = places.get(number).to_vec();
        Ok(made)
    }

    pub fn count(&self) -> usize {
        self.rules.len()
    }

    pub fn name(&self, rule: u16) -> &str {
        &self.rules[usize::from(rule)].id
    }

    pub fn why(&self, rule: u16) -> &str {
        &self.rules[usize::from(rule)].why
    }

    /// Gives a rule its places, behind a bit that is always on; `every` is that of each check.
    fn lay(&mut self, given: &Value, every: &[u128]) -> Result<(), String> {
        let [id, label, kind, why, _, parts, opens, closes] = given.list() else {
            return Err("rules: a rule is eight values".into());
        };
        let id = id.text().to_owned();
        let wrong = |what: &str| format!("rule {id}: {what}");
        let label = crate::lexicon::label_of(label.text()).ok_or_else(|| wrong("no such label"))?;
        let (opens, closes) = (opens.whole() as usize, closes.whole() as usize);
        let elements = parts.list().iter().map(Element::new).collect::<Result<Vec<_>, _>>().map_err(wrong)?;
        if opens >= closes || closes > elements.len() || elements[0].least == 0 || elements[opens].least == 0 {
            return Err(wrong("what is taken is not marked, or does not begin with a word"));
        }
        if elements.iter().flat_map(|element| &element.checks).any(|check| *check >= every.len()) {
            return Err(wrong("no such check"));
        }
        let most = elements.iter().map(|element| element.most).sum();
        if most >= 64 {
            return Err(wrong("matches more than 63 words"));
        }
        let number = u16::try_from(self.rules.len()).map_err(|_| wrong("too many rules"))?;
        self.make_room(1 + most);
        let start = self.place(number, false, true, Vec::new());
        set(&mut self.starts, start);
        let mut following: Vec<usize> = Vec::new();
        let mut in_run = false;
        for (index, element) in elements.iter().enumerate().rev() {
            for copy in 0..element.most {
                let here = self.place(number, opens <= index && index < closes, index >= closes, following.clone());
                let optional = copy < element.most - element.least;
                if optional {
                    set(&mut self.optional, here);
                    if !in_run {
                        set(&mut self.before, here - 1);
                    }
                } else {
                    if in_run {
                        set(&mut self.behind, here - 1);
                    }
                    following.clear();
                }
                in_run = optional;
                following.insert(0, here);
                for check in &element.checks {
                    set(&mut self.tables.of_check[*check], here);
                }
            }
        }
        set(&mut self.last, self.places.len() - 1);
        self.longest = self.longest.max(most);
        let peels = elements[opens].checks.iter().fold(0, |sum, check| sum | every[*check]) & (CLITICS | IN | FOR);
        self.rules.push(Rule { id, label, kind: kept(kind.text(), &self.rules), why: why.text().to_owned(), peels });
        Ok(())
    }

    /// Makes room for the places of one rule, in a new word where they do not go into the last one.
    fn make_room(&mut self, size: usize) {
        let used = self.places.len() % 64;
        if used + size > 64 {
            for _ in used..64 {
                self.place(0, false, true, Vec::new());
            }
        }
        let words = (self.places.len() + size).div_ceil(64);
        let masks = [&mut self.starts, &mut self.optional, &mut self.before, &mut self.behind, &mut self.last];
        for bits in masks.into_iter().chain(&mut self.tables.of_check) {
            bits.resize(words, 0);
        }
    }

    fn place(&mut self, rule: u16, taken: bool, behind: bool, following: Vec<usize>) -> usize {
        self.places.push(Place { rule, taken, behind, following });
        self.places.len() - 1
    }

    /// Proposes a candidate for every span that rules take, the longest of each rule from each first word.
    pub fn propose(&self, tokens: &Tokens, places: &Places) -> Vec<Candidate> {
        let mut found: Vec<(usize, usize, Reverse<Label>, u16)> = Vec::new();
        let mut window = Window::new(self.starts.len(), self.longest + 1);
        let mut state = vec![0; self.starts.len()];
        // `at` is one more than the number of the word, since the newline at the edge stands before the first.
        for at in (0..=tokens.len()).rev() {
            let here = if at > 0 { places.get(tokens.word(at - 1).places) } else { &self.edge };
            let hit = self.step(&mut state, here);
            window.push(&state);
            if !hit {
                continue;
            }
            for (index, (word, last)) in state.iter().zip(&self.last).enumerate().rev() {
                let mut hits = word & last;
                while hits != 0 {
                    let bit = hits.ilog2() as usize;
                    hits ^= 1 << bit;
                    let number = 64 * index + bit;
                    let Some((opened, closed)) = self.taken(number, &window) else { continue };
                    if at + opened > 0 {
                        let rule = self.places[number].rule;
                        // Labels go by their letters: LOC, ORG, PER.
                        let label = Reverse(self.rules[usize::from(rule)].label);
                        found.push((at + opened - 1, at + closed - 1, label, rule));
                    }
                }
            }
        }
        found.sort_by_key(|(first, last, label, _)| (*first, *last, *label));
        let spans = found.chunk_by(|a, b| (a.0, a.1, a.2) == (b.0, b.1, b.2));
        spans.map(|span| self.candidate(tokens, span)).collect()
    }

    /// Goes on to the word before, which may stand at `places`; tells whether a rule matches from there.
    fn step(&self, state: &mut [u64], places: &[u64]) -> bool {
        let size = state.len();
        let (places, starts, optional) = (&places[..size], &self.starts[..size], &self.optional[..size]);
        let (before, behind, last) = (&self.before[..size], &self.behind[..size], &self.last[..size]);
        let mut hits = 0;
        for i in 0..size {
            // What may be left out behind a place that matches is on too: Navarro and Raffinot, 2002, chapter 4.
            let on = state[i] | starts[i];
            let filled = on | behind[i];
            let left_out = optional[i] & !(filled.wrapping_sub(before[i]) ^ filled);
            state[i] = (on | left_out) << 1 & places[i];
            hits |= state[i] & last[i];
        }
        hits != 0
    }

    /// The words that a rule takes, counted from the first that it matches; `number` is its first place.
    fn taken(&self, mut number: usize, window: &Window) -> Option<(usize, usize)> {
        let mut opened = None;
        let mut at = 0;
        loop {
            let place = &self.places[number];
            if place.behind {
                return opened.map(|opened| (opened, at));
            }
            if place.taken && opened.is_none() {
                opened = Some(at);
            }
            at += 1;
            let here = window.state(at);
            match place.following.iter().find(|next| has(here, **next)) {
                Some(next) => number = *next,
                None => return opened.map(|opened| (opened, at)),
            }
        }
    }

    /// The candidate for a span that rules took; the proclitics of its first word stay outside.
    fn candidate(&self, tokens: &Tokens, span: &[(usize, usize, Reverse<Label>, u16)]) -> Candidate {
        let (first, last, Reverse(label), _) = span[0];
        let word = tokens.word(first);
        let mut kind = "";
        let mut peels = 0;
        let mut evidence = Few::default();
        for (_, _, _, number) in span {
            let rule = &self.rules[usize::from(*number)];
            evidence.push(Evidence::Rule(*number));
            peels |= rule.peels;
            if kind.is_empty() {
                kind = rule.kind;
            }
        }
        let (proclitic, offset) = if u128::from(word.mask) & CLITICS != 0 {
            proclitic_of(word)
        } else {
            let way = word.stems().find(|way| letter(way.proclitic) & peels != 0);
            way.map_or((NONE, 0), |way| (way.proclitic, way.offset))
        };
        let (start, end) = (tokens.start(first) + offset, tokens.end(last - 1));
        Candidate { kind, proclitic, ..Candidate::plain(first, last, start, end, label, evidence) }
    }
}

/// A kind as long as the process lives, like the rules: that of an earlier rule where one has it.
fn kept(kind: &str, rules: &[Rule]) -> &'static str {
    match rules.iter().find(|rule| rule.kind == kind) {
        Some(rule) => rule.kind,
        None => Box::leak(kind.into()),
    }
}

impl Element {
    fn new(given: &Value) -> Result<Element, &'static str> {
        let [checks, least, most] = given.list() else { return Err("an element is three values") };
        let (least, most) = (least.whole() as usize, most.whole() as usize);
        if least > most || most >= 64 {
            return Err("the count of an element must go up, to less than 64");
        }
        Ok(Element { checks: checks.list().iter().map(|n| n.whole() as usize).collect(), least, most })
    }
}

impl Tables {
    /// The tables of the checks, whose places come later, and the classes that each check wants all of.
    fn new(checks: &[Value]) -> Result<(Tables, Vec<u128>), String> {
        if checks.len() > 64 * NO_CHECKS.len() {
            return Err(format!("rules: {} checks are more than the core has bits for", checks.len()));
        }
        let class = Class { some: NO_CHECKS, none: NO_CHECKS, every: NO_CHECKS };
        let mut tables =
            Tables { classes: [class; CLASSES], words: Map::default(), of_check: vec![Vec::new(); checks.len()] };
        let mut wanted = Vec::with_capacity(checks.len());
        for (number, check) in checks.iter().enumerate() {
            let [some, every, none, words, barred] = check.list() else {
                return Err("rules: a check is five values".into());
            };
            let (some, every, none) = (some.whole(), every.whole(), none.whole());
            if (some | every | none) >> CLASSES != 0 {
                return Err("rules: a check names a class that is none".into());
            }
            ones(some).for_each(|class| set(&mut tables.classes[class].some, number));
            ones(every).for_each(|class| set(&mut tables.classes[class].every, number));
            ones(none).for_each(|class| set(&mut tables.classes[class].none, number));
            for word in words.list() {
                set(&mut tables.of_word(word).0, number);
            }
            for word in barred.list() {
                set(&mut tables.of_word(word).1, number);
            }
            wanted.push(every);
        }
        Ok((tables, wanted))
    }

    fn of_word(&mut self, word: &Value) -> &mut (Checks, Checks) {
        self.words.entry(word.bytes().into()).or_insert((NO_CHECKS, NO_CHECKS))
    }

    /// The checks that take one of the keys of a word, and those that bar one.
    fn of_keys(&self, word: &Word) -> (Checks, Checks) {
        let mut found = (NO_CHECKS, NO_CHECKS);
        let stems = word.readings.iter().filter(|reading| reading.proclitic != NONE).map(|reading| &reading.stem);
        for key in std::iter::once(&word.key).chain(stems) {
            for key in [Some(&key[..]), key.strip_prefix(&SIGNS.al[..])].into_iter().flatten() {
                if let Some((some, none)) = self.words.get(key) {
                    add(&mut found.0, some);
                    add(&mut found.1, none);
                }
            }
        }
        found
    }

    /// The checks that want one of these classes, and those that fail for one of them or for lack of one.
    fn wanted(&self, mask: u128) -> (Checks, Checks) {
        let (mut some, mut none) = (NO_CHECKS, NO_CHECKS);
        for (number, class) in self.classes.iter().enumerate() {
            if mask >> number & 1 != 0 {
                add(&mut some, &class.some);
                add(&mut none, &class.none);
            } else {
                add(&mut none, &class.every);
            }
        }
        (some, none)
    }
}

/// The states at the words last met, the newest first.
struct Window {
    states: Vec<u64>,
    size: usize,
    mask: usize,
    head: usize,
}

impl Window {
    fn new(size: usize, words: usize) -> Window {
        let words = words.next_power_of_two();
        Window { states: vec![0; size * words], size, mask: words - 1, head: 0 }
    }

    fn push(&mut self, state: &[u64]) {
        self.head = self.head.wrapping_sub(1) & self.mask;
        self.states[self.head * self.size..][..self.size].copy_from_slice(state);
    }

    fn state(&self, at: usize) -> &[u64] {
        &self.states[((self.head + at) & self.mask) * self.size..][..self.size]
    }
}

/// The places of all rules where word types may stand, as sets of bits, each set once.
#[derive(Default)]
pub struct Places {
    of_classes: Map<u128, (Checks, Checks)>,
    of_passed: Map<Checks, u32>,
    of_set: Map<Vec<u64>, u32>,
    sets: Vec<u64>,
    size: usize,
}

impl Places {
    pub fn new() -> Self {
        Self::default()
    }

    /// The number of the places where a word may stand: those of the checks that it passes.
    pub fn of(&mut self, rules: &Rules, word: &Word) -> u32 {
        let passed = self.passed(&rules.tables, word);
        if let Some(number) = self.of_passed.get(&passed) {
            return *number;
        }
        self.size = rules.starts.len();
        let mut places = vec![0; self.size];
        for (check, of_check) in rules.tables.of_check.iter().enumerate() {
            if has(&passed, check) {
                for (word, more) in places.iter_mut().zip(of_check) {
                    *word |= more;
                }
            }
        }
        let next = self.of_set.len() as u32;
        let number = *self.of_set.entry(places).or_insert_with_key(|places| {
            self.sets.extend_from_slice(places);
            next
        });
        self.of_passed.insert(passed, number);
        number
    }

    /// The places of a number that `of` gave.
    pub fn get(&self, number: u32) -> &[u64] {
        &self.sets[number as usize * self.size..][..self.size]
    }

    /// The checks that a word passes, read in any of its ways.
    fn passed(&mut self, tables: &Tables, word: &Word) -> Checks {
        let mask = if word.size > 0 { u128::from(word.mask) } else { NEWLINE };
        let (wanted, barred) = tables.of_keys(word);
        let mut passed = NO_CHECKS;
        let mut pass = |mask, without| {
            let (mut some, mut none) = *self.of_classes.entry(mask).or_insert_with(|| tables.wanted(mask));
            add(&mut some, &wanted);
            add(&mut none, &barred);
            ones(without).for_each(|class| add(&mut none, &tables.classes[class].none));
            for ((word, some), none) in passed.iter_mut().zip(some).zip(none) {
                *word |= some & !none;
            }
        };
        clitics(word, mask, |clitics| pass(mask | clitics, 0));
        for reading in word.readings.iter().skip(1) {
            // «وأكد» is a family name and, more often, و and a verb: what bars the name is not passed.
            let letter = letter(reading.proclitic);
            if let (Some(record), true) = (reading.record, letter != 0) {
                pass(u128::from(record.mask) | letter | article(&reading.stem), mask & !SHAPE);
            }
        }
        passed
    }
}

/// The classes that proclitics of one letter give; none for others.
fn letter(proclitic: Proclitic) -> u128 {
    match proclitic {
        W | F => CONJUNCTION,
        B => PREPOSITION | IN,
        L => PREPOSITION | FOR,
        K => PREPOSITION,
        _ => 0,
    }
}

fn article(stem: &[u8]) -> u128 {
    if stem.starts_with(&SIGNS.al) {
        DEFINITE
    } else {
        0
    }
}

/// Gives the bits of each way to read the proclitics of a word; an unknown word may have some or none.
fn clitics(word: &Word, mask: u128, mut give: impl FnMut(u128)) {
    if mask & PREPOSITION != 0 {
        let (proclitic, _) = proclitic_of(word);
        let preposition = crate::clitics::preposition(proclitic);
        return give(letter(if preposition != NONE { preposition } else { proclitic }));
    }
    let unknown = mask & UNKNOWN != 0;
    give(if unknown && inflected(word) { INFLECTED } else { 0 });
    if unknown && mask & CLITICS == 0 {
        for way in word.stems().filter(|way| matches!(way.proclitic, W | B | L)) {
            give(letter(way.proclitic) | article(way.stem));
        }
    } else if word.key.starts_with(&SIGNS.ll) {
        give(letter(L));
    }
}

/// The proclitics of the reading that the word has its classes from, and the code points they take.
fn proclitic_of(word: &Word) -> (Proclitic, usize) {
    let classes = word.mask & CLITICS as u64;
    let mut readings = word.readings.iter().filter(|reading| reading.proclitic != NONE);
    let reading = readings.find(|reading| crate::clitics::bits(reading.proclitic) == classes);
    reading.map_or((NONE, 0), |reading| (reading.proclitic, reading.offset as usize))
}

fn inflected(word: &Word) -> bool {
    let body = &word.raw[..word.raw.len() - word.trail as usize];
    let signs = &*INFLECTIONS;
    body.iter().any(|byte| signs.tanwin.contains(byte))
        || word.key.len() > 3
            && (signs.pronouns.iter().any(|ending| body.ends_with(ending))
                || signs.with_article.iter().any(|beginning| word.key.starts_with(beginning)))
}
