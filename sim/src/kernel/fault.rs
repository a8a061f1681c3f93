//! A fault ends a run before its main thread returns. It has the state of every thread.

use core::any::Any;
use core::fmt;

use super::{Kernel, with};
use crate::coroutine;

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultKind {
    /// No thread can ever run again.
    Deadlock,
    /// A limit of [`Options`](crate::sim::Options) was passed.
    RunAway,
    /// An ISR made a call that may wait, or that is for threads only.
    WaitInIsr,
    /// A call that may wait was made with a spinlock held.
    WaitWithSpinlock,
    /// A context took a spinlock that it holds.
    RecursiveSpinlock,
    /// The spinlock that was released is not the one taken last.
    WrongUnlock,
    /// An interrupt was asked for while interrupts are masked.
    Masked,
    /// A kernel object was used that this kernel did not initialise at its present address.
    Uninitialised,
    /// An assertion of Zephyr's own does not hold.
    Assertion,
    /// The call exists in Zephyr, and the simulator does not model it.
    NotModelled,
}

/// A thread as a report shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadReport {
    /// The name it was spawned with.
    pub name: String,
    /// Its priority; lower numbers run first.
    pub priority: i32,
    /// What it does or waits for, in words.
    pub state: String,
}

impl fmt::Display for ThreadReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ThreadReport {
            name,
            priority,
            state,
        } = self;
        write!(f, "{name} (priority {priority}): {state}")
    }
}

/// Why a run ended before its main thread returned.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// What went wrong.
    pub kind: FaultKind,
    /// The same in words, with the kernel call in which it happened.
    pub message: String,
    /// The uptime at which it happened, in ticks.
    pub tick: u64,
    /// Every thread of the run, in the order of creation.
    pub threads: Vec<ThreadReport>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at tick {}: {}", self.kind, self.tick, self.message)?;
        self.threads
            .iter()
            .try_for_each(|thread| write!(f, "\n  {thread}"))
    }
}

impl core::error::Error for Fault {}

impl Kernel {
    /// Every thread but the idle one, in the order of creation.
    pub(crate) fn report(&self) -> Vec<ThreadReport> {
        let report = |(index, thread): (usize, &super::Thread)| ThreadReport {
            name: thread.name.clone(),
            priority: thread.priority,
            state: self.describe(index),
        };
        self.threads
            .iter()
            .enumerate()
            .skip(1)
            .map(report)
            .collect()
    }
}

/// Ends the run. The context that is running goes no further.
pub(crate) fn raise(kind: FaultKind, reason: impl fmt::Display) -> ! {
    with(|k| {
        // The idle thread makes no calls: a fault that it finds is about all threads.
        let message = match kind {
            FaultKind::Deadlock => reason.to_string(),
            _ => format!("{reason} (last call: {})", k.call),
        };
        let fault = Fault {
            kind,
            message,
            tick: k.clock.now(),
            threads: k.report(),
        };
        k.fault.get_or_insert(fault);
    });
    stop()
}

/// Ends the run with a panic that cannot unwind. The context that is running goes no further.
pub(crate) fn abandon(payload: Box<dyn Any + Send>) -> ! {
    with(|k| {
        k.panic.get_or_insert(payload);
    });
    stop()
}

fn stop() -> ! {
    loop {
        coroutine::suspend();
    }
}

/// Ends the run because an object of type `object` was used that is not initialised.
pub(crate) fn uninitialised(object: &str) -> ! {
    raise(
        FaultKind::Uninitialised,
        format_args!("a {object} was used that is not initialised, or was moved since"),
    )
}
