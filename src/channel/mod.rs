//! The channel between the interrupt handler and the readers: a ring of records, its books, and those who
//! wait.
//!
//! Everything both sides share is in [`State`], under one spinlock.
//!
//! No wake-up is lost. Whoever waits enlists under the lock, after finding its condition false; whoever
//! makes the condition true does so under the lock, and then wakes those that are enlisted. Threads that
//! wait for the same thing share a semaphore: a give wakes one of them, and each that leaves wakes the
//! next. One that is woken for no reason checks once and sleeps again.

mod clock;
mod deadline;
mod delivery;
mod fast_path;
#[cfg(feature = "fd")]
mod fd;
mod full_path;
mod levels;
mod limit;
mod records;
mod state;
#[cfg(feature = "async")]
mod task;
mod wait;
mod waiters;
mod weak;

pub(crate) use delivery::{THROUGH_PIPE, ThroughPipe};
pub(crate) use fast_path::{Entered, Inlet};
pub(crate) use full_path::FullPath;
pub(crate) use state::Interrupts;
use state::State;
pub(crate) use waiters::Queue;
use waiters::Wakeups;
pub use weak::WeakReader;

use zephyr::time::{Duration, sleep};

use crate::record::{self, Record};
use crate::sys::clock::cycles;
use crate::sys::lock::{Guard, Lock, Locked};
use crate::sys::timer::{Expiry, Timer};
use crate::{
    Delivery, Error, Ledger, LineError, config::Setup, sys::pipe::Pipe, sys::sem::Semaphore,
    sys::storage::Storage,
};

/// What a read returns that ends after `length` bytes, for this reason if it got none.
#[inline]
fn got(length: usize, reason: Error) -> Result<usize, Error> {
    if length > 0 { Ok(length) } else { Err(reason) }
}

/// How long a thread that reads the pipe of an earlier use is given to return, in ticks.
const PATIENCE_TICKS: u32 = 10;

#[repr(C)]
pub(crate) struct Channel {
    /// First, where short instructions reach it.
    state: Lock<State>,
    /// Given to the threads that wait in each queue.
    semaphores: [Semaphore; 2],
    /// Expires often enough to see each wrap of the cycle counter, and when the oldest unread record has
    /// waited for long enough.
    timer: Timer,
    pipe: Pipe,
}

impl Locked for Channel {
    type Data = State;

    #[inline]
    fn lock_of(&'static self) -> &'static Lock<State> {
        &self.state
    }
}

impl Expiry for Channel {
    type Target = Self;

    fn expired(channel: &'static Channel) {
        let mut state = channel.lock();
        let now = state.advance_clock(cycles());
        state.deadline.check(now);
        let was_late = core::mem::take(&mut state.handover.is_late);
        if !state.is_closed() {
            channel.restart_timer(&mut state, now);
        }
        channel.publish_and_deliver(state, was_late);
    }
}

impl Channel {
    pub(crate) const fn new() -> Self {
        Self {
            state: Lock::new(State::new()),
            semaphores: [const { Semaphore::new() }; 2],
            timer: Timer::new(),
            pipe: Pipe::new(),
        }
    }

    /// Takes the channel into use, with room for records in `storage` and in the pipe's own: two
    /// handles exist afterwards, and nothing is captured before [`arm`](Self::arm). Fails with
    /// [`Error::BUSY`] while a handle of an earlier use exists, or a read of its pipe has not returned, for which it
    /// sleeps for some ticks at most. Thread only.
    pub(crate) fn open(
        &'static self,
        storage: Storage,
        pipe: Storage,
        through: Option<&'static ThroughPipe>,
        setup: &Setup,
    ) -> Result<(), Error> {
        let mut state = self.lock();
        for _ in 0..PATIENCE_TICKS {
            if state.handles != 0 || !self.pipe.is_read() {
                break;
            }
            drop(state);
            sleep(Duration::from_ticks(1));
            state = self.lock();
        }
        if state.handles != 0 || self.pipe.is_read() {
            return Err(Error::BUSY);
        }
        let through = through.filter(|_| setup.deliver == Delivery::Pipe);
        state.open(setup, storage, through);
        let threads = state.waiters.threads;
        drop(state);
        // Nobody begins to wait before this returns. A thread that sleeps since an earlier use is sent away. One that is
        // about to sleep takes what is given here, or next. One that was aborted stays counted, and is given to in vain.
        for (semaphore, threads) in self.semaphores.iter().zip(threads) {
            if threads == 0 {
                semaphore.init();
            } else {
                semaphore.reset();
                semaphore.give();
            }
        }
        if let Some(through) = through {
            (through.init)(self, pipe);
        }
        self.timer.init::<Self>(self);
        let mut state = self.lock();
        let now = state.advance_clock(cycles());
        self.restart_timer(&mut state, now);
        Ok(())
    }

