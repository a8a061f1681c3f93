//! `k_pipe`, never blocking, and its buffer.

use core::cell::UnsafeCell;

use zephyr::raw;

/// Room for `COUNT` records of `SIZE` bytes, aligned so that a C library can copy by words.
#[repr(align(8))]
pub(crate) struct Buffer<const SIZE: usize, const COUNT: usize>(UnsafeCell<[[u8; SIZE]; COUNT]>);

// SAFETY: one channel uses the buffer: its first part through the stage, under the channel's lock,
// the rest through the pipe, under the kernel's.
unsafe impl<const SIZE: usize, const COUNT: usize> Sync for Buffer<SIZE, COUNT> {}

impl<const SIZE: usize, const COUNT: usize> Buffer<SIZE, COUNT> {
    pub(crate) const fn new() -> Self {
        const {
            assert!(COUNT > 0, "a device needs room for at least one record");
            assert!(
                COUNT <= i32::MAX as usize / SIZE,
                "k_pipe counts its bytes in an int"
            );
        }
        Self(UnsafeCell::new([[0; SIZE]; COUNT]))
    }

    pub(crate) fn storage(&'static self) -> Storage {
        Storage {
            start: self.0.get().cast(),
            bytes: SIZE * COUNT,
        }
    }
}

/// Static memory for records, whatever the size.
#[derive(Clone, Copy)]
pub(crate) struct Storage {
    start: *mut u8,
    bytes: usize,
}

impl Storage {
    /// The first `bytes` bytes, and the rest.
    pub(crate) fn split_at(self, bytes: usize) -> (Self, Self) {
        debug_assert!(bytes <= self.bytes, "the caller checked the capacity");
        let bytes = bytes.min(self.bytes);
        let (start, rest) = (self.start.wrapping_add(bytes), self.bytes - bytes);
        (Self { bytes, ..self }, Self { start, bytes: rest })
    }

    pub(super) fn start(self) -> *mut u8 {
        self.start
    }

    pub(crate) fn bytes(self) -> usize {
        self.bytes
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

    /// Empties the pipe and gives it all of `storage`, which may be nothing.
    ///
    /// To be called before anything else, and again only while nobody uses the pipe: the channel
    /// does so while it holds no handles.
    pub(crate) fn init(&'static self, storage: Storage) {
        // SAFETY: the pipe and, as only `Buffer::storage` makes one, the storage are static.
        unsafe { raw::k_pipe_init(self.0.get(), storage.start, storage.bytes) }
    }

    /// Writes `bytes` and returns how many fitted.
    ///
    /// # Context
    ///
    /// ISR or thread, never blocks.
    pub(crate) fn write(&self, bytes: &[u8]) -> usize {
        // SAFETY: `init` ran before the channel handed out the handles that lead here, and the
        // slice is readable for its whole length.
        let code = unsafe {
            let no_wait = zephyr::sys::K_NO_WAIT;
            raw::k_pipe_write(self.0.get(), bytes.as_ptr(), bytes.len(), no_wait)
        };
        // A negative code means that not one byte fitted.
        usize::try_from(code).unwrap_or(0)
    }

    /// Reads up to `bytes.len()` bytes and returns how many there were.
    ///
    /// # Context
    ///
    /// Thread only, never blocks.
    pub(crate) fn read(&self, bytes: &mut [u8]) -> usize {
        // SAFETY: as in `write`; the slice is writable for its whole length.
        let code = unsafe {
            let no_wait = zephyr::sys::K_NO_WAIT;
            raw::k_pipe_read(self.0.get(), bytes.as_mut_ptr(), bytes.len(), no_wait)
        };
        // A negative code means that there was nothing.
        usize::try_from(code).unwrap_or(0)
    }
}
