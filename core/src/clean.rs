//! A text without markup and its page furniture in, its code out: what `scan` of `clean.py` does behind finding these.

use std::sync::LazyLock;

use crate::letters;

struct Signs {
    blank: [bool; 256],
    /// Zero width space.
    gap: u8,
    ends: Vec<u8>,
}

static SIGNS: LazyLock<Signs> = LazyLock::new(|| {
    let given = letters::get();
    let mut blank = [false; 256];
    for byte in b" \t\r".iter().chain(&given.no_break_space).chain(&given.invisible) {
        blank[*byte as usize] = true;
    }
    Signs { blank, gap: letters::code("\u{200b}")[0], ends: letters::code(".!؟?…:") }
});

/// Returns the code of a text, line ends of hard-wrapped paragraphs joined and the regions (first, last exclusive) of
/// furniture closed; none where a character has no slot in the code.
pub fn code(source: &[u32], closed: &[[u32; 2]]) -> Option<Vec<u8>> {
    let mut code = letters::encoded(source)?;
    join_lines(&mut code);
    for [first, last] in closed {
        close(code.get_mut(*first as usize..*last as usize)?);
    }
    Some(code)
}

/// Makes a stretch of page furniture a border that no name crosses.
fn close(stretch: &mut [u8]) {
    stretch.fill(SIGNS.gap);
    for end in [0, stretch.len().saturating_sub(1)] {
        if let Some(byte) = stretch.get_mut(end) {
            *byte = b'\n';
        }
    }
}

/// Turns the line ends of hard-wrapped paragraphs into spaces: `_join_lines` of `clean.py`, which says what these are.
fn join_lines(code: &mut [u8]) {
    let signs = &*SIGNS;
    let seen = |line: &[u8]| line.iter().any(|byte| !signs.blank[*byte as usize]);
    let lines = || code.split(|byte| *byte == b'\n');
    if lines().nth(3).is_none() {
        return;
    }
    let lengths = || lines().filter(|line| seen(line)).map(<[u8]>::len);
    let longest = lengths().max().unwrap_or(0);
    if !(40..=130).contains(&longest) {
        return;
    }
    let is_full = |length: usize| length as f64 > longest as f64 * 0.75;
    let full = lengths().filter(|length| is_full(*length)).count();
    if (full as f64) < 0.6 * lengths().count() as f64 {
        return;
    }
    let mut joined = Vec::new();
    let mut at = 0;
    for (line, following) in lines().zip(lines().skip(1)) {
        at += line.len() + 1;
        let last = line.iter().rfind(|byte| !signs.blank[**byte as usize]);
        if is_full(line.len()) && seen(following) && !last.is_some_and(|byte| signs.ends.contains(byte)) {
            joined.push(at - 1);
        }
    }
    for at in joined {
        code[at] = b' ';
    }
}
