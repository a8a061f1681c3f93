//! Tasks that wait: a place for one in each queue.

use core::task::Waker;

use super::wait::{QUEUES, Queue};

pub(super) struct Tasks {
    waiting: [Option<Waker>; QUEUES],
    /// How many there are.
    count: u8,
}

impl Tasks {
    pub(super) const fn none() -> Self {
        Self {
            waiting: [const { None }; QUEUES],
            count: 0,
        }
    }

    pub(super) fn are_any(&self) -> bool {
        self.count > 0
    }

    /// The task that waits in `queue`, which waits no more.
    pub(super) fn take(&mut self, queue: Queue) -> Option<Waker> {
        let task = self.waiting[queue as usize].take();
        self.count -= u8::from(task.is_some());
        task
    }

    /// Has the task of `waker` wait in `queue`; returns the one that it displaces, if any.
    pub(super) fn put(&mut self, queue: Queue, waker: &Waker) -> Option<Waker> {
        let place = &mut self.waiting[queue as usize];
        if place.as_ref().is_some_and(|there| there.will_wake(waker)) {
            return None;
        }
        let displaced = place.replace(waker.clone());
        self.count += u8::from(displaced.is_none());
        displaced
    }
}
