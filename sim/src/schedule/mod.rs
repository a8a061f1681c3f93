//! Who runs next, and what arrives before a kernel call: the choices of a run, one strategy a file.
//!
//! Given the same choices a run is the same, so what is recorded can be replayed. The strategies that
//! explore answer numbered questions ([`Choose`]); [`Chooser`] asks them, and keeps the record.

#![forbid(unsafe_code)]

mod bounded;
mod choices;
mod exhaustive;
mod limits;
mod priority;
mod random;
mod replay;
mod text;

use core::fmt::Debug;

use crate::kernel::ThreadId;

pub(crate) use bounded::Bounded;
pub(crate) use choices::{Choose, Chooser, Record};
pub(crate) use exhaustive::Odometer;
pub use limits::Limits;
pub use priority::Priority;
pub(crate) use random::Random;
pub(crate) use replay::Replay;
pub use text::{Schedule, ScheduleError};

/// A thread that could run, after its priority; lower priorities come first.
pub type Candidate = (i32, ThreadId);

/// What is known where an interrupt could land: at the head of a kernel call made with interrupts
/// unmasked, and where a call has unmasked them. In a thread; and in a handler, if a source of
/// interrupts is more urgent.
#[derive(Clone, Copy, Debug)]
pub struct Point<'a> {
    /// The C name of the call that is about to begin; the unlock, if that has just ended.
    pub call: &'static str,
    /// The thread that makes it, or that is interrupted.
    pub current: ThreadId,
    /// The priority of the handler that makes it, if one does.
    pub handler: Option<u8>,
    /// Every thread that could run, the current one included, in Zephyr's order.
    pub ready: &'a [Candidate],
    /// Whether another thread could run now: not in place of a cooperative one, nor of a handler.
    pub preemptible: bool,
    /// The uptime, in ticks.
    pub tick: u64,
    /// Whether the interrupt that is due next could arrive: the timer's if a time-out is pending, or
    /// another one's that is on its way. One past the limit of the run does not count, nor one that is
    /// no more urgent than the handler that runs.
    pub interrupt_pending: bool,
}

/// What happens at a [`Point`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// Nothing.
    Proceed,
    /// Time passes to the next interrupt and it arrives; then, in a thread, the scheduler looks.
    /// Nothing, if no interrupt is pending.
    Interrupt,
    /// The scheduler looks.
    Switch,
}

/// When an observer looks at a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A thread runs, and an interrupt could land.
    Running,
    /// A handler runs, and a more urgent interrupt could land.
    Handling,
    /// Every thread waits, and time is about to pass.
    Idle,
}

/// A strategy. It is asked in the middle of a kernel call, and makes none itself.
pub trait Scheduler: Debug {
    /// The index of the thread to run, among those that are ready; there is at least one, and they
    /// are in Zephyr's order: by priority, and by time among equals.
    ///
    /// Asked whenever Zephyr's scheduler would look, which it does not with interrupts masked or
    /// in an ISR. A cooperative thread is not asked about until it waits or yields.
    fn next(&mut self, ready: &[Candidate]) -> usize;

    /// What happens at a point. Asked again after anything has, until it answers
    /// [`Before::Proceed`] or there is no other thread to switch to. In a handler there is none.
    fn before_call(&mut self, point: &Point<'_>) -> Before {
        let _ = point;
        Before::Proceed
    }
}
