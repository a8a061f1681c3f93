//! Virtual time: the tick count, and the time-outs that make it advance.
//!
//! Time stands still while code runs. It jumps to the next interrupt in the idle thread, as on
//! `native_sim`, and where the scheduler makes an interrupt arrive.

use super::irq::Level;
use super::source::Source;
use super::thread::{self, ThreadId};
use super::{FaultKind, Kernel, irq, raise, step, timer, with};
use crate::coroutine;
use crate::raw::k_timeout_t;
use crate::schedule::Moment;

/// A `k_timeout_t`, decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Timeout {
    NoWait,
    Forever,
    /// This many ticks from the call, at least.
    In(u64),
    /// At this tick of the uptime.
    At(u64),
}

impl From<k_timeout_t> for Timeout {
    fn from(timeout: k_timeout_t) -> Timeout {
        match timeout.ticks {
            0 => Timeout::NoWait,
            -1 => Timeout::Forever,
            ticks @ 1.. => Timeout::In(ticks.unsigned_abs()),
            ticks => Timeout::At((-2 - ticks).unsigned_abs()),
        }
    }
}

impl Timeout {
    /// The tick at which a thread that begins to wait at `now` is woken. As in `z_add_timeout`, a
    /// relative time-out rounds up by one, and an absolute one that has passed takes the next tick.
    fn deadline(self, now: u64) -> Option<u64> {
        match self {
            Timeout::Forever => None,
            Timeout::NoWait => Some(now + 1),
            Timeout::In(ticks) => Some(now.saturating_add(ticks).saturating_add(1)),
            Timeout::At(tick) => Some(tick.max(now + 1)),
        }
    }

    /// The limit of a call that may wait several times, as in `sys_timepoint_calc`.
    pub(super) fn timepoint(self, now: u64) -> Timeout {
        match self {
            Timeout::In(ticks) => Timeout::At(now.saturating_add(ticks)),
            other => other,
        }
    }

    /// The time left until a [`timepoint`](Self::timepoint), as in `sys_timepoint_timeout`: a
    /// relative time-out, so the wait rounds up once more.
    pub(super) fn rest(self, now: u64) -> Timeout {
        match self {
            Timeout::At(tick) if tick > now => Timeout::In(tick - now),
            Timeout::At(_) => Timeout::NoWait,
            other => other,
        }
    }
}

/// The thread or timer that a time-out belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Thread(ThreadId),
    Timer(usize),
}

/// The tick count and the pending time-outs.
#[derive(Debug)]
pub(super) struct Clock {
    now: u64,
    /// The kernel's current tick. It stands still while the timer's handler runs, also in handlers that
    /// interrupt that one (`elapsed()` in `timeout.c`).
    uptime: u64,
    /// The timer's handler runs.
    announcing: bool,
    ticks_max: u64,
    cycles_start: u32,
    /// Latest first; at one tick, the one added last first. The next to expire is at the end.
    timeouts: Vec<(u64, Owner)>,
}

impl Clock {
    pub(super) fn new(cycles_start: u32, ticks_max: u64) -> Clock {
        Clock {
            now: 0,
            uptime: 0,
            announcing: false,
            ticks_max,
            cycles_start,
            timeouts: Vec::new(),
        }
    }

    /// The time, in ticks.
    pub(super) fn now(&self) -> u64 {
        self.now
    }

    /// The uptime that the kernel reports, in ticks.
    pub(super) fn uptime(&self) -> u64 {
        self.uptime
    }

    /// The cycle counter, which wraps.
    pub(super) fn cycles(&self) -> u32 {
        self.cycles_start.wrapping_add(self.now as u32)
    }

    /// The cycle counter shows `cycles` less from now on.
    fn step_back(&mut self, cycles: u32) {
        self.cycles_start = self.cycles_start.wrapping_sub(cycles);
    }

    /// Adds a time-out that expires `late` ticks after it should; returns its tick, if there is one.
    pub(super) fn add(&mut self, owner: Owner, timeout: Timeout, late: u64) -> Option<u64> {
        let tick = timeout.deadline(self.uptime())?.saturating_add(late);
        let at = self.timeouts.partition_point(|(other, _)| *other > tick);
        self.timeouts.insert(at, (tick, owner));
        Some(tick)
    }

