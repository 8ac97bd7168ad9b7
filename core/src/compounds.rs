//! A folded word of which nothing is known in, where spaces were lost inside it out: `compounds.py`.

use std::sync::LazyLock;

use crate::bits::bit;
use crate::clitics::SIGNS;
use crate::letters;

/// A compound is a word of this many letters that texts hardly ever use as it stands (zipf × 25).
pub const SHORTEST: usize = 7;
pub const LONGEST: usize = 40;
pub const RAREST: i32 = 60;
const USUAL: i32 = 90;
const PARTICLE: i32 = 140;
pub const MOST_WORDS: usize = 4;

static NON_JOINING: LazyLock<Vec<u8>> = LazyLock::new(|| letters::code("ادذرزوءةىهآ"));
static DEMONSTRATIVES: LazyLock<Vec<Vec<u8>>> =
    LazyLock::new(|| ["هذا", "هذه", "ذلك", "تلك", "الذي", "التي", "الذين"].map(letters::key).to_vec());

/// What is known of a folded word: whether it is listed, its classes, its zipf × 25.
pub type Known = (bool, u64, i32);

/// The letters before each lost space, or nothing where the word does not fall into at most `words` words.
pub fn cuts(key: &[u8], known: &dyn Fn(&[u8]) -> Known, words: usize) -> Vec<usize> {
    for at in (3..key.len().saturating_sub(2)).rev() {
        let (left, right) = key.split_at(at);
        if !begins(left, right, known) {
            continue;
        }
        if ends(right, known) {
            return vec![at];
        }
        if words > 2 && right.len() > 6 {
            let more = cuts(right, known, words - 1);
            if !more.is_empty() {
                return std::iter::once(at).chain(more.iter().map(|m| at + m)).collect();
            }
        }
    }
    Vec::new()
}

/// Whether a piece can stand before a lost space.
fn begins(key: &[u8], rest: &[u8], known: &dyn Fn(&[u8]) -> Known) -> bool {
    let clear = key.len() > 3 && DEMONSTRATIVES.iter().any(|word| word == rest);
    if !(clear || key.len() > 5 || key.last().is_some_and(|letter| NON_JOINING.contains(letter))) {
        return false;
    }
    let (listed, _, zipf) = known(key);
    zipf >= USUAL && (clear || listed)
}

/// Whether a piece can be the last: it carries the article or is a particle, where writers lose the space.
fn ends(key: &[u8], known: &dyn Fn(&[u8]) -> Known) -> bool {
    let (listed, classes, zipf) = known(key);
    let definite = key.starts_with(&SIGNS.al) && key.len() > 4;
    let particle = classes & const { bit("stop") } != 0 && zipf >= PARTICLE;
    zipf >= USUAL && listed && (definite || particle)
}
