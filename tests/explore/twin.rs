//! A second reader of a capture.

use std::mem::ManuallyDrop;
use std::ptr;

use edgepipe::Reader;

/// A copy of a reader, for an observer, or for a thread that waits while another one reads.
///
/// Safe Rust code cannot get one. C code can: every file descriptor of a capture is one.
pub(crate) fn twin<T>(reader: &Reader<T>) -> ManuallyDrop<Reader<T>> {
    // SAFETY: a reader is a shared reference, a number and a marker, and any copy of these is valid.
    // The hold on the capture stays with the original, because the copy is never dropped.
    ManuallyDrop::new(unsafe { ptr::read(reader) })
}
