//! The one-byte code of Arabic text, its folds: `letters.py`, whose tables the core is given when it is set up.

use std::sync::OnceLock;

use crate::hash::Map;
use crate::json::Value;

/// The tables, and the signs by what they are, all in the code.
#[derive(Debug)]
pub struct Letters {
    /// The character of each byte.
    pub table: Vec<char>,
    bytes: Map<char, u8>,
    /// The code of each character below U+10000 that has a slot, else `NO_SLOT`.
    codes: Vec<u16>,
    fold: [u8; 256],
    loose: [u8; 256],
    /// What falls away when a word is folded.
    pub ignored: [bool; 256],
    hamza: u8,
    pub ligatures: Vec<(u8, Vec<u8>)>,
    /// How many folded letters a byte gives: 0 for what is ignored, several for a ligature.
    pub widths: [u8; 256],
    pub marks: Vec<u8>,
    pub invisible: Vec<u8>,
    pub letters: Vec<u8>,
    pub tatweel: Vec<u8>,
    pub digits: Vec<u8>,
    pub quotes_open: Vec<u8>,
    pub quotes_close: Vec<u8>,
    pub line_separators: Vec<u8>,
    pub no_break_space: Vec<u8>,
}

const NO_SLOT: u16 = u16::MAX;
/// Stands in the table where no character does.
const FREE: char = '\u{fffe}';

static LETTERS: OnceLock<Letters> = OnceLock::new();

fn array(value: &Value) -> Result<[u8; 256], String> {
    value.bytes().try_into().map_err(|_| "letters: a table of 256 bytes is due".to_string())
}

fn flags(bytes: &[u8]) -> [bool; 256] {
    let mut set = [false; 256];
    for byte in bytes {
        set[*byte as usize] = true;
    }
    set
}

/// Sets the tables up; only the first call counts, since they are the same for all.
pub fn set_up(given: &Value) -> Result<(), String> {
    let table: Vec<char> = given.get("table").text().chars().collect();
    let slots = || table.iter().enumerate().filter(|(_, c)| **c != FREE).map(|(i, c)| (*c, i as u8));
    let bytes = slots().collect();
    let mut codes = vec![NO_SLOT; 1 << 16];
    for (character, byte) in slots() {
        if let Some(code) = codes.get_mut(character as usize) {
            *code = byte.into();
        }
    }
    let ignored = flags(&given.get("ignored").bytes());
    let of_ligature = |pair: &Value| (pair.list()[0].bytes()[0], pair.list()[1].bytes());
    let ligatures: Vec<(u8, Vec<u8>)> = given.get("ligatures").list().iter().map(of_ligature).collect();
    let mut widths = ignored.map(|is| u8::from(!is));
    for (sign, spelled) in &ligatures {
        widths[*sign as usize] = spelled.iter().filter(|byte| !ignored[**byte as usize]).count() as u8;
    }
    let made = Letters {
        bytes,
        codes,
        widths,
        ligatures,
        fold: array(given.get("fold"))?,
        loose: array(given.get("loose"))?,
        ignored,
        hamza: *given.get("hamza").bytes().first().ok_or("letters: no hamza")?,
        marks: given.get("marks").bytes(),
        invisible: given.get("invisible").bytes(),
        letters: given.get("letters").bytes(),
        tatweel: given.get("tatweel").bytes(),
        digits: given.get("digits").bytes(),
        quotes_open: given.get("quotes_open").bytes(),
        quotes_close: given.get("quotes_close").bytes(),
        line_separators: given.get("line_separators").bytes(),
        no_break_space: given.get("no_break_space").bytes(),
        table,
    };
    if made.table.len() != 256 {
        return Err("letters: a table of 256 characters is due".into());
    }
    let _ = LETTERS.set(made);
    Ok(())
}

/// The tables. Panics where `set_up` was not called.
pub fn get() -> &'static Letters {
    LETTERS.get().expect("letters are set up first")
}

/// The code of characters that have a slot each.
pub fn code(text: &str) -> Vec<u8> {
    text.chars().map(|c| get().bytes[&c]).collect()
}

/// The matching form of a coded word: marks off, variants of a letter made one.
pub fn fold(word: &[u8]) -> Vec<u8> {
    let letters = get();
    let mut folded = Vec::with_capacity(word.len());
    for byte in word {
        match letters.widths[*byte as usize] {
            0 => {}
            1 => folded.push(letters.fold[*byte as usize]),
            _ => {
                let spelled = letters.ligatures.iter().find(|(sign, _)| sign == byte).map_or(&[][..], |(_, all)| all);
                let seen = spelled.iter().filter(|b| !letters.ignored[**b as usize]);
                folded.extend(seen.map(|b| letters.fold[*b as usize]));
            }
        }
    }
    folded
}

/// The folded words of a text, in the code: `letters.key`.
pub fn key(text: &str) -> Vec<u8> {
    fold(&code(text))
}

/// The code of the code points of a text, or nothing where one has no slot: `letters.encode` then finds a stand-in.
pub fn encoded(points: &[u32]) -> Option<Vec<u8>> {
    let codes = &get().codes;
    let mut unknown = false;
    let code = points.iter().map(|point| {
        let code = *codes.get(*point as usize).unwrap_or(&NO_SLOT);
        unknown |= code == NO_SLOT;
        code as u8
    });
    let code = code.collect();
    (!unknown).then_some(code)
}

/// The code of characters, or nothing where one has no slot.
pub fn coded(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|c| get().bytes.get(&c).copied()).collect()
}

/// The folded words of the name of a row. Where a character of it has no slot, only Python knows what stands for it: then
/// the call ends here, without a message, and the text goes the Python way.
pub fn key_of_name(text: &str) -> Vec<u8> {
    match coded(text) {
        Some(code) => fold(&code),
        None => std::panic::resume_unwind(Box::new("a name in characters that have no slot")),
    }
}

/// The weaker key of a folded word: hamza seats become plain and a bare hamza goes; none where it is the same.
pub fn loosen(key: &[u8]) -> Option<Vec<u8>> {
    let letters = get();
    let changes = |b: &u8| *b == letters.hamza || letters.loose[*b as usize] != *b;
    let loose = || key.iter().filter(|b| **b != letters.hamza).map(|b| letters.loose[*b as usize]).collect();
    key.iter().any(changes).then(loose)
}
