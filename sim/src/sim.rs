//! The simulator's own controls, which only host programs and tests name.

use std::cell::Cell;
use std::ops::Range;
use std::rc::Rc;

use crate::coroutine;
use crate::kernel::{self, Kernel, clock, gpio, irq, poll, sem, step, thread, timer};
use crate::raw;

pub use crate::explore::{Explore, Strategy, Walk, explore, replay};
pub use crate::kernel::{Fault, FaultKind, PRIORITY, Source, ThreadId, ThreadReport};
pub use crate::schedule::{
    Before, Busy, Candidate, Limits, Moment, Point, Priority, Schedule, ScheduleError, Scheduler,
};

/// Ports a kernel can have.
pub const PORTS_MAX: usize = raw::PORTS_MAX;

/// What a run starts from, and its limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The cycle counter at uptime zero, so that a test can cross its 32-bit wrap.
    pub cycles_start: u32,
    /// The uptime, in ticks, that ends the run with a fault.
    pub ticks_max: u64,
    /// The number of kernel calls at one uptime that ends the run with a fault.
    pub calls_max: u64,
    /// Emulated GPIO ports of 32 pins; at most [`PORTS_MAX`].
    pub ports: usize,
}

impl Default for Options {
    /// Four hours of virtual time, fifty million calls at one uptime, two ports.
    fn default() -> Options {
        Options {
            cycles_start: 0,
            ticks_max: 14_400_000_000,
            calls_max: 50_000_000,
            ports: 2,
        }
    }
}

/// Runs `main` as the main thread (priority 0) of a new kernel, and returns what it returns.
///
/// Other threads end when `main` returns: their stacks are unwound, and kernel calls of their
/// destructors do nothing. A stack that is inside a C callback is leaked instead.
///
/// # Panics
///
/// With a fault's text, if a fault ends the run; with the original payload, if a thread panics; if
/// a kernel runs on this OS thread already.
pub fn run<T, F>(main: F) -> T
where
    T: 'static,
    F: FnOnce() -> T + 'static,
{
    try_run(Options::default(), main).unwrap_or_else(|fault| panic!("{fault}"))
}

/// Like [`run`], with options, and a fault is an error.
///
/// # Errors
///
/// The fault that ended the run before `main` returned.
///
/// # Panics
///
/// With the original payload, if a thread panics; when a kernel runs on this OS thread already.
pub fn try_run<T, F>(options: Options, main: F) -> Result<T, Fault>
where
    T: 'static,
    F: FnOnce() -> T + 'static,
{
    try_run_with(Priority, options, main)
}

/// Like [`try_run`], with a strategy other than Zephyr's.
///
/// # Errors
///
/// The fault that ended the run before `main` returned.
///
/// # Panics
///
/// With the original payload, if a thread panics; when a kernel runs on this OS thread already.
pub fn try_run_with<T, F, S>(scheduler: S, options: Options, main: F) -> Result<T, Fault>
where
    T: 'static,
    F: FnOnce() -> T + 'static,
    S: Scheduler + 'static,
{
    assert!(
        options.ports <= PORTS_MAX,
        "a kernel has at most {PORTS_MAX} ports"
    );
    let returned = Rc::new(Cell::new(None));
    let slot = Rc::clone(&returned);
    let entry = Box::new(move || slot.set(Some(main())));
    coroutine::run(Kernel::new(&options, Box::new(scheduler), entry))?;
    Ok(returned
        .take()
        .expect("a run without a fault ends when main has returned"))
}

/// A thread of the running kernel.
#[derive(Debug)]
pub struct Thread {
    id: ThreadId,
}

impl Thread {
    /// Waits until the thread has returned.
    ///
    /// # Context
    ///
    /// Thread only, blocks.
    pub fn join(&self) {
        kernel::call("k_thread_join", (), || thread::join(self.id));
    }

    /// The thread's name in a [`Point`] or a [`Candidate`].
    pub fn id(&self) -> ThreadId {
        self.id
    }
}

/// Starts a thread. Lower priorities run first, negative ones are cooperative.
///
/// # Context
///
/// Thread only. The new thread runs at once if its priority is higher.
///
/// # Panics
///
/// Outside a run.
pub fn spawn<F>(name: &str, priority: i32, entry: F) -> Thread
where
    F: FnOnce() + 'static,
{
    let id = kernel::call("k_thread_create", None, || {
        Some(thread::spawn(name, priority, Box::new(entry)))
    });
    Thread {
        id: id.expect("a kernel that has ended starts no threads"),
    }
}

/// The emulated GPIO port of this index.
///
/// # Panics
///
/// If the index is [`PORTS_MAX`] or more. A port is ready only if the kernel has more ports than
/// its index.
pub const fn gpio(index: usize) -> &'static raw::device {
    raw::port(index)
}

/// A kind of GPIO call that [`gpio_fail_next`] can make fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GpioCall {
    /// `gpio_pin_configure`.
    Configure,
    /// `gpio_pin_interrupt_configure`.
    ConfigureInterrupt,
    /// `gpio_add_callback`.
    AddCallback,
    /// `gpio_remove_callback`.
    RemoveCallback,
    /// `gpio_port_get_raw` and `gpio_pin_get_raw`.
    PortGet,
}

impl GpioCall {
    pub(crate) const COUNT: usize = GpioCall::PortGet as usize + 1;
}

/// Makes the next GPIO call of this kind return `-errno` and do nothing else.
///
/// # Panics
///
/// Outside a run.
pub fn gpio_fail_next(call: GpioCall, errno: u32) {
    kernel::call("gpio_fail_next", (), || gpio::fail_next(call, errno));
}

