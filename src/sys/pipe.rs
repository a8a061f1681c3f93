//! `k_pipe`, never blocking, and its buffer.

use core::cell::UnsafeCell;

use zephyr::raw;

use crate::RECORD_BYTES;

/// Room for `RECORDS` records, aligned so that a C library can copy them by words.
pub(crate) struct Buffer<const RECORDS: usize>(UnsafeCell<[u64; RECORDS]>);

// SAFETY: after `Pipe::init` only the kernel touches the buffer, under the pipe's own lock.
unsafe impl<const RECORDS: usize> Sync for Buffer<RECORDS> {}

impl<const RECORDS: usize> Buffer<RECORDS> {
    pub(crate) const fn new() -> Self {
        Self(UnsafeCell::new([0; RECORDS]))
    }

    pub(crate) fn storage(&'static self) -> Storage {
        Storage {
            start: self.0.get().cast(),
            records: RECORDS,
        }
    }
}

/// Where a pipe may keep its bytes, whatever the size.
#[derive(Clone, Copy)]
pub(crate) struct Storage {
    start: *mut u8,
    records: usize,
}

impl Storage {
    pub(crate) const fn records(self) -> usize {
        self.records
    }
}

/// A pipe of whole records.
pub(crate) struct Pipe(UnsafeCell<raw::k_pipe>);

// SAFETY: every access goes through a `k_pipe_*` call, and these lock the pipe themselves.
unsafe impl Sync for Pipe {}

impl Pipe {
    pub(crate) const fn new() -> Self {
        // SAFETY: `k_pipe` is a C structure for which all-zero bytes are a valid value.
        Self(UnsafeCell::new(unsafe { core::mem::zeroed() }))
    }

    /// Empties the pipe and gives it room for `records` records in `storage`.
    ///
    /// To be called before anything else, and again only while nobody uses the pipe: the channel
    /// does so while it holds no handles.
    pub(crate) fn init(&'static self, storage: Storage, records: usize) {
        assert!(
            records <= storage.records,
            "the caller checked the capacity"
        );
        // SAFETY: the pipe and, as only `Buffer::storage` makes one, the storage are static; the
        // assertion keeps the pipe inside it.
        unsafe { raw::k_pipe_init(self.0.get(), storage.start, records * RECORD_BYTES) }
    }

    /// Writes `records` and returns how many fitted.
    ///
    /// # Context
    ///
    /// ISR or thread, never blocks.
    pub(crate) fn write(&self, records: &[u64]) -> usize {
        // SAFETY: `init` ran before the channel handed out the handles that lead here, and the
        // slice is readable for its whole length.
        let code = unsafe {
            raw::k_pipe_write(
                self.0.get(),
                records.as_ptr().cast(),
                size_of_val(records),
                zephyr::sys::K_NO_WAIT,
            )
        };
        // A negative code means that not one byte fitted.
        usize::try_from(code).unwrap_or(0) / RECORD_BYTES
    }

    /// Reads up to `records.len()` records and returns how many there were.
    ///
    /// # Context
    ///
    /// Thread only, never blocks.
    pub(crate) fn read(&self, records: &mut [[u8; RECORD_BYTES]]) -> usize {
        // SAFETY: as in `write`; the slice is writable for its whole length.
        let code = unsafe {
            raw::k_pipe_read(
                self.0.get(),
                records.as_mut_ptr().cast(),
                size_of_val(records),
                zephyr::sys::K_NO_WAIT,
            )
        };
        usize::try_from(code).unwrap_or(0) / RECORD_BYTES
    }
}
