//! A file in, its bytes out, mapped into memory where the system can.

use std::fs::File;
use std::io::{Error, Result};
use std::path::Path;

/// Returns the bytes of a file that no one changes in place, for as long as the process lives.
#[cfg(unix)]
pub fn bytes(path: &Path) -> Result<&'static [u8]> {
    use std::ffi::c_void;
    use std::os::fd::AsRawFd;

    extern "C" {
        fn mmap(at: *mut c_void, size: usize, protection: i32, flags: i32, file: i32, offset: i64) -> *mut c_void;
    }
    const READ: i32 = 1;
    const SHARED: i32 = 1;

    let file = File::open(path)?;
    let size = file.metadata()?.len() as usize;
    if size == 0 {
        return Ok(&[]);
    }
    // SAFETY: a new mapping of a whole file, never unmapped; lexicons are written by rename, so its bytes stay.
    let at = unsafe { mmap(std::ptr::null_mut(), size, READ, SHARED, file.as_raw_fd(), 0) };
    if at as isize == -1 {
        return Err(Error::last_os_error());
    }
    // SAFETY: as above: `size` readable bytes.
    Ok(unsafe { std::slice::from_raw_parts(at.cast(), size) })
}

#[cfg(not(unix))]
pub fn bytes(path: &Path) -> Result<&'static [u8]> {
    Ok(std::fs::read(path)?.leak())
}
