//! What travels through the core: words, tokens, readings, candidates with their evidence.
//!
//! Everything that comes from lexicons, rules and weights lives as long as the process (`'static`), so it is copied
//! freely; what comes from a text lives as long as the call.

use crate::few::Few;
use crate::lexicon::{Known, Record, RowId};

/// Folded letters, held in place where they are few, as nearly always.
#[derive(Clone, Debug)]
pub enum Key {
    Short(u8, [u8; Key::SHORT]),
    Long(Box<[u8]>),
}

impl Key {
    const SHORT: usize = 22;
}

impl Default for Key {
    fn default() -> Self {
        Key::Short(0, [0; Key::SHORT])
    }
}

impl From<&[u8]> for Key {
    fn from(letters: &[u8]) -> Self {
        if letters.len() > Key::SHORT {
            return Key::Long(letters.into());
        }
        let mut held = [0; Key::SHORT];
        for (to, from) in held.iter_mut().zip(letters) {
            *to = *from;
        }
        Key::Short(letters.len() as u8, held)
    }
}

impl Key {
    /// Letters before letters.
    pub fn joined(first: &[u8], rest: &[u8]) -> Self {
        let size = first.len() + rest.len();
        if size > Key::SHORT {
            return Key::Long([first, rest].concat().into());
        }
        let mut held = [0; Key::SHORT];
        for (to, from) in held.iter_mut().zip(first.iter().chain(rest)) {
            *to = *from;
        }
        Key::Short(size as u8, held)
    }
}

impl std::ops::Deref for Key {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Key::Short(size, held) => &held[..usize::from(*size)],
            Key::Long(letters) => letters,
        }
    }
}

/// A label, by its place in `LABELS`.
pub type Label = u8;
pub const PER: Label = 0;
pub const ORG: Label = 1;
pub const LOC: Label = 2;
pub const LABELS: [&str; 3] = ["PER", "ORG", "LOC"];

/// Proclitics taken off a word: a conjunction or none, then a preposition or none; 0 is none at all.
pub type Proclitic = u8;

/// One way to read a word: the proclitics taken off, the stem to look up, the code points of the word before the stem.
#[derive(Clone, Debug)]
pub struct Reading {
    pub proclitic: Proclitic,
    pub stem: Key,
    pub offset: u32,
    pub record: Option<Record>,
}

/// A stem that a word can have, listed or not, with the proclitics and code points before it.
#[derive(Clone, Copy, Debug)]
pub struct Stem<'a> {
    pub stem: &'a [u8],
    pub proclitic: Proclitic,
    pub offset: usize,
}

/// The number of a word type in the `Types` that made it.
pub type WordId = u32;

/// A word type, as `Word` in `tokens.py`; all that follows from its letters is worked out when it is made.
#[derive(Clone, Debug, Default)]
pub struct Word {
    pub raw: Key,
    pub key: Key,
    pub size: u32,
    pub trail: u32,
    pub spaced: bool,
    pub mask: u64,
    pub zipf: i32,
    pub readings: Box<[Reading]>,
    pub open: bool,
    /// The words found inside where spaces were lost; none for most.
    pub parts: Box<[WordId]>,
    /// The stems behind proclitics, each with these and the code points before it; none for most.
    pub peeled: Box<[(Key, Proclitic, u32)]>,
    /// Whether it is written in Latin capitals.
    pub acronym: bool,
    /// The one class that stands for it among neighbours: its number in `features::ORDER`.
    pub class: u8,
    /// The points that it gives to the labels of the words around it, an offset after the other.
    pub vectors: crate::runs::Vectors,
    /// The places of rules where it may stand: a number for `rules::Places::get`.
    pub places: u32,
}

impl Word {
    /// Every stem that the word can have, the whole key first: `Word.stems` of `tokens.py`, in its order.
    pub fn stems(&self) -> impl Iterator<Item = Stem<'_>> {
        let behind = self.peeled.iter().map(|(stem, proclitic, offset)| (&**stem, *proclitic, *offset as usize));
        let all = std::iter::once((&*self.key, 0, 0)).chain(behind);
        all.map(|(stem, proclitic, offset)| Stem { stem, proclitic, offset })
    }

    /// The proclitics to leave out where the word opens a name, the code points they take, the stem.
    pub fn head(&self) -> (Proclitic, usize, &[u8]) {
        const CLITICS: u64 = crate::bits::bits(&["conjunction", "preposition"]);
        if self.mask & CLITICS != 0 {
            let reading = &self.readings[0];
            return (reading.proclitic, reading.offset as usize, &reading.stem);
        }
        (0, 0, &self.key)
    }
}

/// The words of a text and the code-point offset behind each (invisible characters included).
pub struct Tokens<'a> {
    pub types: &'a [Word],
    pub ids: Vec<WordId>,
    pub ends: Vec<usize>,
}

impl<'a> Tokens<'a> {
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    pub fn word(&self, index: usize) -> &'a Word {
        &self.types[self.ids[index] as usize]
    }

    /// The offset of the first letter of a word.
    pub fn start(&self, index: usize) -> usize {
        let word = self.word(index);
        self.ends[index] - (word.trail + word.size) as usize
    }

    /// The offset behind the last letter of a word.
    pub fn end(&self, index: usize) -> usize {
        self.ends[index] - self.word(index).trail as usize
    }

    /// The folded words `first` to `last` (exclusive), one space between them.
    pub fn joined(&self, first: usize, last: usize) -> Vec<u8> {
        let mut key = Vec::new();
        for at in first..last {
            if at > first {
                key.push(b' ');
            }
            key.extend_from_slice(&self.word(at).key);
        }
        key
    }
}

