//! The pipeline of arner, compiled: `src/arner/` says in Python what it does, and tests hold both to the same results.
//!
//! A C interface, for `src/arner/core.py`: `arner_core_names`, `arner_core_open`, `arner_core_tag`, `arner_core_close`. All
//! `unsafe` of the core stands in this file and in `mapped.rs`.

mod bits;
mod chains;
mod clean;
mod clitics;
mod compounds;
mod context;
mod decide;
mod discourse;
mod features;
mod few;
mod forms;
mod gazetteer;
mod hash;
mod json;
mod letters;
mod lexicon;
mod mapped;
mod nearby;
mod overlaps;
mod relations;
mod result;
mod rules;
mod runs;
mod shared;
mod tagger;
mod titles;
mod tokens;
mod types;
mod weigh;

use std::panic::{catch_unwind, AssertUnwindSafe};
use std::slice;

use result::{Found, Wanted};
use shared::Shared;
use tagger::Tagger;

/// What the core was built of: the build gives the hash of its sources.
const SOURCES: &str = match option_env!("ARNER_CORE_SOURCES") {
    Some(hash) => hash,
    None => "",
};

/// Changed with the functions below, so that what was built before is not called in other ways.
const INTERFACE: u32 = 2;

/// A stretch of bytes; what it is of stays until the next call with the same handle.
#[repr(C)]
pub struct Bytes {
    data: *const u8,
    size: usize,
}

impl Bytes {
    fn of(text: &str) -> Bytes {
        Bytes { data: text.as_ptr(), size: text.len() }
    }
}

/// What was found in a text: JSON, how many entities of each label, and how many bytes of UTF-8 the text is.
#[repr(C)]
pub struct Answer {
    entities: Bytes,
    relations: Bytes,
    evidence: Bytes,
    counts: [u64; 3],
    size: u64,
}

/// What a handle stands for.
pub struct Handle {
    tagger: Tagger,
    last: Found,
}

/// Returns what the core was built of, its interface, the classes that it knows and the order in which one stands for a
/// word (`features::ORDER`), a line each.
#[no_mangle]
pub extern "C" fn arner_core_names() -> Bytes {
    static NAMES: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
        format!("{SOURCES}\n{INTERFACE}\n{}\n{}", bits::NAMES.join("\n"), features::ORDER.join("\n"))
    });
    Bytes::of(&NAMES)
}

/// Sets up a tagger from JSON (see `core.py`); returns null, and the reason in `error`, where that is not possible.
///
/// # Safety
/// `setup` points to `size` bytes; `error` to an `Answer` whose `entities` are to hold the reason.
#[no_mangle]
pub unsafe extern "C" fn arner_core_open(setup: *const u8, size: usize, error: *mut Bytes) -> *mut Handle {
    let setup = slice::from_raw_parts(setup, size);
    let made = catch_unwind(|| Shared::open(setup)).unwrap_or_else(|_| Err("the core failed".into()));
    match made {
        Ok(shared) => Box::into_raw(Box::new(Handle { tagger: Tagger::new(shared), last: Found::default() })),
        Err(reason) => {
            *error = Bytes::of(reason.leak());
            std::ptr::null_mut()
        }
    }
}

/// Tags a text; returns whether that could be done. `types` are bits: 1 PER, 2 ORG, 4 LOC.
///
/// `code` is the code of the text, or null: then the core makes it, and closes the regions of furniture (see `clean`);
/// where a character has no slot in the code, it can't.
///
/// # Safety
/// `handle` is one that `arner_core_open` gave, used by no other thread; `source` points to `size` aligned code points,
/// `code`, unless it is null, to as many bytes, `closed` to so many pairs of offsets; `answer` to room for the answer,
/// which stays until the next call.
#[no_mangle]
pub unsafe extern "C" fn arner_core_tag(
    handle: *mut Handle,
    source: *const u32,
    size: usize,
    code: *const u8,
    closed: *const [u32; 2],
    closings: usize,
    types: u8,
    min_score: f64,
    answer: *mut Answer,
) -> bool {
    let handle = &mut *handle;
    let source = slice::from_raw_parts(source, size);
    let given = (!code.is_null()).then(|| slice::from_raw_parts(code, size));
    let closed = if closings > 0 { slice::from_raw_parts(closed, closings) } else { &[] };
    let wanted = Wanted { types: [types & 1 != 0, types & 2 != 0, types & 4 != 0], min_score };
    let tagger = &mut handle.tagger;
    // What is remembered between texts is whole at any time but for what the call has not come to.
    let done = catch_unwind(AssertUnwindSafe(|| match given {
        Some(code) => Some(tagger.tag(source, code, &wanted)),
        None => clean::code(source, closed).map(|code| tagger.tag(source, &code, &wanted)),
    }));
    let Ok(Some(found)) = done else { return false };
    handle.last = found;
    let last = &handle.last;
    *answer = Answer {
        entities: Bytes::of(&last.entities),
        relations: Bytes::of(&last.relations),
        evidence: Bytes::of(&last.evidence),
        counts: last.counts.map(|count| count as u64),
        size: source.iter().map(|point| size_of_utf8(*point)).sum(),
    };
    true
}

fn size_of_utf8(point: u32) -> u64 {
    1 + u64::from(point > 0x7f) + u64::from(point > 0x7ff) + u64::from(point > 0xffff)
}

/// Frees a handle.
///
/// # Safety
/// `handle` is one that `arner_core_open` gave, and is not used again.
#[no_mangle]
pub unsafe extern "C" fn arner_core_close(handle: *mut Handle) {
    drop(Box::from_raw(handle));
}
