//! Kernel calls' results as Rust results.

use core::ffi::c_int;
use core::fmt;

/// A Zephyr error: the positive errno.
pub struct Error(pub u32);

/// A value, or the errno of the call that should have returned it.
pub type Result<T> = core::result::Result<T, Error>;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "zephyr error errno:{}", self.0)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl core::error::Error for Error {}

/// Splits a C return value: negative is an errno, the rest is the value.
///
/// # Errors
///
/// The errno, made positive.
pub fn to_result(code: c_int) -> Result<c_int> {
    if code < 0 {
        Err(Error(code.unsigned_abs()))
    } else {
        Ok(code)
    }
}

/// Like [`to_result`], for a call whose value has no meaning.
///
/// # Errors
///
/// The errno, made positive.
pub fn to_result_void(code: c_int) -> Result<()> {
    to_result(code).map(drop)
}
