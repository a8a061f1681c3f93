//! Who is to be woken.

use super::wait::Queue;

/// Who is to be woken once the lock is released, or at once: a set, small enough to be returned from
/// call to call in a register.
#[derive(Clone, Copy)]
#[must_use]
pub(super) struct Raise(u8);

impl Raise {
    pub(super) const NOBODY: Self = Self(0);
    /// A thread that waits in this queue.
    pub(super) const READY: Self = Self(1 << Queue::Ready as u8);
    pub(super) const DATA: Self = Self(1 << Queue::Data as u8);
    /// The tasks that wait in the same queues.
    const TASKS: Self = Self(1 << 2);
    /// Those that wait on file descriptors.
    const FDS: Self = Self(1 << 3);

    pub(super) fn tasks(any: bool) -> Self {
        if any { Self::TASKS } else { Self::NOBODY }
    }

    pub(super) fn fds(any: bool) -> Self {
        if any { Self::FDS } else { Self::NOBODY }
    }

    #[inline]
    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    #[inline]
    pub(super) fn is_any(self) -> bool {
        self.0 != 0
    }

    pub(super) fn includes(self, queue: Queue) -> bool {
        self.0 >> queue as u8 & 1 == 1
    }

    #[cfg(feature = "async")]
    pub(super) fn includes_tasks(self) -> bool {
        self.0 & Self::TASKS.0 != 0
    }

    #[cfg(feature = "fd")]
    pub(super) fn includes_fds(self) -> bool {
        self.0 & Self::FDS.0 != 0
    }
}