/// Makes some GPIO calls, of any kind, return `-errno` and do nothing else. Calls are counted from
/// now on, beginning at 0; those whose number is in `calls` fail. The range replaces the one
/// before; an empty range ends the failures.
///
/// # Panics
///
/// Outside a run.
pub fn gpio_fail(calls: Range<u64>, errno: u32) {
    kernel::call("gpio_fail", (), || gpio::fail(calls, errno));
}

/// Runs the callbacks of `pins` though no level changed, in the caller's context.
///
/// # Panics
///
/// Outside a run, and if the kernel has no such port.
pub fn gpio_spurious(index: usize, pins: u32) {
    kernel::call("gpio_spurious", (), || gpio::fire(index, pins));
}

/// Cancels every `k_poll` in which a thread waits: each returns `-EINTR`, as after Zephyr's
/// `k_queue_cancel_wait`. Returns the number of cancelled waits.
///
/// # Context
///
/// ISR or thread. In a thread, a woken thread runs at once if its priority is higher.
///
/// # Panics
///
/// Outside a run.
pub fn cancel_polls() -> usize {
    kernel::call("cancel_polls", 0, poll::cancel_all)
}

/// Makes every timer that is started from now on expire `ticks` ticks late, and every period that
/// begins that much longer. 0 makes timers punctual again.
///
/// # Panics
///
/// Outside a run.
pub fn delay_timers(ticks: u64) {
    kernel::call("delay_timers", (), || timer::delay(ticks));
}

/// Moves the cycle counter back: it shows `cycles` less from now on. Cortex-M's does so when a
/// time-out is set while it is about to wrap (`sys_clock_set_timeout` in `cortex_m_systick.c`).
///
/// # Panics
///
/// Outside a run.
pub fn step_cycles_back(cycles: u32) {
    kernel::call("step_cycles_back", (), || clock::step_back(cycles));
}

/// Gives the interrupts of `source` a priority; lower numbers are more urgent. At first all have
/// [`PRIORITY`].
///
/// A more urgent handler can interrupt a handler wherever that has interrupts unmasked: at the head of
/// a kernel call, and where a spinlock is released. It happens if the more urgent interrupt is due next
/// and the strategy makes it arrive there. Threads run when the outermost handler has returned.
///
/// # Panics
///
/// Outside a run, and for a port whose index is [`PORTS_MAX`] or more.
pub fn set_priority(source: Source, priority: u8) {
    kernel::call("set_priority", (), || {
        kernel::with(|k| k.set_priority(source, priority));
    });
}

/// Makes `source` interrupt at uptime `tick`, or at the next tick if that has passed, with `handler` as
/// its ISR. Unlike a timer's function, it waits only for handlers that are as urgent or more urgent. Of
/// the interrupts of one tick, the most urgent is taken first.
///
/// # Panics
///
/// Outside a run, and for the system timer, whose interrupts are the time-outs.
pub fn interrupt_at(source: Source, tick: u64, handler: impl FnOnce() + 'static) {
    assert_ne!(source, Source::Timer, "the timer interrupts for time-outs");
    kernel::call("interrupt_at", (), || {
        kernel::with(|k| k.add_interrupt(source, tick, Box::new(handler)));
    });
}

/// Takes an interrupt of [`Source::Other`] now, with `f` as its ISR. When `f` returns, the thread
/// with the highest priority runs.
///
/// # Panics
///
/// Outside a run, and if `f` panics, with its payload.
pub fn call_in_isr<R>(f: impl FnOnce() -> R) -> R {
    kernel::call("call_in_isr", None, || Some(irq::interrupt(f)))
        .expect("a kernel that has ended takes no interrupts")
}

/// What every thread of the running kernel does or waits for, in the order of creation.
///
/// # Panics
///
/// Outside a run.
pub fn threads() -> Vec<ThreadReport> {
    kernel::call("threads", Vec::new(), || kernel::with(|k| k.report()))
}

/// Calls `observer` at every step of the running kernel from now on: wherever an interrupt could
/// arrive, and whenever time is about to pass because every thread waits. It replaces the observer
/// before.
///
/// It runs in ISR context, and may call what an ISR may; nothing interrupts it. A thread that it
/// wakes runs at the next rescheduling point, which is later than after an interrupt. It is not
/// called in a C callback that runs in a thread. If it panics while a handler runs, the run ends and
/// the stack is not unwound.
///
/// # Panics
///
/// Outside a run.
pub fn observe(observer: impl Fn(Moment) + 'static) {
    kernel::call("observe", (), || step::set_observer(Rc::new(observer)));
}

/// How often the running kernel's semaphores were given (`k_sem_give`). It measures what wake-ups
/// cost the giver.
///
/// # Panics
///
/// Outside a run.
pub fn gives() -> u64 {
    kernel::call("gives", 0, sem::gives)
}

/// The number of the running kernel, which no other one of this process has.
///
/// # Panics
///
/// Outside a run.
pub fn kernel() -> u32 {
    kernel::number()
}

/// Whether the kernel with this number runs, on any thread.
pub fn is_running(number: u32) -> bool {
    kernel::is_running(number)
}

/// The address and the count of every semaphore of the running kernel, in the order of their first
/// initialisation.
///
/// # Panics
///
/// Outside a run.
pub fn semaphores() -> Vec<(usize, u32)> {
    kernel::call("semaphores", Vec::new(), sem::counts)
}
