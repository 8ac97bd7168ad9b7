//! Compiled lexicons in, look-ups out: `lexicon/store.py` and `lexicon/table.py`.

use std::sync::OnceLock;

use crate::json::{self, Value};

/// The row of a lexicon: the number of the lexicon, and of the row in it.
pub type RowId = (u8, u32);

/// One gazetteer row as look-ups see it; «-» stands where there is no value.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    pub id: RowId,
    /// PER, ORG, LOC, or the table of a word.
    pub label: &'static str,
    pub reference: &'static str,
    pub name: &'static str,
    pub en: &'static str,
    pub kind: &'static str,
    pub country: &'static str,
    pub lat: &'static str,
    pub lon: &'static str,
}

/// The kinds of a sense, best first: `SENSE_*` of `lexicon/schema.py`.
pub const SENSE_ALIAS: u8 = 1;
pub const SENSE_WEAK: u8 = 3;
pub const SENSE_CLASS: u8 = 4;

/// What a lexicon holds under one key.
#[derive(Clone, Copy, Debug)]
pub struct Record {
    pub mask: u64,
    pub zipf: i32,
    /// Whether longer keys go on from it.
    pub more: bool,
    senses: &'static [u8],
    lexicon: &'static Lexicon,
}

impl Record {
    pub fn has_senses(&self) -> bool {
        !self.senses.is_empty()
    }

    /// The kind and the row of each sense.
    pub fn senses(&self) -> impl Iterator<Item = (u8, &'static Known)> + '_ {
        self.senses.chunks_exact(5).map(|s| (s[0], self.lexicon.row(u32_at(s, 1))))
    }

    /// The entities named, each with the kind of its sense, the best first.
    pub fn entries(&self) -> impl Iterator<Item = (&'static Known, u8)> + '_ {
        let named = self.senses.chunks_exact(5).filter(|s| s[0] < SENSE_CLASS);
        named.map(|s| (self.lexicon.row(u32_at(s, 1)), s[0])).filter(|(row, _)| label_of(row.label).is_some())
    }

    /// Whether the word or phrase says when.
    pub fn is_time(&self) -> bool {
        self.mask & const { crate::bits::bit("time") } != 0
    }

    /// This record of a user's list laid over the built-in one: classes join, its entities win.
    pub fn over(self, below: Record) -> Record {
        let top = if self.senses.is_empty() { below } else { self };
        Record {
            mask: self.mask | below.mask,
            zipf: below.zipf,
            more: self.more || below.more,
            senses: top.senses,
            lexicon: top.lexicon,
        }
    }
}

/// The number of a label of entities, or none.
pub fn label_of(label: &str) -> Option<crate::types::Label> {
    match label {
        "PER" => Some(crate::types::PER),
        "ORG" => Some(crate::types::ORG),
        "LOC" => Some(crate::types::LOC),
        _ => None,
    }
}

#[derive(Debug)]
struct Table {
    data: &'static [u8],
    mask: usize,
    slots: usize,
    records: usize,
}

fn u32_at(data: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([data[at], data[at + 1], data[at + 2], data[at + 3]])
}

impl Table {
    fn new(data: &'static [u8], offset: usize) -> Table {
        let size = u32_at(data, offset) as usize;
        Table { data, mask: size - 1, slots: offset + 4, records: offset + 4 + 4 * size - 1 }
    }

    fn get(&self, key: &[u8]) -> Option<&'static [u8]> {
        let mut slot = crc32(key) as usize & self.mask;
        loop {
            let offset = u32_at(self.data, self.slots + 4 * slot) as usize;
            if offset == 0 {
                return None;
            }
            let at = self.records + offset;
            let size = self.data[at] as usize;
            let value = u16::from_le_bytes([self.data[at + 1], self.data[at + 2]]) as usize;
            let begin = at + 3;
            if size == key.len() && &self.data[begin..begin + size] == key {
                return Some(&self.data[begin + size..begin + size + value]);
            }
            slot = (slot + 1) & self.mask;
        }
    }
}

/// The keys and values of a table, in the order of the keys.
struct Items {
    data: &'static [u8],
    at: usize,
}

impl Iterator for Items {
    type Item = (&'static [u8], &'static [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let head = self.data.get(self.at..self.at + 3)?;
        let (size, value) = (head[0] as usize, u16::from_le_bytes([head[1], head[2]]) as usize);
        let begin = self.at + 3;
        self.at = begin + size + value;
        Some((self.data.get(begin..begin + size)?, self.data.get(begin + size..self.at)?))
    }
}

/// Tables of CRC-32 for a byte that 0 to 7 others follow.
const fn crc_tables() -> [[u32; 256]; 8] {
    let mut tables = [[0; 256]; 8];
    let mut i = 0;
    while i < 256 {
        let mut value = i as u32;
        let mut k = 0;
        while k < 8 {
            value = if value & 1 == 1 { 0xedb8_8320 ^ (value >> 1) } else { value >> 1 };
            k += 1;
        }
        tables[0][i] = value;
        i += 1;
    }
    let mut n = 1;
    while n < 8 {
        let mut i = 0;
        while i < 256 {
            let before = tables[n - 1][i];
            tables[n][i] = tables[0][before as usize & 0xff] ^ (before >> 8);
            i += 1;
        }
        n += 1;
    }
    tables
}

static CRC: [[u32; 256]; 8] = crc_tables();

/// The CRC-32 of zlib, eight bytes at a time: M. Kounavis and F. Berry, A systematic approach to building high
/// performance software-based CRC generators, 2005.
fn crc32(data: &[u8]) -> u32 {
    let mut eights = data.chunks_exact(8);
    let mut crc = !0;
    for eight in &mut eights {
        let mixed = u64::from_le_bytes(eight.try_into().expect("eight bytes")) ^ u64::from(crc);
        crc = (0..8).fold(0, |sum, at| sum ^ CRC[7 - at][(mixed >> (8 * at)) as usize & 0xff]);
    }
    let rest = eights.remainder().iter();
    !rest.fold(crc, |crc, byte| CRC[0][(crc as u8 ^ byte) as usize] ^ (crc >> 8))
}

/// A compiled lexicon in memory.
#[derive(Debug)]
pub struct Lexicon {
    data: &'static [u8],
    number: u8,
    keys: Table,
    weights: Table,
    offsets: usize,
    rows: usize,
    /// The rows that were read.
    read: Box<[OnceLock<Box<Known>>]>,
    files: Vec<String>,
    /// The JSON section: rules, offices.
    pub extra: Value,
}

const HEADER: usize = 8 + 4 + 32 + 5 * 4;

impl Lexicon {
    /// Reads the head of a lexicon that `lexicon/store.py` has opened, and so checked, before.
    pub fn new(data: &'static [u8], number: u8) -> Result<Lexicon, String> {
        if data.len() < HEADER || &data[..8] != b"arnerlex" {
            return Err("not a compiled lexicon".into());
        }
        let mut starts = vec![HEADER];
        for i in 0..5 {
            starts.push(starts[i] + u32_at(data, 44 + 4 * i) as usize);
        }
        if starts[5] != data.len() {
            return Err("the lexicon is cut short".into());
        }
        let text = std::str::from_utf8(&data[starts[3]..starts[4]]).map_err(|e| e.to_string())?;
        let extra = json::parse(text)?;
        let files = extra.get("files").list().iter().map(|f| f.text().to_owned()).collect();
        let (keys, weights) = (Table::new(data, starts[0]), Table::new(data, starts[4]));
        let (offsets, rows) = (starts[1], starts[2]);
        let read = (0..(rows - offsets) / 4).map(|_| OnceLock::new()).collect();
        Ok(Lexicon { data, number, keys, weights, offsets, rows, read, files, extra })
    }

