//! Tasks that wait: a place for one in each queue.

use core::task::Waker;

use super::wait::{QUEUES, Queue};

pub(super) struct Tasks([Option<Waker>; QUEUES]);

impl Tasks {
    pub(super) const fn none() -> Self {
        Self([const { None }; QUEUES])
    }

    pub(super) fn are_any(&self) -> bool {
        self.0.iter().any(Option::is_some)
    }

    /// The task that waits in `queue`, which waits no more.
    pub(super) fn take(&mut self, queue: Queue) -> Option<Waker> {
        self.0[queue as usize].take()
    }

    /// Has the task of `waker` wait in `queue`; returns the one that it displaces, if any.
    pub(super) fn put(&mut self, queue: Queue, waker: &Waker) -> Option<Waker> {
        let place = &mut self.0[queue as usize];
        if place.as_ref().is_some_and(|there| there.will_wake(waker)) {
            return None;
        }
        place.replace(waker.clone())
    }
}
