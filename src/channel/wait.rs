//! Waiting: for the channel to be ready, or for records to read, by a thread or by a task.

#[cfg(feature = "async")]
use core::task::{Context, Poll};

use zephyr::time::Timeout;

use super::Channel;
#[cfg(feature = "async")]
use super::Raise;
use crate::{
    Error, Wake,
    sys::{clock::Remaining, sem::Semaphore},
};

/// What is waited for; each has its semaphore, its count of threads and its place for a task.
///
/// All that wait in one queue wait for the same condition. Otherwise one of them, whose condition is
/// false, could lower the flag that was raised for another.
#[derive(Clone, Copy)]
pub(super) enum Queue {
    /// The channel to be ready.
    Ready,
    /// Something to be pending.
    Data,
}

/// How many queues there are.
pub(super) const QUEUES: usize = 2;

impl Channel {
    /// Waits until the channel is ready; says why.
    pub(crate) fn wait_ready(&'static self, timeout: Timeout) -> Result<Wake, Error> {
        let why = self.wait(Queue::Ready, timeout).flatten();
        why.ok_or(Error::TIMED_OUT)
    }

    /// Waits until something is pending, or the channel is closed.
    pub(crate) fn wait_pending(&'static self, timeout: Timeout) -> Result<(), Error> {
        let found = self.wait(Queue::Data, timeout);
        found.map(drop).ok_or(Error::TIMED_OUT)
    }

    /// As [`wait_ready`](Self::wait_ready), for a task.
    #[cfg(feature = "async")]
    pub(crate) fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Wake> {
        match self.poll(Queue::Ready, context) {
            Poll::Ready(Some(why)) => Poll::Ready(why),
            _ => Poll::Pending,
        }
    }

    /// As [`wait_pending`](Self::wait_pending), for a task.
    #[cfg(feature = "async")]
    pub(crate) fn poll_pending(&self, context: &mut Context<'_>) -> Poll<()> {
        self.poll(Queue::Data, context).map(drop)
    }

    /// Sleeps until the queue's condition holds, which is tested under the lock; for that of
    /// [`Queue::Ready`], says why. `None` when the time has passed first.
    ///
    /// One thread at one semaphore has no use for `k_poll`: `k_sem_take` costs less, and lowers the
    /// flag for the wake that it was. One that leaves wakes the next, to look for itself.
    fn wait(&'static self, queue: Queue, timeout: Timeout) -> Option<Option<Wake>> {
        let remaining = Remaining::start(timeout);
        let mut woken = None;
        loop {
            let left = remaining.next();
            let mut state = self.state.lock_briefly();
            let found = state.found(queue);
            if let Some(woken) = woken {
                state.waiters[queue as usize] -= 1;
                if woken {
                    state.books.count_wake(found.is_some());
                }
            }
            let (None, Some(left)) = (found, left) else {
                let others = state.waiters[queue as usize] > 0;
                drop(state);
                if others {
                    self.semaphore(queue).give();
                }
                return found;
            };
            state.waiters[queue as usize] += 1;
            drop(state);
            woken = Some(self.semaphore(queue).take(left).is_ok());
        }
    }

    /// For waiters at several channels: why this one is ready, if it is. If it is not and the caller
    /// may wait, it counts as a waiter from now on, and must sleep in `k_poll` and then leave. `woken`
    /// says that the caller was woken from there.
    pub(crate) fn enlist_ready(&self, woken: bool, may_wait: bool) -> Option<Wake> {
        let mut state = self.lock();
        let found = state.ready();
        if woken {
            state.books.count_wake(found.is_some());
        }
        let others = state.waiters[Queue::Ready as usize] > 0;
        let waits = found.is_none() && may_wait;
        if waits {
            state.waiters[Queue::Ready as usize] += 1;
            // The channel is not ready, so a raised flag is a stale one, which `k_poll` would not
            // lower. With the lock held, so that no give comes in between.
            self.ready.lower();
        }
        drop(state);
        if !waits && others {
            self.ready.give();
        }
        found
    }

    /// For waiters at several channels: the caller sleeps no more, and may not look again. If it
    /// was the one that was woken, the next waiter is woken in its place.
    pub(crate) fn leave_ready(&self) {
        let mut state = self.lock();
        state.waiters[Queue::Ready as usize] -= 1;
        let pass_on = state.waiters[Queue::Ready as usize] > 0 && state.ready().is_some();
        drop(state);
        if pass_on {
            self.ready.give();
        }
    }

    /// The flag that is up while the channel is ready.
    pub(crate) fn ready_flag(&self) -> &Semaphore {
        &self.ready
    }

    fn semaphore(&self, queue: Queue) -> &Semaphore {
        match queue {
            Queue::Ready => &self.ready,
            Queue::Data => &self.data,
        }
    }

    /// Wakes the tasks that wait in the queues of `raise`, which wait no more.
    #[cfg(feature = "async")]
    pub(super) fn wake_tasks(&self, raise: Raise) {
        for queue in [Queue::Ready, Queue::Data] {
            let task = raise.includes(queue).then(|| self.lock().tasks.take(queue));
            if let Some(waker) = task.flatten() {
                waker.wake();
            }
        }
    }

    #[cfg(feature = "async")]
    fn poll(&self, queue: Queue, context: &mut Context<'_>) -> Poll<Option<Wake>> {
        let mut state = self.lock();
        if let Some(found) = state.found(queue) {
            return Poll::Ready(found);
        }
        let displaced = state.tasks.put(queue, context.waker());
        state.settle();
        drop(state);
        // There is one place: another task that waits looks again, and takes its turn.
        if let Some(waker) = displaced {
            waker.wake();
        }
        Poll::Pending
    }
}
