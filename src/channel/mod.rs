//! The channel between the interrupt handler and the readers: a pipe, its books, and two flags.
//!
//! Everything both sides share is in [`State`], under one spinlock that also keeps interrupts off.
//! The two semaphores are *flags*: `ready` is up while [`State::ready`] holds, `data` is up while
//! some blocked reader has what it asked for. Raising one wakes one waiter; a waiter that leaves
//! raises it again for the next, so that every waiter sees what it waited for.
//!
//! No wake-up is lost, because a flag is raised after the records are published, lowered only under
//! the lock when its condition is false, and tested under the same lock before each sleep. A flag
//! that is up for no reason costs its waiter one look.

#[cfg(feature = "fd")]
mod fd;
mod intake;
mod state;

use core::convert::Infallible;

use zephyr::{
    sync::{SpinMutex, SpinMutexGuard},
    time::Timeout,
};

pub(crate) use intake::Intake;
use state::State;

use crate::{
    Error, Ledger, RECORD_BYTES, Wake,
    sys::{
        clock::{self, Remaining},
        pipe::{Pipe, Storage},
        poll,
        sem::Semaphore,
        timer::{Expiry, Timer},
    },
};

/// How many records are staged before they are written to the pipe in one call, and read from it
/// with the lock held.
pub(crate) const BLOCK: usize = 32;

/// Half the time in which the cycle counter wraps, in ticks.
const HALF_WRAP_TICKS: u32 = {
    let ticks = (1_u64 << 31) * clock::TICKS_PER_SECOND as u64 / clock::CYCLES_PER_SECOND as u64;
    if ticks > i32::MAX as u64 {
        i32::MAX as u32
    } else {
        ticks as u32
    }
};

pub(crate) struct Channel {
    state: SpinMutex<State>,
    pipe: Pipe,
    /// Up while the channel is ready.
    ready: Semaphore,
    /// Up while a blocked reader has the records it needs.
    data: Semaphore,
    /// Looks at the cycle counter often enough to see each of its wraps.
    wrap: Timer,
}

/// What a thread waits for; each has its semaphore and its count of waiters.
#[derive(Clone, Copy)]
enum Queue {
    Ready,
    Data,
}

/// Which flags to raise once the lock is released.
#[derive(Clone, Copy, Default)]
struct Raise {
    ready: bool,
    data: bool,
}

struct WatchForWrap;

impl Expiry for WatchForWrap {
    type Target = Channel;

    fn expired(channel: &'static Channel) {
        channel.lock().clock.read();
    }
}

impl Channel {
    pub(crate) const fn new() -> Self {
        Self {
            state: SpinMutex::new(State::new()),
            pipe: Pipe::new(),
            ready: Semaphore::new(),
            data: Semaphore::new(),
            wrap: Timer::new(),
        }
    }

    /// Takes the channel into use: two handles exist afterwards, and nothing is captured before
    /// [`arm`](Self::arm).
    ///
    /// # Errors
    ///
    /// [`Error::BUSY`] while a handle of an earlier use exists.
    pub(crate) fn open(
        &'static self,
        storage: Storage,
        capacity: u32,
        threshold: u32,
    ) -> Result<(), Error> {
        {
            let mut state = self.lock();
            if state.handles != 0 {
                return Err(Error::BUSY);
            }
            *state = State::opened(capacity, threshold);
        }
        // The handles are ours alone until this returns, so nobody uses these yet.
        self.pipe.init(storage, capacity as usize);
        self.ready.init();
        self.data.init();
        self.wrap.init::<WatchForWrap>(self);
        self.wrap.start_every(HALF_WRAP_TICKS);
        Ok(())
    }

    /// Starts to capture: `levels` are those of the lines now, `both` has the lines of which either
    /// edge interrupts.
    pub(crate) fn arm(
        &self,
        levels: impl FnOnce() -> Result<u32, Error>,
        both: u32,
    ) -> Result<(), Error> {
        let mut state = self.lock();
        // Under the lock, so that an edge is either in these levels or captured.
        state.levels = levels()?;
        state.both = both;
        state.armed = true;
        Ok(())
    }

    /// Ends the capture: wakes every waiter, now and later. What is pending can still be read.
    pub(crate) fn close(&'static self) {
        let mut state = self.lock();
        state.closed = true;
        let raise = state.update();
        drop(state);
        self.wrap.stop();
        self.raise(raise);
        #[cfg(feature = "fd")]
        self.hang_up_fds();
    }

