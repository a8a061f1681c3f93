//! The channel between the interrupt handler and the readers: a pipe, its books, and two flags.
//!
//! Everything both sides share is in [`State`], under one spinlock that also keeps interrupts off.
//! The two semaphores are *flags*: `ready` is up while [`State::ready`] holds, `data` is up while
//! something is pending that a blocked reader asked for. Raising one wakes one waiter; a waiter that leaves
//! raises it again for the next, so that every waiter sees what it waited for.
//!
//! No wake-up is lost, because a flag is raised after the records are published, lowered only under
//! the lock when its condition is false, and tested under the same lock before each sleep. A flag
//! that is up for no reason costs its waiter one look.

mod books;
mod clock;
mod deadline;
mod fast;
#[cfg(feature = "fd")]
mod fd;
mod intake;
mod interrupts;
mod raise;
mod records;
mod settle;
mod setup;
mod state;
#[cfg_attr(not(feature = "async"), path = "no_tasks.rs")]
mod tasks;
mod wait;

pub(crate) use fast::Fast;
pub(crate) use intake::Intake;
pub(crate) use interrupts::Interrupts;
use raise::Raise;
pub(crate) use setup::Setup;
use state::State;
use wait::Queue;

use crate::{
    ConfigError, Error, Ledger, LineError, Readiness, Wake,
    record::{self, Record},
    sys::{
        clock::{cycles, uptime_ticks},
        lock::{Guard, Lock},
        pipe::{Pipe, Storage},
        sem::Semaphore,
        timer::{Expiry, Timer},
    },
};

#[repr(C)]
pub(crate) struct Channel {
    /// First, where short instructions reach it.
    state: Lock<State>,
    pipe: Pipe,
    /// Up while the channel is ready.
    ready: Semaphore,
    /// Up while something is pending that a blocked reader asked for.
    data: Semaphore,
    /// Expires when it is time to look again: often enough to see each wrap of the cycle counter,
    /// and when the oldest unread record has waited for long enough.
    watch: Timer,
}

struct Look;

impl Expiry for Look {
    type Target = Channel;

    fn expired(channel: &'static Channel) {
        let mut state = channel.lock();
        state.look(cycles());
        state.deadline.look();
        channel.look_again(&state);
        channel.publish(state);
    }
}

impl Channel {
    pub(crate) const fn new() -> Self {
        Self {
            state: Lock::new(State::new()),
            pipe: Pipe::new(),
            ready: Semaphore::new(),
            data: Semaphore::new(),
            watch: Timer::new(),
        }
    }

    /// Takes the channel into use: two handles exist afterwards, and nothing is captured before
    /// [`arm`](Self::arm).
    ///
    /// # Errors
    ///
    /// [`Error::BUSY`] while a handle of an earlier use exists.
    pub(crate) fn open(&'static self, storage: Storage, setup: &Setup) -> Result<(), Error> {
        let mut state = self.lock();
        if state.handles != 0 {
            return Err(Error::BUSY);
        }
        let rest = state.open(setup, storage);
        // The handles are ours alone until this returns, so nobody uses these yet.
        self.pipe.init(rest);
        self.ready.init();
        self.data.init();
        self.watch.init::<Look>(self);
        self.look_again(&state);
        Ok(())
    }

    /// Starts to capture what `interrupts` tell of.
    ///
    /// # Errors
    ///
    /// When a controller does not tell its levels.
    pub(crate) fn arm(&self, interrupts: &'static dyn Interrupts) -> Result<(), LineError> {
        let mut state = self.lock();
        // Under the lock, so that an edge is either in these levels or captured.
        interrupts.begin()?;
        state.arm(interrupts);
        self.publish(state);
        Ok(())
    }

    /// Ends the capture: wakes every waiter, now and later. What is pending can still be read.
    pub(crate) fn close(&'static self) {
        let mut state = self.lock();
        state.close();
        self.watch.stop();
        self.publish(state);
        #[cfg(feature = "fd")]
        self.hang_up_fds();
    }

    /// Gives up a handle.
    pub(crate) fn release(&self) {
        self.state.lock_briefly().handles -= 1;
    }

    /// Gives up the reader's handle.
    pub(crate) fn release_reader(&self) {
        let mut state = self.state.lock_briefly();
        state.handles -= 1;
        state.generation = state.generation.wrapping_add(1);
    }

    /// A number that is the channel's as long as it has the same reader.
    pub(crate) fn generation(&self) -> u32 {
        self.lock().generation
    }

    /// Starts one interrupt's work on the fast path.
    #[inline]
    pub(crate) fn fast(&'static self) -> Fast {
        Fast::new(self)
    }

    /// Starts one interrupt's work on the full path.
    pub(crate) fn intake(&'static self) -> Intake {
        Intake::new(self, self.lock(), cycles())
    }

