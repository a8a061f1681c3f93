//! Data that the main thread and the reader share.

use core::cell::UnsafeCell;

/// Used by one of them at a time: the other one waits.
pub struct Shared<T>(UnsafeCell<T>);

// SAFETY: see above.
unsafe impl<T> Sync for Shared<T> {}

impl<T> Shared<T> {
    pub const fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    #[expect(clippy::mut_from_ref)]
    pub fn get(&self) -> &mut T {
        // SAFETY: see above; and no caller keeps the reference until the next call.
        unsafe { &mut *self.0.get() }
    }
}