    /// Gives up one of the handles.
    pub(crate) fn release(&self) {
        self.lock().handles -= 1;
    }

    /// Starts one interrupt's work; see [`Intake`].
    #[inline]
    pub(crate) fn intake(&self) -> Intake<'_> {
        Intake::new(self, self.lock())
    }

    /// Moves pending records into `out` until it is full or nothing is pending.
    ///
    /// Returns how many, and the time up to which they can be. `Ok(0)` for an empty `out`, and
    /// after `close` when everything has been read.
    ///
    /// # Errors
    ///
    /// [`Error::WOULD_BLOCK`] when nothing is pending on an open channel.
    pub(crate) fn take(&self, out: &mut [[u8; RECORD_BYTES]]) -> Result<(usize, u64), Error> {
        let mut taken = 0;
        let mut now = 0;
        while taken < out.len() {
            // One block at a time, so that interrupts are never off for longer than its copy.
            let end = out.len().min(taken + BLOCK);
            let mut state = self.lock();
            now = state.clock.read();
            let count = state.take(&self.pipe, &mut out[taken..end]);
            if count == 0 {
                if taken == 0 && !state.closed {
                    return Err(Error::WOULD_BLOCK);
                }
                break;
            }
            taken += count;
            let raise = state.update();
            if !state.signalled {
                // Under the lock: no give can come between the check and this.
                self.ready.lower();
            }
            drop(state);
            self.raise(raise);
        }
        Ok((taken, now))
    }

    /// Waits until the channel is ready; says why.
    pub(crate) fn wait_ready(&'static self, timeout: Timeout) -> Result<Wake, Error> {
        self.wait(Queue::Ready, timeout, |state| state.ready())
    }

    /// Waits until `records` are pending, or the channel is closed.
    pub(crate) fn wait_pending(&'static self, records: u32, timeout: Timeout) -> Result<(), Error> {
        self.wait(Queue::Data, timeout, |state| state.has(records))
    }

    /// Why the channel is ready, if it is.
    pub(crate) fn ready(&self) -> Option<Wake> {
        self.lock().ready()
    }

    /// Whether a read would return at once.
    pub(crate) fn is_readable(&self) -> bool {
        let state = self.lock();
        state.pending > 0 || state.closed
    }

    /// The books, at one instant.
    pub(crate) fn ledger(&self) -> Ledger {
        self.lock().ledger()
    }

    /// The time now, in cycles, on the clock of the records.
    pub(crate) fn now(&self) -> u64 {
        self.lock().clock.read()
    }

    /// The level of every line, line 0 in bit 0.
    pub(crate) fn levels(&self) -> u32 {
        self.lock().levels
    }

    /// Sleeps until `condition` holds, which is tested under the lock.
    fn wait<T>(
        &'static self,
        queue: Queue,
        timeout: Timeout,
        mut condition: impl FnMut(&mut State) -> Option<T>,
    ) -> Result<T, Error> {
        let semaphore = match queue {
            Queue::Ready => &self.ready,
            Queue::Data => &self.data,
        };
        let remaining = Remaining::start(timeout);
        let mut woken = false;
        loop {
            let mut state = self.lock();
            let found = condition(&mut state);
            if woken {
                state.count_wake(found.is_some());
            }
            let left = if found.is_none() {
                remaining.next()
            } else {
                None
            };
            let Some(timeout) = left else {
                let others = state.waiters[queue as usize] > 0;
                drop(state);
                if others {
                    semaphore.give();
                }
                return found.ok_or(Error::TIMED_OUT);
            };
            // The condition is false, so a raised flag is a stale one.
            semaphore.lower();
            state.waiters[queue as usize] += 1;
            drop(state);
            woken = poll::wait(semaphore, timeout).is_ok();
            self.lock().waiters[queue as usize] -= 1;
        }
    }

    fn raise(&self, raise: Raise) {
        if raise.ready {
            self.ready.give();
        }
        if raise.data {
            self.data.give();
        }
        #[cfg(feature = "fd")]
        self.raise_fds(raise);
    }

    #[inline]
    fn lock(&self) -> SpinMutexGuard<'_, State> {
        self.state
            .lock()
            .unwrap_or_else(|never: Infallible| match never {})
    }
}
