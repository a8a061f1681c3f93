//! The caller's memory, into which a call writes its results.

use core::{cell::Cell, slice};

use edgepipe::Error;

/// Places for values in the caller's memory. They are only written, and nothing refers to them: if the caller is in user
/// mode, other threads may write there meanwhile.
pub(crate) struct Places<T> {
    start: *mut T,
    count: usize,
}

impl<T> Places<T> {
    /// The `count` places at `start`, or as many of them as can exist.
    ///
    /// # Errors
    ///
    /// [`Error::INVALID_INPUT`] if there are places, but `start` is null or not aligned.
    ///
    /// # Safety
    ///
    /// `start` is null, or writable for `count` values, during the call from C.
    pub(crate) unsafe fn new(start: *mut T, count: usize) -> Result<Self, Error> {
        if count > 0 && (start.is_null() || !start.is_aligned()) {
            return Err(Error::INVALID_INPUT);
        }
        // Up to the end of the address space, and no more bytes than a slice can have.
        let most = (usize::MAX - start.addr()).min(isize::MAX as usize) / size_of::<T>();
        let count = count.min(most);
        Ok(Self { start, count })
    }

    pub(crate) const fn count(&self) -> usize {
        self.count
    }

    /// Writes a value into its place; returns whether there is such a place.
    pub(crate) fn put(&self, index: usize, value: T) -> bool {
        let is_there = index < self.count;
        if is_there {
            // SAFETY: by the duty of `new`.
            unsafe { self.start.wrapping_add(index).write(value) };
        }
        is_there
    }
}

impl Places<u8> {
    pub(crate) fn cells(&self) -> &[Cell<u8>] {
        match self.count {
            // Of none there may be no memory.
            0 => &[],
            // SAFETY: by the duty of `new`. Cells are only written, by this call.
            count => unsafe { slice::from_raw_parts(self.start.cast(), count) },
        }
    }
}
