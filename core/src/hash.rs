//! Bytes and numbers in, hashes out: FxHash of the Rust compiler, by words, from a number of each process's own.
//!
//! That number is drawn at random, so that no text can be made whose words collide. No result depends on the order of a
//! map.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, BuildHasherDefault, Hasher, RandomState};
use std::sync::LazyLock;

const SEED: u64 = 0x51_7c_c1_b7_27_22_0a_95;
static OWN: LazyLock<u64> = LazyLock::new(|| RandomState::new().build_hasher().finish());

/// Up to eight bytes as one number, the first one lowest: by whole numbers, since a copy of so few costs more.
fn few(bytes: &[u8]) -> u64 {
    let four = |at: usize| u64::from(u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]));
    match bytes.len() {
        0 => 0,
        size @ 1..=3 => {
            let (middle, last) = (size / 2, size - 1);
            u64::from(bytes[0]) | u64::from(bytes[middle]) << (8 * middle) | u64::from(bytes[last]) << (8 * last)
        }
        size => four(0) | four(size - 4) << (8 * (size - 4)),
    }
}

/// The hash of bytes.
fn of(bytes: &[u8]) -> u64 {
    let mut hasher = Fx::default();
    hasher.write(bytes);
    hasher.write_usize(bytes.len());
    hasher.finish()
}

#[derive(Clone)]
pub struct Fx(u64);

impl Default for Fx {
    fn default() -> Self {
        Fx(*OWN)
    }
}

impl Fx {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(SEED);
    }
}

impl Hasher for Fx {
    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            self.add(u64::from_le_bytes(chunk.try_into().expect("eight bytes")));
        }
        let rest = chunks.remainder();
        if !rest.is_empty() {
            self.add(few(rest));
        }
    }
    fn write_u8(&mut self, n: u8) {
        self.add(n.into());
    }
    fn write_u16(&mut self, n: u16) {
        self.add(n.into());
    }
    fn write_u32(&mut self, n: u32) {
        self.add(n.into());
    }
    fn write_u64(&mut self, n: u64) {
        self.add(n);
    }
    fn write_usize(&mut self, n: usize) {
        self.add(n as u64);
    }
    fn finish(&self) -> u64 {
        // The low bits, by which a map finds its slot, know least of the bytes.
        self.0.rotate_left(26)
    }
}

pub type Map<K, V> = HashMap<K, V, BuildHasherDefault<Fx>>;
pub type Set<K> = HashSet<K, BuildHasherDefault<Fx>>;

/// A string of bytes in little: whole where it is short, with its length; else its hash, which only says that it may be
/// the same.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Brief {
    low: u64,
    high: u32,
}

/// The longest strings that are whole in little.
const WHOLE: usize = 11;
/// Stands for the length of those that are not.
const LONGER: u32 = 0xff;

impl Brief {
    pub fn of(bytes: &[u8]) -> Brief {
        match bytes.len() {
            size @ 0..=8 => Brief { low: few(bytes), high: (size as u32) << 24 },
            size @ 9..=WHOLE => Brief { low: few(&bytes[..8]), high: few(&bytes[8..]) as u32 | (size as u32) << 24 },
            _ => Brief { low: of(bytes), high: LONGER << 24 },
        }
    }

    /// That of a name of up to three bytes with a value behind it; none where the two are no short string.
    pub fn joined(name: &[u8], value: &[u8]) -> Option<Brief> {
        let (first, size) = (name.len(), name.len() + value.len());
        if first > 3 || value.len() > 8 {
            return None;
        }
        let value = u128::from(few(value)) << (8 * first) | u128::from(few(name));
        Some(Brief { low: value as u64, high: (value >> 64) as u32 | (size as u32) << 24 })
    }

    fn whole(self) -> bool {
        self.high >> 24 != LONGER
    }

    fn hash(self) -> u64 {
        let product = u128::from(self.low ^ *OWN) * u128::from(u64::from(self.high) ^ SEED);
        product as u64 ^ (product >> 64) as u64
    }
}

#[derive(Clone, Copy, Default)]
struct Slot {
    key: Brief,
    /// One more than the number of the string; 0 where the slot is free.
    next: u32,
}

/// The numbers of strings of bytes, by open addressing; a slot holds short strings whole, so that a look-up ends with it.
#[derive(Default)]
pub struct Index {
    slots: Vec<Slot>,
    held: usize,
}

impl Index {
    /// Makes room for one more string.
    pub fn make_room(&mut self) {
        if self.held * 2 < self.slots.len() {
            return;
        }
        let size = (self.slots.len() * 2).max(1 << 12);
        let before = std::mem::replace(&mut self.slots, vec![Slot::default(); size]);
        for slot in before.into_iter().filter(|slot| slot.next != 0) {
            // No two of them are the same string, so each goes to the first free slot.
            let at = self.first(slot.key, |of| of.next == 0);
            self.slots[at] = slot;
        }
    }

    /// The first slot for a key of which something is true; there is one.
    fn first(&self, key: Brief, is: impl Fn(&Slot) -> bool) -> usize {
        let mask = self.slots.len() - 1;
        let mut at = key.hash() as usize & mask;
        while !is(&self.slots[at]) {
            at = (at + 1) & mask;
        }
        at
    }

    /// The number of a string, or the slot to `put` it in; `same` compares long strings with that of a number.
    pub fn get(&self, key: Brief, same: impl Fn(u32) -> bool) -> Result<u32, usize> {
        if self.slots.is_empty() {
            return Err(0);
        }
        let at = self.first(key, |of| of.next == 0 || of.key == key && (key.whole() || same(of.next - 1)));
        match self.slots[at].next {
            0 => Err(at),
            next => Ok(next - 1),
        }
    }

    /// Has the slots where strings are looked for first fetched side by side: the look-ups behind it then wait once.
    pub fn fetch(&self, keys: &[Brief]) {
        let mask = self.slots.len().wrapping_sub(1);
        let first = |key: &Brief| self.slots.get(key.hash() as usize & mask).map_or(0, |slot| slot.next);
        std::hint::black_box(keys.iter().fold(0, |all, key| all ^ first(key)));
    }

    /// Gives a string its number, below `u32::MAX`, in the slot that `get` found after `make_room`.
    pub fn put(&mut self, slot: usize, key: Brief, number: u32) {
        self.slots[slot] = Slot { key, next: number + 1 };
        self.held += 1;
    }
}
