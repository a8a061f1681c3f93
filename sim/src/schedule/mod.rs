//! The choices of a run: which thread runs next, and which interrupt arrives before a kernel call.
//! One strategy a file.
//!
//! A run with the same choices is the same, so recorded choices replay it. The strategies that
//! explore answer numbered questions ([`Choose`]); [`Chooser`] asks them, and keeps the record.

#![forbid(unsafe_code)]

mod bounded;
mod busy;
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
pub use busy::Busy;
pub(crate) use choices::{Choose, Chooser, Record};
pub(crate) use exhaustive::Odometer;
pub use limits::Limits;
pub use priority::Priority;
pub(crate) use random::Random;
pub(crate) use replay::Replay;
pub use text::{Schedule, ScheduleError};

/// A thread that could run, preceded by its priority; lower priorities run first.
pub type Candidate = (i32, ThreadId);

/// The state where an interrupt could arrive: at the head of a kernel call made with interrupts
/// unmasked, and where a call has unmasked them. In a handler, only if a source of interrupts is
/// more urgent.
#[derive(Clone, Copy, Debug)]
pub struct Point<'a> {
    /// The C name of the call that is about to begin, or of the unlock that has just ended.
    pub call: &'static str,
    /// The thread that makes the call, or that is interrupted.
    pub current: ThreadId,
    /// The priority of the handler that makes the call, if one does.
    pub handler: Option<u8>,
    /// Every thread that could run, including the current one, in Zephyr's order.
    pub ready: &'a [Candidate],
    /// Whether another thread could run now: not in place of a cooperative thread or a handler.
    pub preemptible: bool,
    /// The uptime, in ticks.
    pub tick: u64,
    /// Whether the interrupt that is due next could arrive: the timer's if a time-out is pending, or
    /// a scheduled one of another source. It cannot if its tick is past the run's limit, or if it is
    /// not more urgent than the running handler.
    pub interrupt_pending: bool,
}

/// What happens at a [`Point`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// Nothing.
    Proceed,
    /// Time advances to the next interrupt, and it arrives; then, in a thread, the kernel
    /// reschedules. Nothing happens if no interrupt is pending.
    Interrupt,
    /// The kernel reschedules.
    Switch,
}

/// The state of a run when its observer is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// A thread runs, and an interrupt could arrive.
    Running,
    /// A handler runs, and a more urgent interrupt could arrive.
    Handling,
    /// Every thread waits, and time is about to advance.
    Idle,
}

/// A strategy. It is asked in the middle of a kernel call, and makes no kernel call itself.
pub trait Scheduler: Debug {
    /// The index in `ready` of the thread to run. `ready` has at least one thread, and is in
    /// Zephyr's order: by priority, and by time among equals.
    ///
    /// Called at each rescheduling point of Zephyr's; there is none with interrupts masked or in an
    /// ISR. It is not called while a cooperative thread runs, until that waits or yields.
    fn next(&mut self, ready: &[Candidate]) -> usize;

    /// What happens at a point. It is called again after anything happened, until it answers
    /// [`Before::Proceed`] or there is no other thread to switch to. In a handler there is none.
    fn before_call(&mut self, point: &Point<'_>) -> Before {
        let _ = point;
        Before::Proceed
    }
}
