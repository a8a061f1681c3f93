//! Who is to be woken.

use super::wait::{QUEUES, Queue};

/// Who is to be woken once the lock is released, or at once: a set, small enough to be returned from
/// call to call in a register.
#[derive(Clone, Copy, Default)]
#[must_use]
pub(super) struct Raise(u8);

impl Raise {
    const TASKS: u8 = 1 << QUEUES;

    /// One that waits in `queue`, if `raised`.
    pub(super) fn one(queue: Queue, raised: bool) -> Self {
        Self(u8::from(raised) << queue as u8)
    }

    /// And the tasks that wait in the same queues.
    pub(super) fn and_tasks(self) -> Self {
        Self(self.0 | Self::TASKS)
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

    pub(super) fn includes_tasks(self) -> bool {
        self.0 & Self::TASKS != 0
    }
}
