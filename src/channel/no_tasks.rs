//! Without the feature `async` no task waits, and this takes no place.

use core::task::Waker;

use super::wait::Queue;

pub(super) struct Tasks;

impl Tasks {
    pub(super) const fn none() -> Self {
        Self
    }

    pub(super) fn are_any(&self) -> bool {
        false
    }

    pub(super) fn take(&mut self, _queue: Queue) -> Option<Waker> {
        None
    }
}