    /// Moves pending records into `out` until no more fit or nothing is pending; returns how many bytes.
    ///
    /// `Ok(0)` for an empty `out`, and after `close` when everything has been read.
    ///
    /// # Errors
    ///
    /// - [`Error::WOULD_BLOCK`] when nothing is pending on an open channel.
    /// - [`Error::INVALID_INPUT`] when `out` is shorter than a record.
    pub(crate) fn take(&'static self, out: &mut [u8]) -> Result<usize, Error> {
        let mut length = 0;
        loop {
            let rest = out.get_mut(length..).unwrap_or_default();
            // One block at a time, so that interrupts are never off for longer than its copy.
            let mut state = self.lock();
            let size = state.records.size();
            let taken = state.take(rest, &self.pipe);
            if taken == 0 {
                return match out.len() {
                    0 => Ok(0),
                    short if short < size => Err(Error::INVALID_INPUT),
                    _ if length == 0 && !state.is_closed() => Err(Error::WOULD_BLOCK),
                    _ => Ok(length),
                };
            }
            length += taken;
            if !state.deadline.is_off() {
                self.restart_deadline(&mut state);
            }
            let raise = state.update();
            self.lower_ready(&mut state);
            let is_last = (out.len() - length < size) | (state.records.pending() == 0);
            drop(state);
            self.raise(raise);
            if is_last {
                return Ok(length);
            }
        }
    }

    /// A time, in cycles, that is later than all records taken before by less than a wrap.
    pub(crate) fn end(&self) -> u64 {
        self.state.lock_briefly().clock.end()
    }

    /// Changes when the channel is ready. If it is now, waiters wake.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] for a threshold that is 0 or above the capacity; nothing changes.
    pub(crate) fn set_readiness(&self, readiness: Readiness) -> Result<(), ConfigError> {
        let mut state = self.lock();
        let threshold = readiness.threshold(state.capacity())?;
        state.set_threshold(threshold);
        let raise = state.update();
        self.lower_ready(&mut state);
        drop(state);
        self.raise(raise);
        Ok(())
    }

    /// Why the channel is ready, if it is.
    pub(crate) fn ready(&self) -> Option<Wake> {
        self.lock().ready()
    }

    /// Whether a read would return at once.
    pub(crate) fn is_readable(&self) -> bool {
        self.lock().has(1)
    }

    /// The books, at one instant.
    pub(crate) fn ledger(&self) -> Ledger {
        self.lock().ledger()
    }

    /// The time now, in cycles, on the clock of the records.
    pub(crate) fn now(&self) -> u64 {
        self.lock().look(cycles())
    }

    /// The level of every line, line 0 in bit 0.
    pub(crate) fn levels(&self) -> u32 {
        self.lock().levels()
    }

    /// Lowers the flag that was raised when nobody waited, if the channel is not ready any more. With
    /// the lock held: no give can come between the check and this.
    fn lower_ready(&self, state: &mut State) {
        if state.unseen && !state.signalled {
            state.unseen = false;
            self.ready.lower();
        }
    }

    /// The oldest record is another one than before: the deadline is that of this one.
    #[inline(never)]
    fn restart_deadline(&'static self, state: &mut State) {
        let now = state.look(cycles());
        match state.records.oldest(&self.pipe) {
            Some(Record::Edge { cycles, .. }) => {
                self.start_deadline(state, record::age(cycles, now));
            }
            // A hole is news.
            Some(Record::Gap { .. }) => state.deadline.pass(),
            None if state.records.pending() == 0 => {
                state.deadline.clear();
                self.look_again(state);
            }
            // A plain byte has no time. Its deadline is at most that of the byte before it.
            None => {}
        }
    }

    /// The oldest record is `age` cycles old.
    #[inline(never)]
    fn start_deadline(&'static self, state: &mut State, age: u64) {
        state.deadline.set(age);
        self.look_again(state);
    }

    /// Sets the timer for the next look, which is called right after one.
    #[inline(never)]
    fn look_again(&'static self, state: &State) {
        let wrap = uptime_ticks() + u64::from(clock::QUARTER_WRAP_TICKS);
        self.watch.start_at(state.deadline.look_at(wrap));
    }

    /// Brings the flags in line with what was changed, and wakes whoever is to be woken.
    #[inline(never)]
    fn publish(&self, mut state: Guard<'_, State>) {
        let raise = state.update();
        drop(state);
        self.raise(raise);
    }

    #[inline]
    fn raise(&self, raise: Raise) {
        if raise.is_any() {
            self.raise_some(raise);
        }
    }

    #[inline(never)]
    fn raise_some(&self, raise: Raise) {
        if raise.includes(Queue::Ready) {
            self.ready.give();
        }
        if raise.includes(Queue::Data) {
            self.data.give();
        }
        #[cfg(feature = "async")]
        if raise.includes_tasks() {
            self.wake_tasks(raise);
        }
        #[cfg(feature = "fd")]
        if raise.includes_fds() {
            self.raise_fds(raise);
        }
    }

    fn lock(&self) -> Guard<'_, State> {
        self.state.lock()
    }
}