    /// Starts to capture what `interrupts` tell of; fails when a controller tells no levels.
    pub(crate) fn arm(&'static self, interrupts: &'static dyn Interrupts) -> Result<(), LineError> {
        interrupts.begin(false)?;
        let mut state = self.lock();
        // Under the lock, so that an edge is either in these levels or captured.
        interrupts.begin(true)?;
        state.arm(interrupts);
        self.publish(state);
        Ok(())
    }

    /// Ends the capture: wakes every waiter, now and later. What is pending can still be read.
    pub(crate) fn close(&'static self) {
        let mut state = self.lock();
        state.close();
        self.timer.stop();
        self.publish(state);
        #[cfg(feature = "fd")]
        self.hang_up_fds();
    }

    /// Gives up the capture's handle.
    pub(crate) fn release(&'static self) {
        self.drop_handle(self.lock());
    }

    /// Gives up a handle. With the last one, threads that wait in the pipe are let go.
    fn drop_handle(&'static self, mut state: Guard<'_, State>) {
        state.handles -= 1;
        if let (0, Some(through)) = (state.handles, state.through) {
            (through.hang_up)(self, state);
        }
    }

    /// Starts one edge's work on the full path, for an interrupt that is seen now.
    pub(crate) fn full_path_now(&'static self) -> FullPath {
        let state = self.lock();
        FullPath::new(self, state, cycles())
    }

    /// Moves pending records into `out` until no more fit or nothing is pending; returns how many
    /// bytes. For the reader of use `number`; or for a descriptor, which keeps the use that it is
    /// of. `Ok(0)` for an empty `out`, and after `close` when everything has been read.
    /// [`Error::WOULD_BLOCK`] when nothing is pending on an open channel, [`Error::INVALID_INPUT`]
    /// when `out` is shorter than a record, [`Error::BAD_HANDLE`] when the use is over.
    pub(crate) fn take(&'static self, number: Option<u32>, out: &mut [u8]) -> Result<usize, Error> {
        let mut length = 0;
        loop {
            // One block at a time, so that interrupts are never masked for longer than its copy.
            let mut state = self.lock_to_take();
            if state.is_over(number) {
                return got(length, Error::BAD_HANDLE);
            }
            let size = state.records.size();
            if out.len() < size {
                return match out {
                    [] => Ok(0),
                    _ => Err(Error::INVALID_INPUT),
                };
            }
            if let Some(through) = state.through {
                return (through.take)(self, state, number, out);
            }
            let taken = state.take(out.get_mut(length..).unwrap_or_default());
            if taken == 0 {
                return state.end_read(length);
            }
            length += taken;
            self.restart_deadline(&mut state);
            let wakeups = state.update();
            let is_last = (out.len() - length < size) | (state.records.pending() == 0);
            drop(state);
            self.wake(wakeups);
            if is_last {
                return Ok(length);
            }
        }
    }

    /// A time, in cycles, that is later than all records taken before by less than a wrap.
    pub(crate) fn end(&self) -> u64 {
        self.lock().clock.end()
    }

    /// The books, at one instant.
    pub(crate) fn ledger(&self) -> Ledger {
        self.lock().ledger()
    }

    /// The time now, in cycles, on the clock of the records.
    pub(crate) fn now(&self) -> u64 {
        self.lock().advance_clock(cycles())
    }

    /// The level of every line, line 0 in bit 0.
    pub(crate) fn levels(&'static self) -> u32 {
        self.read_levels(self.lock()).levels.found
    }

    /// The oldest record is another one than before: the deadline is that of this one.
    #[inline]
    fn restart_deadline(&'static self, state: &mut State) {
        if !state.deadline.is_off() {
            self.restart_some_deadline(state);
        }
    }

