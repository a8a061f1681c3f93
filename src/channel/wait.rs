//! Waiting: for the channel to be ready, or for records to read, by a thread or by a task.

use core::task::Waker;
#[cfg(feature = "async")]
use core::task::{Context, Poll};

use zephyr::time::Timeout;

use super::Channel;
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

/// Who looks at a queue's condition.
#[derive(Clone, Copy)]
struct Look {
    /// The caller has just been woken, which is counted.
    woken: bool,
    /// The caller counts as a waiter.
    waiting: bool,
    /// The caller will sleep if the condition is false.
    may_wait: bool,
    /// In `k_poll`, which does not lower the flag.
    polls: bool,
}

/// How many queues there are.
pub(super) const QUEUES: usize = 2;

impl Channel {
    /// Waits until the channel is ready; says why.
    pub(crate) fn wait_ready(&'static self, timeout: Timeout) -> Result<Wake, Error> {
        let why = self.wait(Queue::Ready, timeout)?;
        why.ok_or(Error::TIMED_OUT)
    }

    /// Waits until something is pending, or the channel is closed.
    pub(crate) fn wait_pending(&'static self, timeout: Timeout) -> Result<(), Error> {
        self.wait(Queue::Data, timeout).map(drop)
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
    /// [`Queue::Ready`], says why.
    ///
    /// One thread at one semaphore has no use for `k_poll`: `k_sem_take` costs less, and lowers the
    /// flag for the wake that it was.
    fn wait(&'static self, queue: Queue, timeout: Timeout) -> Result<Option<Wake>, Error> {
        let remaining = Remaining::start(timeout);
        let mut woken = false;
        let mut waiting = false;
        loop {
            let left = remaining.next();
            let look = Look {
                woken,
                waiting,
                may_wait: left.is_some(),
                polls: false,
            };
            if let Some(found) = self.enlist(queue, look) {
                return Ok(found);
            }
            let Some(left) = left else {
                return Err(Error::TIMED_OUT);
            };
            waiting = true;
            woken = self.semaphore(queue).take(left).is_ok();
        }
    }

    /// Tests the queue's condition. If it is false and the caller may wait, it counts as a waiter from now on
    /// and must sleep on the queue's semaphore, and then look again or leave. Otherwise it leaves,
    /// and the next waiter is woken to look for itself.
    fn enlist(&self, queue: Queue, look: Look) -> Option<Option<Wake>> {
        let mut state = self.lock();
        let found = state.found(queue);
        if look.woken {
            state.books.count_wake(found.is_some());
        }
        let waits = found.is_none() && look.may_wait;
        let waiters = &mut state.waiters[queue as usize];
        *waiters = *waiters + u32::from(waits) - u32::from(look.waiting);
        let others = *waiters > 0;
        if waits && look.polls {
            // The condition is false, so a raised flag is a stale one. With the lock held, so that
            // no give comes in between.
            self.semaphore(queue).lower();
        }
        drop(state);
        if !waits && others {
            self.semaphore(queue).give();
        }
        found
    }

    /// For waiters at several channels: [`enlist`](Self::enlist) for the channel to be ready.
    pub(crate) fn enlist_ready(&self, woken: bool, may_wait: bool) -> Option<Wake> {
        let look = Look {
            woken,
            waiting: false,
            may_wait,
            polls: true,
        };
        self.enlist(Queue::Ready, look).flatten()
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

    /// The task that waits in `queue`, which waits no more.
    pub(super) fn take_task(&self, queue: Queue) -> Option<Waker> {
        self.lock().tasks.take(queue)
    }

    #[cfg(feature = "async")]
    fn poll(&self, queue: Queue, context: &mut Context<'_>) -> Poll<Option<Wake>> {
        let mut state = self.lock();
        if let Some(found) = state.found(queue) {
            return Poll::Ready(found);
        }
        let displaced = state.tasks.put(queue, context.waker());
        drop(state);
        // There is one place: another task that waits looks again, and takes its turn.
        if let Some(waker) = displaced {
            waker.wake();
        }
        Poll::Pending
    }
}
