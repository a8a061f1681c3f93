//! Waiting: for the channel to be ready, or for records to read, by a thread or by a task.

#[cfg(feature = "async")]
use core::task::{Context, Poll};

use zephyr::time::Timeout;

#[cfg(feature = "async")]
use super::Raise;
use super::{Channel, State};
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
    /// Waits until the channel is ready, and says why; `None` when the time has passed first.
    pub(crate) fn wait_ready(&'static self, timeout: Timeout) -> Option<Wake> {
        self.wait(Queue::Ready, Remaining::start(timeout), |state| {
            state.ready()
        })
    }

    /// Waits until the channel is ready, and moves pending records into `out`, as [`take`](Self::take) does.
    ///
    /// # Errors
    ///
    /// - [`Error::TIMED_OUT`] when the time has passed first.
    /// - [`Error::INVALID_INPUT`] when `out` is shorter than a record.
    pub(crate) fn wait_and_take(
        &'static self,
        out: &mut [u8],
        timeout: Timeout,
    ) -> Result<usize, Error> {
        let remaining = Remaining::start(timeout);
        loop {
            let drained = self.wait(Queue::Ready, remaining, |state| {
                if out.len() < state.records.size() {
                    // Not worth a wait.
                    return Some(None);
                }
                state.is_ready().then(|| state.drain(out))
            });
            if let Some(length) = drained.ok_or(Error::TIMED_OUT)? {
                return Ok(length);
            }
            match self.take(out) {
                // Another reader was faster.
                Err(Error::WOULD_BLOCK) => {}
                result => return result,
            }
        }
    }

    /// Waits until something is pending, or the channel is closed; `None` as in [`wait_ready`](Self::wait_ready).
    pub(crate) fn wait_pending(&'static self, remaining: Remaining) -> Option<()> {
        self.wait(Queue::Data, remaining, State::found_pending)
    }

    /// As [`wait_ready`](Self::wait_ready), for a task.
    #[cfg(feature = "async")]
    pub(crate) fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Wake> {
        self.poll(Queue::Ready, context, |state| state.ready())
    }

    /// As [`wait_pending`](Self::wait_pending), for a task.
    #[cfg(feature = "async")]
    pub(crate) fn poll_pending(&self, context: &mut Context<'_>) -> Poll<()> {
        self.poll(Queue::Data, context, State::found_pending)
    }

    /// Sleeps in the queue until `find` finds under the lock what is waited for; `None` when the time has
    /// passed first.
    ///
    /// One thread at one semaphore has no use for `k_poll`: `k_sem_take` costs less, and lowers the
    /// flag for the wake that it was. One that leaves wakes the next, to look for itself.
    #[inline(always)]
    fn wait<R>(
        &'static self,
        queue: Queue,
        remaining: Remaining,
        mut find: impl FnMut(&mut State) -> Option<R>,
    ) -> Option<R> {
        let mut woken = 0_u32;
        let mut state = self.state.lock_briefly();
        let found = loop {
            if let Some(found) = find(&mut state) {
                state.books.wakes += u64::from(woken);
                break Some(found);
            }
            state.books.spurious_wakes += u64::from(woken);
            let Some(left) = remaining.next() else {
                break None;
            };
            state.waiters[queue as usize] += 1;
            drop(state);
            woken = self.semaphore(queue).take(left).is_ok().into();
            state = self.state.lock_briefly();
            state.waiters[queue as usize] -= 1;
        };
        let others = state.waiters[queue as usize] > 0;
        drop(state);
        if others {
            self.semaphore(queue).give();
        }
        found
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
    fn poll<R>(
        &self,
        queue: Queue,
        context: &mut Context<'_>,
        find: impl Fn(&mut State) -> Option<R>,
    ) -> Poll<R> {
        let mut state = self.lock();
        if let Some(found) = find(&mut state) {
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
