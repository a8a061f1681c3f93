//! The channel between the interrupt handler and the readers: a ring of records, its counters, and its waiters.
//!
//! Both sides share [`State`], under one spinlock.
//!
//! No wake-up is lost. A waiter enlists under the lock, after finding its condition false. A condition becomes true
//! under the lock, and then the enlisted waiters are woken. Threads that wait for the same condition share a semaphore:
//! a give wakes one, and each that leaves wakes the next. One that finds its condition false again sleeps again. With user
//! mode, several are all woken at once.

mod change;
mod deadline;
mod delivery;
mod fast_path;
#[cfg(feature = "fd")]
mod fd;
mod full_path;
mod hole;
mod levels;
mod limit;
mod oldest;
mod records;
mod signal;
mod state;
#[cfg(feature = "async")]
mod task;
mod timer;
mod wait;
mod waiters;
mod weak;

pub(crate) use change::Pause;
pub(crate) use delivery::{THROUGH_PIPE, ThroughPipe};
pub(crate) use fast_path::{Entered, Inlet};
pub(crate) use full_path::FullPath;
pub(crate) use hole::Reading;
pub use signal::Signal;
pub(crate) use state::Interrupts;
use state::State;
pub(crate) use waiters::Queue;
use waiters::Wakeups;
pub use weak::WeakReader;

use zephyr::time::{Duration, sleep};

use crate::clock::Source;
use crate::sys::lock::{Guard, Lock, Locked};
use crate::sys::out::Out;
use crate::sys::timer::Timer;
use crate::{
    Delivery, Error, Ledger, LineError, config::Setup, sys::pipe::Pipe, sys::sem::Semaphore,
    sys::storage::Storage,
};

/// The result of a read that ends after `length` bytes: `reason` if it got none.
#[inline]
fn got(length: usize, reason: Error) -> Result<usize, Error> {
    if length > 0 { Ok(length) } else { Err(reason) }
}

/// How often `open` sleeps, and how long each time, for threads that still read the pipe of an earlier use. A tick can be
/// too short for them to run.
const SLEEPS: u32 = 10;
const SLEEP: Duration = Duration::millis_at_least(1);

#[repr(C)]
pub(crate) struct Channel {
    /// First, where short instructions reach it.
    state: Lock<State>,
    /// One for the threads in each queue.
    semaphores: [Semaphore; 2],
    /// Expires often enough to count each wrap of the cycle counter and, if need be, to check the deadline and to offer
    /// records to the pipe again.
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

impl Channel {
    pub(crate) const fn new() -> Self {
        Self {
            state: Lock::new(State::new()),
            semaphores: [const { Semaphore::new() }; 2],
            timer: Timer::new(),
            pipe: Pipe::new(),
        }
    }

    /// Begins a use, with the ring in `storage` and the pipe's buffer in `pipe`. Two handles exist then, and nothing is
    /// captured before [`arm`](Self::arm). Fails with [`Error::BUSY`] while a handle of an earlier use exists, or if a
    /// read of its pipe does not return within 10 ms of sleep. Thread only.
    pub(crate) fn open(
        &'static self,
        storage: Storage,
        pipe: Storage,
        through: Option<&'static ThroughPipe>,
        setup: &Setup,
    ) -> Result<(), Error> {
        let mut state = self.lock();
        for _ in 0..SLEEPS {
            if state.handles != 0 || !self.pipe.is_read() {
                break;
            }
            drop(state);
            sleep(SLEEP);
            state = self.lock();
        }
        if state.handles != 0 || self.pipe.is_read() {
            return Err(Error::BUSY);
        }
        #[cfg(edgepipe_pm)]
        if state.is_suspended() {
            return Err(Error::SUSPENDED);
        }
        let through = through.filter(|_| setup.deliver == Delivery::Pipe);
        state.open(setup, storage, through);
        let threads = state.waiters.threads;
        drop(state);
        // No thread begins to wait before this returns. The give wakes a thread that sleeps since an earlier use, or is
        // about to, and that one wakes the next. One that was aborted stays counted, and the give does nothing.
        for (semaphore, threads) in self.semaphores.iter().zip(threads) {
            if threads == 0 {
                semaphore.init();
            } else {
                semaphore.give();
            }
        }
        if let Some(through) = through {
            (through.init)(self, pipe);
        }
        self.timer.init::<Self>(self);
        let mut state = self.lock();
        let now = state.now();
        self.restart_timer(&mut state, now);
        Ok(())
    }

    /// Starts to capture the edges of `interrupts`, and returns the levels before the first one; fails when a
    /// controller does not report its levels.
    pub(crate) fn arm(
        &'static self,
        interrupts: &'static dyn Interrupts,
    ) -> Result<u32, LineError> {
        let levels = interrupts.begin(false)?;
        let mut state = self.lock();
        // Under the lock, so that an edge is either in these levels or captured.
        let levels = levels ^ interrupts.begin(true)?;
        state.arm(interrupts, levels);
        self.publish(state);
        Ok(levels)
    }

    /// Ends the capture and wakes every waiter; later waits return at once. Pending records can still be read.
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

