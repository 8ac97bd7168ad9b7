//! The classes that a word can have, as bits: `BITS` of `lexicon/schema.py`, in its order.

/// The names of the classes; bit i is that of the i-th name. What loads the core compares them with its own.
pub const NAMES: [&str; 62] = [
    "honorific",
    "rank",
    "occupation",
    "role",
    "kin",
    "org-head",
    "org-classifier",
    "org-field",
    "org-adjective",
    "org-topic",
    "place-outside",
    "place-inside",
    "direction",
    "say",
    "motion",
    "verb",
    "month",
    "weekday",
    "time",
    "number",
    "ordinal",
    "stop",
    "nationality",
    "regional",
    "adjective",
    "noun",
    "kunya",
    "nasab",
    "abd",
    "laqab",
    "particle",
    "given",
    "given-weak",
    "family",
    "family-weak",
    "name-token",
    "per",
    "per-weak",
    "org",
    "org-weak",
    "loc",
    "loc-weak",
    "country",
    "frequent",
    "unknown",
    "definite",
    "conjunction",
    "preposition",
    "latin",
    "acronym",
    "digits",
    "comma",
    "stop-mark",
    "colon",
    "quote-open",
    "quote-close",
    "bracket-open",
    "bracket-close",
    "dash",
    "mark",
    "newline",
    "letter",
];

/// How many of the names are classes of listed words: `WORD_CLASSES`.
pub const WORD_CLASSES: usize = 31;

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// Returns the bit of a class; a name that is none does not compile where the result is a constant.
pub const fn bit(name: &str) -> u64 {
    let mut i = 0;
    while i < NAMES.len() {
        if same(NAMES[i], name) {
            return 1 << i;
        }
        i += 1;
    }
    panic!("no such class")
}

/// Returns the bits of several classes.
pub const fn bits(names: &[&str]) -> u64 {
    let mut total = 0;
    let mut i = 0;
    while i < names.len() {
        total |= bit(names[i]);
        i += 1;
    }
    total
}