    /// Removes the time-out of `owner`; returns whether it had one.
    pub(super) fn abort(&mut self, owner: Owner) -> bool {
        let at = self.timeouts.iter().position(|(_, other)| *other == owner);
        at.map(|at| self.timeouts.remove(at)).is_some()
    }

    /// The tick of the next time-out.
    pub(super) fn next(&self) -> Option<u64> {
        self.timeouts.last().map(|(tick, _)| *tick)
    }

    /// Advances time to `tick`, unless that has passed.
    fn pass(&mut self, tick: u64) {
        self.now = self.now.max(tick);
        self.catch_up();
    }

    fn catch_up(&mut self) {
        if !self.announcing {
            self.uptime = self.now;
        }
    }

    /// Whether the run's limit lets time pass to `tick`.
    pub(super) fn may_reach(&self, tick: u64) -> bool {
        tick <= self.ticks_max
    }

    fn pop_expired(&mut self) -> Option<Owner> {
        if self.next()? > self.uptime() {
            return None;
        }
        self.timeouts.pop().map(|(_, owner)| owner)
    }
}

impl Kernel {
    /// Advances time to the next interrupt; returns its source and its level, or `None` if only the
    /// timer can interrupt.
    fn advance(&mut self) -> Result<Option<(Source, Level)>, FaultKind> {
        self.calls = 0;
        self.calls_made += 1;
        let (tick, source) = self.next_interrupt().ok_or(FaultKind::Deadlock)?;
        if !self.clock.may_reach(tick) {
            return Err(FaultKind::RunAway);
        }
        self.clock.pass(tick);
        let other = self.sources.are_in_use();
        Ok(other.then(|| (source, self.sources.level(source))))
    }
}

/// Advances to the next interrupt, and takes it and all others that are due then.
pub(super) fn announce() {
    match with(Kernel::advance) {
        Ok(None) => irq::in_isr(irq::PRIORITY.into(), expire_all),
        Ok(Some((source, level))) => {
            take(source, level);
            take_due();
        }
        Err(FaultKind::Deadlock) => raise(
            FaultKind::Deadlock,
            "no thread is ready and no time-out is pending",
        ),
        Err(kind) => raise(kind, "virtual time would pass its limit"),
    }
}

/// Takes every interrupt that is due and not held back by a running handler. The strategy is not
/// asked: hardware would take them at once.
pub(super) fn take_due() {
    while let Some((source, level)) = with(|k| k.due_interrupt()) {
        with(|k| k.calls_made += 1);
        take(source, level);
    }
}

/// Takes the next interrupt, which is due and comes from `source`.
fn take(source: Source, level: Level) {
    if source == Source::Timer {
        irq::in_isr(level, expire_all);
    } else if let Some(handler) = with(Kernel::take_handler) {
        irq::in_isr(level, |_| coroutine::guarded(handler));
    }
}

/// Handles every time-out that is due, as one interrupt.
fn expire_all(interruptible: bool) {
    if interruptible {
        with(|k| k.clock.announcing = true);
    }
    loop {
        if interruptible {
            step::between("sys_clock_announce");
        }
        match with(|k| k.clock.pop_expired()) {
            None => break,
            Some(Owner::Thread(thread)) => with(|k| k.wake(thread, thread::TIMED_OUT)),
            Some(Owner::Timer(timer)) => timer::expire(timer),
        }
    }
    if interruptible {
        with(|k| {
            k.clock.announcing = false;
            k.clock.catch_up();
        });
    }
}

/// The idle thread: advances time until another thread is ready.
pub(super) fn idle() {
    loop {
        step::observe(Moment::Idle);
        announce();
        thread::reschedule();
    }
}

/// Uptime in ticks.
pub(crate) fn uptime_ticks() -> u64 {
    with(|k| k.clock.uptime())
}

/// Moves the cycle counter back.
pub(crate) fn step_back(cycles: u32) {
    with(|k| k.clock.step_back(cycles));
}

/// The cycle counter.
pub(crate) fn cycles() -> u32 {
    with(|k| k.clock.cycles())
}