    /// The record of a folded key (words parted by one space), or none.
    pub fn get(&'static self, key: &[u8]) -> Option<Record> {
        let value = self.keys.get(key)?;
        let mask = u64::from_le_bytes(value[..8].try_into().expect("eight bytes"));
        Some(Record { mask, zipf: value[8].into(), more: value[9] & 1 != 0, senses: &value[10..], lexicon: self })
    }

    /// The packed weights of the features of the fitted recognizer, by keys that begin with their guidelines.
    pub fn weights(&self) -> impl Iterator<Item = (&'static [u8], &'static [u8])> {
        Items { data: self.data, at: self.weights.records + 1 }
    }

    fn bytes_of(&self, number: u32) -> &'static [u8] {
        let at = self.offsets + 4 * number as usize;
        let (first, last) = (u32_at(self.data, at) as usize, u32_at(self.data, at + 4) as usize);
        &self.data[self.rows + first..self.rows + last]
    }

    pub fn row(&self, number: u32) -> &Known {
        self.read[number as usize].get_or_init(|| Box::new(self.read_row(number)))
    }

    fn read_row(&self, number: u32) -> Known {
        let mut fields = std::str::from_utf8(self.bytes_of(number)).unwrap_or("").split('\t');
        let mut next = || fields.next().unwrap_or("-");
        let id = (self.number, number);
        let label = next();
        if label_of(label).is_some() {
            let (reference, name, en, kind, country) = (next(), next(), next(), next(), next());
            let (_tier, _role, lat, lon) = (next(), next(), next(), next());
            return Known { id, label, reference, name, en, kind, country, lat, lon };
        }
        let (name, kind, country) = (next(), next(), next());
        Known { id, label, reference: "-", name, en: "-", kind, country, lat: "-", lon: "-" }
    }

    /// Where a row stands: `path:line`.
    pub fn place_of(&self, number: u32) -> String {
        let row = self.bytes_of(number);
        let begin = row.iter().rposition(|byte| *byte == b'\t').map_or(0, |tab| tab + 1);
        let at = std::str::from_utf8(&row[begin..]).unwrap_or("");
        let (file, line) = at.split_once(':').unwrap_or((at, ""));
        let file = file.parse::<usize>().ok().and_then(|n| self.files.get(n)).map_or("", String::as_str);
        [file, ":", line].concat()
    }
}
