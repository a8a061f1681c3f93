//! Virtual time: the tick count, and the time-outs that make it advance.
//!
//! Time stands still while code runs. It advances straight to the next time-out: in the idle thread,
//! as on `native_sim`, and where the scheduler has an interrupt arrive.

use super::thread::{self, ThreadId};
use super::{FaultKind, irq, raise, step, timer, with};
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
    /// The tick a thread that begins to wait at `now` is woken at, as `z_add_timeout` has it: a
    /// relative time-out rounds up by one, an absolute one that has passed takes the next tick.
    fn deadline(self, now: u64) -> Option<u64> {
        match self {
            Timeout::Forever => None,
            Timeout::NoWait => Some(now + 1),
            Timeout::In(ticks) => Some(now.saturating_add(ticks).saturating_add(1)),
            Timeout::At(tick) => Some(tick.max(now + 1)),
        }
    }

    /// The limit of a call that may wait several times, as `sys_timepoint_calc` has it.
    pub(super) fn timepoint(self, now: u64) -> Timeout {
        match self {
            Timeout::In(ticks) => Timeout::At(now.saturating_add(ticks)),
            other => other,
        }
    }

    /// What is left of a [`timepoint`](Self::timepoint), as `sys_timepoint_timeout` has it: a
    /// relative time-out, so that the wait rounds up once more.
    pub(super) fn rest(self, now: u64) -> Timeout {
        match self {
            Timeout::At(tick) if tick > now => Timeout::In(tick - now),
            Timeout::At(_) => Timeout::NoWait,
            other => other,
        }
    }
}

/// Who is told that a time-out has expired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Thread(ThreadId),
    Timer(usize),
}

/// The tick count and the pending time-outs.
#[derive(Debug)]
pub(super) struct Clock {
    now: u64,
    ticks_max: u64,
    cycles_start: u32,
    /// Latest first; of those at one tick, the one added last first. The end is what comes next.
    timeouts: Vec<(u64, Owner)>,
}

impl Clock {
    pub(super) fn new(cycles_start: u32, ticks_max: u64) -> Clock {
        Clock {
            now: 0,
            ticks_max,
            cycles_start,
            timeouts: Vec::new(),
        }
    }

    /// Uptime in ticks.
    pub(super) fn now(&self) -> u64 {
        self.now
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
        let tick = timeout.deadline(self.now)?.saturating_add(late);
        let at = self.timeouts.partition_point(|(other, _)| *other > tick);
        self.timeouts.insert(at, (tick, owner));
        Some(tick)
    }

    /// Removes the time-out of `owner`; says whether it had one.
    pub(super) fn abort(&mut self, owner: Owner) -> bool {
        let at = self.timeouts.iter().position(|(_, other)| *other == owner);
        at.map(|at| self.timeouts.remove(at)).is_some()
    }

    /// The tick of the next time-out.
    pub(super) fn next(&self) -> Option<u64> {
        self.timeouts.last().map(|(tick, _)| *tick)
    }

    /// Whether time could pass to a time-out, without passing the limit of the run.
    pub(super) fn is_pending(&self) -> bool {
        self.next().is_some_and(|tick| tick <= self.ticks_max)
    }

    fn advance(&mut self) -> Result<(), FaultKind> {
        let tick = self.next().ok_or(FaultKind::Deadlock)?;
        if tick > self.ticks_max {
            return Err(FaultKind::RunAway);
        }
        self.now = tick;
        Ok(())
    }

    fn pop_expired(&mut self) -> Option<Owner> {
        if self.next()? > self.now {
            return None;
        }
        self.timeouts.pop().map(|(_, owner)| owner)
    }
}

/// Advances to the next time-out and handles all that expire there, as one interrupt.
pub(super) fn announce() {
    let advanced = with(|k| {
        k.calls = 0;
        k.calls_made += 1;
        k.clock.advance()
    });
    match advanced {
        Ok(()) => {}
        Err(FaultKind::Deadlock) => raise(
            FaultKind::Deadlock,
            "no thread is ready and no time-out is pending",
        ),
        Err(kind) => raise(kind, "virtual time would pass its limit"),
    }
    irq::in_isr(|| {
        while let Some(owner) = with(|k| k.clock.pop_expired()) {
            match owner {
                Owner::Thread(thread) => with(|k| k.wake(thread, thread::TIMED_OUT)),
                Owner::Timer(timer) => timer::expire(timer),
            }
        }
    });
}

/// The idle thread: passes the time until another thread is ready.
pub(super) fn idle() {
    loop {
        step::observe(Moment::Idle);
        announce();
        thread::reschedule();
    }
}

/// Uptime in ticks.
pub(crate) fn uptime_ticks() -> u64 {
    with(|k| k.clock.now())
}

/// Has the cycle counter step back.
pub(crate) fn step_back(cycles: u32) {
    with(|k| k.clock.step_back(cycles));
}

/// The cycle counter.
pub(crate) fn cycles() -> u32 {
    with(|k| k.clock.cycles())
}
