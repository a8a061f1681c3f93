//! Static memory for records.

use core::{cell::UnsafeCell, mem::MaybeUninit};

/// Room for `COUNT` records of type `T`, aligned so that records can be copied by words.
#[repr(align(8))]
pub(crate) struct Buffer<T, const COUNT: usize>(UnsafeCell<MaybeUninit<[T; COUNT]>>);

// SAFETY: only one user reaches the bytes: a channel's ring, under the channel's lock, or its pipe, under the kernel's.
unsafe impl<T: Send, const COUNT: usize> Sync for Buffer<T, COUNT> {}

impl<T, const COUNT: usize> Buffer<T, COUNT> {
    pub(crate) const fn new() -> Self {
        const {
            let most = i32::MAX as usize / size_of::<T>();
            assert!(COUNT <= most, "a buffer's bytes are counted in 31 bits");
        }
        // Zero, so that a static takes no flash.
        Self(UnsafeCell::new(MaybeUninit::zeroed()))
    }

    pub(crate) fn storage(&'static self) -> Storage {
        Storage {
            start: self.0.get().cast(),
            bytes: size_of::<T>() * COUNT,
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
