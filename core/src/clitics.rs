//! A folded word in, the ways to take proclitics off it out: `clitics.py`.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::bits::bit;
use crate::letters;
use crate::types::Proclitic;

/// The letters of proclitics, in the code.
pub struct Signs {
    pub w: u8,
    pub f: u8,
    pub b: u8,
    pub l: u8,
    pub k: u8,
    pub al: Vec<u8>,
    pub ll: Vec<u8>,
    pub detached: Vec<Vec<u8>>,
    /// Proclitics in the code, by their numbers.
    codes: Vec<Vec<u8>>,
}

pub static SIGNS: LazyLock<Signs> = LazyLock::new(|| {
    let one = |text: &str| letters::code(text)[0];
    Signs {
        w: one("و"),
        f: one("ف"),
        b: one("ب"),
        l: one("ل"),
        k: one("ك"),
        al: letters::code("ال"),
        ll: letters::code("لل"),
        detached: ["ال", "لل", "وال", "بال"].map(letters::code).to_vec(),
        codes: TEXTS.map(letters::code).to_vec(),
    }
});

/// No preposition, or one of three.
const PREPOSITIONS: u8 = 4;
const TEXTS: [&str; 12] = ["", "ب", "ل", "ك", "و", "وب", "ول", "وك", "ف", "فب", "فل", "فك"];

/// The proclitics of a conjunction (0 none, 1 و, 2 ف) and a preposition (0 none, 1 ب, 2 ل, 3 ك).
pub const fn proclitic(conjunction: u8, preposition: u8) -> Proclitic {
    conjunction * PREPOSITIONS + preposition
}

pub const NONE: Proclitic = 0;
pub const B: u8 = 1;
pub const L: u8 = 2;
pub const K: u8 = 3;

/// The conjunction of proclitics: 0 none, 1 و, 2 ف.
pub const fn conjunction(proclitic: Proclitic) -> u8 {
    proclitic / PREPOSITIONS
}

/// The preposition of proclitics: 0 none, 1 ب, 2 ل, 3 ك.
pub const fn preposition(proclitic: Proclitic) -> u8 {
    proclitic % PREPOSITIONS
}

/// Proclitics as text: «وب».
pub fn text(proclitic: Proclitic) -> &'static str {
    TEXTS[proclitic as usize]
}

/// Proclitics in the code.
pub fn code(proclitic: Proclitic) -> &'static [u8] {
    &SIGNS.codes[proclitic as usize]
}

/// The classes that proclitics give their word: `clitics.bits`.
pub fn bits(proclitic: Proclitic) -> u64 {
    const CONJUNCTION: u64 = bit("conjunction");
    const PREPOSITION: u64 = bit("preposition");
    let said = if conjunction(proclitic) > 0 { CONJUNCTION } else { 0 };
    said | if preposition(proclitic) > 0 { PREPOSITION } else { 0 }
}

/// One way to read a folded word: its proclitics, the stem behind them, how many folded letters they take.
pub struct Way<'k> {
    pub proclitic: Proclitic,
    pub stem: Cow<'k, [u8]>,
    pub cut: usize,
}

/// The ways to take proclitics off a folded word, the shorter proclitics first: `clitics.peel`.
pub fn peel(key: &[u8]) -> Vec<Way<'_>> {
    let signs = &*SIGNS;
    let mut ways = Vec::new();
    for cut in 0..2 {
        let said = match (cut, key.first()) {
            (0, _) => 0,
            (_, Some(first)) if *first == signs.w => 1,
            (_, Some(first)) if *first == signs.f => 2,
            _ => break,
        };
        let rest = key.get(cut..).unwrap_or(&[]);
        let mut way = |preposition, stem, cut| {
            ways.push(Way { proclitic: proclitic(said, preposition), stem, cut });
        };
        if cut > 0 && rest.len() > 1 {
            way(0, Cow::Borrowed(rest), cut);
        }
        if rest.len() > 2 && rest.starts_with(&signs.ll) {
            way(L, Cow::Owned([&signs.al[..], &rest[2..]].concat()), cut + 1);
            way(L, Cow::Borrowed(&rest[1..]), cut + 1);
        } else if rest.len() > 2 {
            let letters = [(signs.b, B), (signs.l, L), (signs.k, K)];
            if let Some((_, preposition)) = letters.iter().find(|(sign, _)| *sign == rest[0]) {
                way(*preposition, Cow::Borrowed(&rest[1..]), cut + 1);
            }
        }
    }
    ways
}

/// How many code points of a written word its first `cut` folded letters take, with their marks: `clitics.width`.
pub fn width(body: &[u8], cut: usize) -> usize {
    let letters = letters::get();
    let mut seen = 0;
    for (at, byte) in body.iter().enumerate() {
        if letters.ignored[*byte as usize] {
            continue;
        }
        if seen >= cut {
            return at;
        }
        seen += letters.widths[*byte as usize] as usize;
        if seen > cut {
            return at;
        }
    }
    body.len()
}