    /// Gives up a handle. The last one closes the pipe, which wakes threads that wait in it.
    fn drop_handle(&'static self, mut state: Guard<'_, State>) {
        state.handles -= 1;
        if let (0, Some(through)) = (state.handles, state.through) {
            (through.hang_up)(self, state);
        }
    }

    /// Starts one edge's work on the full path, with the present time.
    pub(crate) fn full_path_now(&'static self) -> FullPath {
        let state = self.lock();
        let cycles = state.clock.cycles();
        FullPath::new(self, state, cycles)
    }

    /// Moves pending records into `out` until no more fit or nothing is pending; returns how many bytes. `number` is
    /// the reader's use; `None` is a descriptor, whose handle keeps its use. `Ok(0)` for an empty `out`, and after
    /// `close` when everything has been read. [`Error::WOULD_BLOCK`] when nothing is pending on an open channel,
    /// [`Error::INVALID_INPUT`] when `out` is shorter than a record, [`Error::BAD_HANDLE`] when the use is over.
    ///
    /// It ends before a hole among samples; if it begins at one, it passes it.
    pub(crate) fn take(&'static self, number: Option<u32>, out: Out) -> Result<usize, Error> {
        self.take_pieces(number, out, None)
    }

    /// As [`take`](Self::take), for a read that takes in several calls. Once it has begun, `Ok(0)` also means that it ends
    /// at a hole.
    pub(crate) fn take_on(
        &'static self,
        number: Option<u32>,
        out: Out,
        reading: &mut Reading,
    ) -> Result<usize, Error> {
        self.take_pieces(number, out, Some(reading))
    }

    /// Inlined, so that reads of edges do not pay for `reading`.
    #[inline(always)]
    fn take_pieces(
        &'static self,
        number: Option<u32>,
        out: Out,
        mut reading: Option<&mut Reading>,
    ) -> Result<usize, Error> {
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
            let rest = out.get(length..).unwrap_or_default();
            let Some(taken) = state.take(rest, length > 0, reading.as_deref_mut()) else {
                return Ok(length);
            };
            if taken == 0 {
                return state.end_read(length);
            }
            length += taken;
            self.restart_deadlines(&mut state);
            let wakeups = state.update();
            let is_last = (out.len() - length < size) | (state.records.pending() == 0);
            drop(state);
            self.wake(wakeups);
            if is_last {
                return Ok(length);
            }
        }
    }

    /// The ledger, at one instant.
    pub(crate) fn ledger(&self) -> Ledger {
        self.lock().ledger()
    }

    /// The time now, in cycles, on the clock of the records.
    pub(crate) fn now(&self) -> (u64, Source) {
        let mut state = self.lock();
        (state.now(), state.clock)
    }

    /// Cycles of the clock in a second.
    pub(crate) fn hertz(&self) -> u32 {
        self.lock().clock.hertz()
    }

    /// The level of every line, line 0 in bit 0.
    pub(crate) fn levels(&'static self) -> u32 {
        self.read_levels(self.lock()).levels.found
    }

    /// Takes the lock in order to take records.
    #[inline]
    fn lock_to_take(&'static self) -> Guard<'static, State> {
        let state = self.lock();
        let has_passed = state.has_deadlines() && state.deadlines.has_any_passed();
        if state.counters.unreported == 0 && !has_passed {
            return state;
        }
        self.prepare_to_take(state)
    }

    /// Prepares for a take, and releases the lock in between, because all that at once takes too long. If the deadline
    /// has passed, another one counts after the take, so the timer is set to expire soon. If edges were lost, the
    /// levels are read for the gap record.
    #[cold]
    #[inline(never)]
    fn prepare_to_take(&'static self, mut state: Guard<'static, State>) -> Guard<'static, State> {
        if state.deadlines.has_any_passed() && !state.deadlines.expires_soon() {
            self.expire_soon(&mut state);
            drop(state);
            state = self.lock();
        }
        match state.counters.unreported {
            0 => state,
            _ => self.read_levels(state),
        }
    }

    /// Completes a change: updates the limit, hands over what is due, and wakes waiters.
    #[inline(never)]
    fn publish(&'static self, state: Guard<'_, State>) {
        self.publish_and_deliver(state, false);
    }

    /// As [`publish`](Self::publish). If `is_late`, the pipe is offered again the records that found no room in it.
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
                self.wake_threads(queue);
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

    /// Does the work of the marked record, which came when the counter showed `cycles`: it starts the deadlines, or wakes
    /// all waiters of a channel that has just become ready.
    #[cold]
    #[inline(never)]
    fn finish_marked(&'static self, mut state: Guard<'_, State>, cycles: u32) {
        if state.has_deadlines() {
            return self.start_deadlines(state, cycles);
        }
        state.told = true;
        state.waiters.wake_listed(Queue::Ready);
        let wakeups = Wakeups::READY.and(state.waiting());
        drop(state);
        self.wake_some(wakeups);
    }

    /// Wakes a thread in the queue, which wakes the next when it leaves. A thread in user mode may be aborted before it does,
    /// and nobody else may depend on it. So with user mode all are woken.
    #[inline]
    fn wake_threads(&self, queue: Queue) {
        #[cfg(edgepipe_user)]
        if self.lock().waiters.has_threads(queue) {
            return self.semaphore(queue).give_to_all();
        }
        self.semaphore(queue).give();
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
