//! What kernel objects in the caller's memory have in common.

use core::ffi::c_void;
use core::marker::PhantomData;
use core::sync::atomic::{AtomicU64, Ordering};

use crate::kernel::uninitialised;

/// The slot and the kernel of an object; all zeroes mean none.
///
/// Like the structures of the bindings, it is neither `Send` nor `Sync`.
#[derive(Debug, Default)]
#[repr(transparent)]
pub(super) struct Handle {
    bound: AtomicU64,
    _not_sync: PhantomData<*mut c_void>,
}

impl Handle {
    /// Remembers the slot.
    pub(super) fn bind(&self, bound: u64) {
        // Relaxed: a kernel is on one OS thread, and no other accepts what is stored here.
        self.bound.store(bound, Ordering::Relaxed);
    }

    /// The slot that `find` returns for an object at this address; ends the run if there is none.
    pub(super) fn resolve(
        &self,
        name: &'static str,
        find: impl FnOnce(usize, u64) -> Option<usize>,
    ) -> usize {
        find(self.address(), self.bound.load(Ordering::Relaxed))
            .unwrap_or_else(|| uninitialised(name))
    }

    /// Whether `find` finds an object at this address.
    pub(super) fn is_live(&self, find: impl FnOnce(usize, u64) -> Option<usize>) -> bool {
        find(self.address(), self.bound.load(Ordering::Relaxed)).is_some()
    }

    /// The object's address, which distinguishes it from a copy.
    pub(super) fn address(&self) -> usize {
        (&raw const *self).addr()
    }
}
