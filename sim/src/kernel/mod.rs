//! The behaviour of the kernel, in safe Rust.
//!
//! One [`Kernel`] is live on an OS thread at a time. It is borrowed for one step, never across a
//! switch of threads or a callback, because those call the kernel again. So functions that may
//! switch are free functions that borrow it with [`with`].

#![forbid(unsafe_code)]

pub(crate) mod clock;
mod fault;
pub(crate) mod gpio;
pub(crate) mod irq;
pub(crate) mod pipe;
pub(crate) mod poll;
mod queue;
pub(crate) mod sem;
mod source;
pub(crate) mod step;
mod table;
pub(crate) mod thread;
pub(crate) mod timer;
mod world;

use core::any::Any;
use core::ffi::c_int;

use crate::schedule::Scheduler;
use crate::sim::Options;

use clock::Clock;
pub use fault::{Fault, FaultKind, ThreadReport};
pub(crate) use fault::{abandon, raise, uninitialised};
use irq::Cpu;
pub use irq::PRIORITY;
pub use source::Source;
use source::Sources;
use table::Table;
pub use thread::ThreadId;
pub(crate) use thread::{Entry, Turn, next_turn};
use thread::{IDLE, Thread};
pub(crate) use world::{call, end, forget, install, is_live as is_running, number, with};

/// The whole state of a run.
pub(crate) struct Kernel {
    /// Tells this kernel's objects from those of an earlier one that used the same statics.
    generation: u32,
    clock: Clock,
    cpu: Cpu,
    sources: Sources,
    threads: Vec<Thread>,
    /// Threads that could run: the current one too, but not the idle one.
    ready: queue::Queue<ThreadId>,
    current: ThreadId,
    scheduler: Box<dyn Scheduler>,
    sems: Table<sem::Sem>,
    /// Calls of `k_sem_give`.
    gives: u64,
    pipes: Table<pipe::Pipe>,
    timers: Table<timer::Timer>,
    /// Ticks by which timers expire later than they should.
    timers_late: u64,
    ports: Vec<gpio::Port>,
    gpio_failures: gpio::Failures,
    /// Called at each step of the run.
    observer: Option<step::Observer>,
    /// Kernel calls and interrupts, and how many of them had ended when the observer was last
    /// called.
    calls_made: u64,
    calls_observed: u64,
    /// The kernel call that is running, for reports.
    call: &'static str,
    /// Kernel calls since virtual time last advanced.
    calls: u64,
    calls_max: u64,
    fault: Option<Fault>,
    /// A panic in a C callback, where it cannot unwind. It ends the run.
    panic: Option<Box<dyn Any + Send>>,
}

impl Kernel {
    /// A kernel whose main thread will run `main`.
    pub(crate) fn new(options: &Options, scheduler: Box<dyn Scheduler>, main: Entry) -> Kernel {
        let generation = world::next_generation();
        let mut kernel = Kernel {
            generation,
            clock: Clock::new(options.cycles_start, options.ticks_max),
            cpu: Cpu::default(),
            sources: Sources::default(),
            threads: vec![Thread::idle(Box::new(clock::idle))],
            ready: queue::Queue::default(),
            current: IDLE,
            scheduler,
            sems: Table::new(generation),
            gives: 0,
            pipes: Table::new(generation),
            timers: Table::new(generation),
            timers_late: 0,
            ports: (0..options.ports).map(|_| gpio::Port::default()).collect(),
            gpio_failures: gpio::Failures::default(),
            observer: None,
            calls_made: 0,
            calls_observed: 0,
            call: "",
            calls: 0,
            calls_max: options.calls_max,
            fault: None,
            panic: None,
        };
        kernel.spawn("main", 0, main);
        kernel.choose();
        kernel
    }

    /// The head of every kernel call: counts it, and returns whether an interrupt could arrive
    /// before it.
    fn begin_call(&mut self, call: &'static str) -> Result<bool, FaultKind> {
        self.call = call;
        self.count_call()?;
        Ok(self.cpu.interruptible())
    }

    fn count_call(&mut self) -> Result<(), FaultKind> {
        self.calls_made += 1;
        self.calls += 1;
        if self.calls > self.calls_max {
            Err(FaultKind::RunAway)
        } else {
            Ok(())
        }
    }
}

/// What a C function returns for a positive errno.
pub(crate) const fn err(errno: u32) -> c_int {
    -(errno as c_int)
}