    #[inline(never)]
    fn restart_some_deadline(&'static self, state: &mut State) {
        let now = state.advance_clock(cycles());
        match state.records.oldest() {
            Some(Record::Edge { cycles, line, .. }) => {
                let age = record::age(cycles, now);
                state.deadline.restart(age, line.into(), now);
            }
            // A hole is news.
            Some(Record::Gap { .. }) => state.deadline.pass(),
            None if state.records.pending() == 0 => state.deadline.clear(),
            // A plain byte has no time. Its deadline is at most that of the byte before it.
            None => {}
        }
        if state.deadline.is_before_timer() {
            self.restart_timer(state, now);
        }
    }

    /// Starts the timer if it would look too late at the deadline that has just begun. That is apart from what
    /// began it, because interrupts would be masked for too long.
    #[inline(never)]
    fn start_timer_in_time(&'static self) {
        let mut state = self.lock();
        if state.deadline.is_before_timer() {
            let now = state.advance_clock(cycles());
            state.deadline.check(now);
            if state.deadline.has_passed() {
                return self.publish(state);
            }
            self.restart_timer(&mut state, now);
        }
    }

    /// Sets the timer, at `now`, to which the clock was advanced.
    #[inline(never)]
    fn restart_timer(&'static self, state: &mut State, now: u64) {
        let most = state.most_ticks();
        let ticks = state.deadline.set_timer(now, most);
        self.timer.start_in(ticks);
    }

    /// Takes the lock to take records.
    #[inline]
    fn lock_to_take(&'static self) -> Guard<'static, State> {
        let state = self.lock();
        if state.counters.unreported == 0 && !state.deadline.has_passed() {
            return state;
        }
        self.prepare_to_take(state)
    }

    /// Does what a take may need in advance, for which the lock is given up and taken again: all that at once is
    /// too much. After a take the deadline may be another one, so the timer is to look soon; and a hole is to be
    /// marked with the levels.
    #[cold]
    #[inline(never)]
    fn prepare_to_take(&'static self, mut state: Guard<'static, State>) -> Guard<'static, State> {
        if state.deadline.has_passed() && !state.deadline.expires_soon() {
            state.deadline.expire_soon();
            self.timer.start_in(0);
            drop(state);
            state = self.lock();
        }
        match state.counters.unreported {
            0 => state,
            _ => self.read_levels(state),
        }
    }

    /// Does all that a change calls for: sets the limit, delivers, and wakes whoever is to be woken.
    #[inline(never)]
    fn publish(&'static self, state: Guard<'_, State>) {
        self.publish_and_deliver(state, false);
    }

    /// As [`publish`](Self::publish); whatever `is_late` finds no room in the pipe is offered again.
    fn publish_and_deliver(&'static self, mut state: Guard<'_, State>, is_late: bool) {
        let wakeups = state.update();
        let through = state.through.filter(|_| is_late || state.must_deliver());
        drop(state);
        if let Some(through) = through {
            (through.deliver)(self);
        }
        self.wake(wakeups);
    }

    #[inline]
    fn wake(&self, wakeups: Wakeups) {
        if wakeups.is_any() {
            self.wake_some(wakeups);
        }
    }

    #[inline(never)]
    fn wake_some(&self, wakeups: Wakeups) {
        for queue in [Queue::Ready, Queue::Data] {
            if wakeups.includes(Wakeups::told(queue)) {
                self.semaphore(queue).give();
            }
        }
        if wakeups.includes(Wakeups::LISTED) {
            self.wake_listed();
        }
        #[cfg(feature = "fd")]
        if wakeups.includes(Wakeups::FDS) {
            self.raise_fds(wakeups);
        }
    }

    /// Wakes all that wait for the channel to be ready, which it has just become.
    #[cold]
    #[inline(never)]
    fn wake_ready(&self, mut state: Guard<'_, State>) {
        state.waiters.wake_listed(Queue::Ready);
        let wakeups = Wakeups::READY.and(state.waiting());
        drop(state);
        self.wake_some(wakeups);
    }

    fn wake_listed(&self) {
        // The lock is released before the wake.
        let next = || self.lock().waiters.next_listed();
        while let Some(wake) = next() {
            wake.wake();
        }
    }

    fn semaphore(&self, queue: Queue) -> &Semaphore {
        &self.semaphores[queue as usize]
    }

    #[inline]
    fn lock(&self) -> Guard<'_, State> {
        self.state.lock()
    }
}

#[cfg(test)]
#[path = "../../tests/unit/channel/mod.rs"]
mod tests;
