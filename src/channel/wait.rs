//! Waiting: for the channel to be ready, or for records to read, by a thread, a task or a poller.

use core::pin::Pin;

use zephyr::time::Timeout;

use super::{State, WeakReader, waiters::Queue};
use crate::sys::list::{self, Node};
use crate::{Error, Wake, sys::clock::Remaining};

impl WeakReader {
    /// Waits until the channel is ready, and returns why; [`Error::TIMED_OUT`] after `timeout`.
    pub(super) fn sleep_until_ready(self, timeout: Timeout) -> Result<Wake, Error> {
        self.wait(Queue::Ready, Remaining::start(timeout), State::found_ready)
    }

    /// Waits until something is pending, or the channel is closed; [`Error::TIMED_OUT`] as above.
    pub(crate) fn wait_pending(self, remaining: Remaining) -> Result<(), Error> {
        self.wait(Queue::Data, remaining, State::found_pending)
    }

    /// Sleeps in the queue until `find`, called under the lock, finds the condition true. `k_sem_take` costs less than
    /// `k_poll`, and is enough for one semaphore. A thread that leaves wakes the next, which checks for itself.
    #[inline(always)]
    fn wait<R>(
        self,
        queue: Queue,
        remaining: Remaining,
        mut find: impl FnMut(&mut State) -> Option<R>,
    ) -> Result<R, Error> {
        let semaphore = self.channel().semaphore(queue);
        let mut woken = 0_u32;
        let mut state = self.lock()?;
        if queue == Queue::Ready && state.ended {
            return Err(Error::CLOSED);
        }
        let found = loop {
            if let Some(found) = find(&mut state) {
                state.counters.wakes += u64::from(woken);
                break Ok(found);
            }
            state.counters.spurious_wakes += u64::from(woken);
            let Some(left) = remaining.next() else {
                break Err(Error::TIMED_OUT);
            };
            state.waiters.add_thread(queue);
            drop(state);
            let taken = semaphore.take(left).is_ok();
            let with_all = cfg!(edgepipe_user) && !taken && remaining.next().is_some();
            woken = (taken || with_all).into();
            state = self.channel.lock();
            if with_all {
                // As one that was woken alone has done.
                semaphore.lower();
            }
            state.waiters.remove_thread(queue);
            if !state.has_reader_of(self.number) {
                break Err(Error::BAD_HANDLE);
            }
        };
        let others = state.waiters.has_thread(queue);
        drop(state);
        if others {
            semaphore.give();
        }
        found
    }

    /// For a poller or a task: returns what `find` finds under the lock. If it finds nothing, `place` is enlisted in
    /// the queue, to be woken once by `wake`; without `wake`, it is not enlisted.
    pub(super) fn find_or_enlist<R>(
        self,
        queue: Queue,
        place: Pin<&Node>,
        find: impl FnOnce(&mut State) -> Option<R>,
        wake: Option<list::Wake>,
    ) -> Result<Option<R>, Error> {
        let mut state = self.lock()?;
        let found = find(&mut state);
        if found.is_none() && wake.is_none() {
            return Ok(None);
        }
        // A task's waker is foreign code, so it is dropped without the lock.
        let (woken, _old) = state.waiters.remove_listed(queue, place);
        state.counters.wakes += u64::from(woken && found.is_some());
        state.counters.spurious_wakes += u64::from(woken && found.is_none());
        let unused = match wake {
            Some(wake) if found.is_none() => {
                state.waiters.add_listed(queue, place, wake);
                None
            }
            wake => wake,
        };
        drop(state);
        drop(unused);
        Ok(found)
    }

    /// As [`find_or_enlist`](Self::find_or_enlist), for the channel to be ready.
    pub(crate) fn ready_or_enlist(
        self,
        place: Pin<&Node>,
        wake: Option<list::Wake>,
    ) -> Result<Option<Wake>, Error> {
        self.find_or_enlist(Queue::Ready, place, State::found_ready, wake)
    }

    /// Removes `place` from the queue, whether this use is over or not.
    pub(crate) fn delist(self, queue: Queue, place: Pin<&Node>) {
        let _old = self.channel.lock().waiters.remove_listed(queue, place);
    }
}
