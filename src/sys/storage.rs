//! Static memory for records.

use core::cell::UnsafeCell;

/// Room for `COUNT` records of `SIZE` bytes, aligned so that records can be copied by words.
#[repr(align(8))]
pub(crate) struct Buffer<const SIZE: usize, const COUNT: usize>(UnsafeCell<[[u8; SIZE]; COUNT]>);

// SAFETY: only one user reaches the bytes: a channel's ring, under the channel's lock, or its pipe, under the kernel's.
unsafe impl<const SIZE: usize, const COUNT: usize> Sync for Buffer<SIZE, COUNT> {}

impl<const SIZE: usize, const COUNT: usize> Buffer<SIZE, COUNT> {
    pub(crate) const fn new() -> Self {
        const {
            let most = i32::MAX as usize / SIZE;
            assert!(COUNT <= most, "a buffer's bytes are counted in 31 bits");
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

/// Static memory for records, of any size.
#[derive(Clone, Copy)]
pub(crate) struct Storage {
    start: *mut u8,
    bytes: usize,
}

impl Storage {
    /// The first `bytes` bytes, or all if there are fewer.
    pub(crate) fn first(self, bytes: usize) -> Self {
        debug_assert!(bytes <= self.bytes, "the caller checked the capacity");
        Self {
            bytes: bytes.min(self.bytes),
            ..self
        }
    }

    pub(super) fn start(self) -> *mut u8 {
        self.start
    }

    pub(crate) fn bytes(self) -> usize {
        self.bytes
    }
}