/// How a listed name was found: the note of the gazetteer's evidence («alias 2 ambiguous repaired»).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListNote {
    /// 0 name, 1 alias, 2 spelling, 3 weak.
    pub sense: u8,
    /// 1 to 5 words, 5 for more.
    pub words: u8,
    pub ambiguous: bool,
    pub repaired: bool,
}

pub const SENSES: [&str; 4] = ["name", "alias", "spelling", "weak"];

impl ListNote {
    pub fn text(&self) -> String {
        let mut text = String::new();
        self.write(&mut text);
        text
    }

    /// Appends it to a text.
    pub fn write(&self, text: &mut String) {
        text.push_str(SENSES[self.sense as usize]);
        text.push(' ');
        text.push(char::from(b'0' + self.words));
        if self.ambiguous {
            text.push_str(" ambiguous");
        }
        if self.repaired {
            text.push_str(" repaired");
        }
    }
}

/// How a document taught a form: the source of the evidence of `discourse`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum How {
    Same,
    Surname,
    Tail,
    Middle,
    Given,
    Gloss,
    Acronym,
    Defined,
}

impl How {
    pub fn text(self) -> &'static str {
        match self {
            How::Same => "same",
            How::Surname => "surname",
            How::Tail => "tail",
            How::Middle => "middle",
            How::Given => "given",
            How::Gloss => "gloss",
            How::Acronym => "acronym",
            How::Defined => "defined",
        }
    }
}

/// One reason for a candidate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Evidence {
    /// gazetteer: a row, and how it was found.
    Listed { row: RowId, note: ListNote },
    /// gazetteer: a nationality adjective closes the name; the note is its country.
    Closing { country: &'static str },
    /// rules: the number of the rule.
    Rule(u16),
    /// runs: the best chain.
    #[default]
    Chain,
    /// discourse: what another place of the document taught; `near`: but for a letter; `listed`: and lists know it.
    Taught { how: How, near: bool, listed: bool },
}

impl Evidence {
    pub fn recognizer(&self) -> &'static str {
        match self {
            Evidence::Listed { .. } | Evidence::Closing { .. } => "gazetteer",
            Evidence::Rule(_) => "rules",
            Evidence::Chain => "runs",
            Evidence::Taught { .. } => "discourse",
        }
    }

    /// Whether it is the gazetteer's.
    pub fn is_listed(&self) -> bool {
        matches!(self, Evidence::Listed { .. } | Evidence::Closing { .. })
    }

    /// Whether it is that of a listed form that stands alone: a name, an alias or a spelling.
    pub fn is_strong(&self) -> bool {
        matches!(self, Evidence::Listed { note, .. } if note.sense < 3)
    }
}

/// A proposed span, as `Candidate` in `document.py`: tokens `first` to `last` (exclusive), code points `start` to `end`.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub first: usize,
    pub last: usize,
    pub start: usize,
    pub end: usize,
    pub label: Label,
    pub evidence: Few<Evidence, 2>,
    /// "" where no list or rule gives one.
    pub kind: &'static str,
    /// The row of the entity, where it is known.
    pub row: Option<&'static Known>,
    pub country: Option<&'static str>,
    pub proclitic: Proclitic,
    pub points: f64,
    /// The rows of one name among which only the document can choose.
    pub options: Vec<&'static Known>,
}

impl Candidate {
    /// A candidate of which nothing is known but where it stands.
    pub fn plain(
        first: usize,
        last: usize,
        start: usize,
        end: usize,
        label: Label,
        evidence: Few<Evidence, 2>,
    ) -> Self {
        Candidate {
            first,
            last,
            start,
            end,
            label,
            evidence,
            kind: "",
            row: None,
            country: None,
            proclitic: 0,
            points: 0.0,
            options: Vec::new(),
        }
    }

    pub fn size(&self) -> usize {
        self.last - self.first
    }

    /// Whether the gazetteer knows it by a form that stands alone.
    pub fn strong(&self) -> bool {
        self.evidence.iter().any(Evidence::is_strong)
    }

    /// Whether a list has it.
    pub fn listed(&self) -> bool {
        self.evidence.iter().any(Evidence::is_listed)
    }

    pub fn reference(&self) -> Option<&'static str> {
        self.row.map(|row| row.reference)
    }

    /// The name of the entity; "" where no list gives one.
    pub fn name(&self) -> &'static str {
        self.row.map_or("", |row| row.name)
    }

    pub fn en(&self) -> Option<&'static str> {
        self.row.and_then(|row| given(row.en))
    }

    /// The degrees of latitude and longitude.
    pub fn place(&self) -> Option<(&'static str, &'static str)> {
        self.row.and_then(|row| given(row.lat).map(|lat| (lat, row.lon)))
    }

    /// The same as a mention of the entity of a gazetteer row.
    pub fn named(mut self, row: &'static Known) -> Self {
        self.kind = row.kind;
        self.row = Some(row);
        self.country = given(row.country);
        self
    }
}

/// A value of a row, which is «-» where there is none.
pub fn given(value: &'static str) -> Option<&'static str> {
    (value != "-").then_some(value)
}
