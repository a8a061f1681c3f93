//! Each simulated thread's own stack, and the loop that resumes the thread that has the CPU.
//!
//! All threads share one OS thread. [`suspend`] leaves the running thread. It returns when the
//! kernel has made that thread the current one again and the loop in [`run`] resumes it.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::ptr;

use corosensei::stack::DefaultStack;
use corosensei::{Coroutine, CoroutineResult, Yielder};

use crate::kernel::{self, Entry, Fault, Kernel, Turn};

/// Bytes of a thread's stack. Pages that the thread does not touch cost nothing.
const STACK_BYTES: usize = 1024 * 1024;

/// What a suspended stack reports: how many C callbacks are on it.
type CFrames = u32;

/// The running coroutine, as its own stack knows it.
#[derive(Clone, Copy)]
struct Running {
    /// Valid while the coroutine's body runs; null outside every coroutine.
    yielder: *const Yielder<(), CFrames>,
    c_frames: CFrames,
}

const NONE: Running = Running {
    yielder: ptr::null(),
    c_frames: 0,
};

thread_local! {
    static RUNNING: Cell<Running> = const { Cell::new(NONE) };
    /// Stacks of finished threads, so that a run costs no system calls once the pool is filled.
    static STACKS: RefCell<Vec<DefaultStack>> = const { RefCell::new(Vec::new()) };
}

/// Gives the CPU to the thread the kernel has made current; returns when it is ours again.
///
/// In a run that has ended it never returns: the stack is unwound or abandoned instead.
pub(crate) fn suspend() {
    let running = RUNNING.get();
    assert!(
        !running.yielder.is_null(),
        "only a simulated thread can be suspended"
    );
    // SAFETY: `yielder` was set by the body of the coroutine that is running, and each return from
    // `suspend` restores its own, so it is this coroutine's yielder, which outlives its body.
    unsafe { &*running.yielder }.suspend(running.c_frames);
    RUNNING.set(running);
}

/// Whether a C callback is on the running stack.
pub(crate) fn is_in_c_frame() -> bool {
    RUNNING.get().c_frames > 0
}

/// Runs `f`, which calls a C callback, and records that a C frame is on this stack.
///
/// Rust aborts the process when a panic meets a C frame, so a stack that holds one is not unwound.
pub(crate) fn in_c_frame<R>(f: impl FnOnce() -> R) -> R {
    let outer = RUNNING.get();
    RUNNING.set(Running {
        c_frames: outer.c_frames + 1,
        ..outer
    });
    let result = f();
    RUNNING.set(outer);
    result
}

/// Runs `f`. A panic in it ends the run, even in a C callback, where it could not unwind.
pub(crate) fn guarded(f: impl FnOnce()) {
    if !is_in_c_frame() {
        return f();
    }
    if let Err(payload) = catch_unwind(AssertUnwindSafe(f)) {
        kernel::abandon(payload);
    }
}

/// Runs `kernel` until its main thread returns or a fault ends it, and tears it down.
///
/// # Panics
///
/// With the payload of a panic in any simulated thread.
pub(crate) fn run(kernel: Kernel) -> Result<(), Fault> {
    kernel::install(kernel);
    let mut stacks = Stacks { slots: Vec::new() };
    let outcome = catch_unwind(AssertUnwindSafe(|| stacks.turns()));
    let kernel = kernel::end();
    stacks.dispose();
    // Dropping what the kernel holds, such as a thread that never started, may call the kernel.
    drop(kernel);
    kernel::forget();
    RUNNING.set(NONE);
    outcome.unwrap_or_else(|payload: Box<dyn Any + Send>| resume_unwind(payload))
}

/// The stack of every thread that has started and not finished, by thread.
struct Stacks {
    slots: Vec<Option<Slot>>,
}

struct Slot {
    routine: Coroutine<(), CFrames, ()>,
    c_frames: CFrames,
}

impl Stacks {
    fn turns(&mut self) -> Result<(), Fault> {
        loop {
            match kernel::next_turn() {
                Turn::Start(thread, entry) => {
                    self.slots
                        .resize_with(self.slots.len().max(thread + 1), || None);
                    self.slots[thread] = Some(Slot {
                        routine: coroutine(entry),
                        c_frames: 0,
                    });
                    self.resume(thread);
                }
                Turn::Resume(thread) => self.resume(thread),
                Turn::End(outcome) => return outcome,
                Turn::Panic(payload) => resume_unwind(payload),
            }
        }
    }

    fn resume(&mut self, thread: usize) {
        let slot = self.slots[thread]
            .as_mut()
            .expect("the current thread has a stack");
        match slot.routine.resume(()) {
            CoroutineResult::Yield(c_frames) => slot.c_frames = c_frames,
            CoroutineResult::Return(()) => self.slots[thread].take().into_iter().for_each(recycle),
        }
    }

    /// Ends the threads that are left, in the order they were created.
    fn dispose(self) {
        for mut slot in self.slots.into_iter().flatten() {
            if slot.c_frames == 0 {
                slot.routine.force_unwind();
            } else {
                // SAFETY: the stack is abandoned, and what it owns is leaked. Nothing refers to it
                // any more: entry functions are 'static, so they lent none of it to the host, and
                // the kernel that held its addresses has ended.
                unsafe { slot.routine.force_reset() };
            }
            recycle(slot);
        }
    }
}

fn coroutine(entry: Entry) -> Coroutine<(), CFrames, ()> {
    let stack = STACKS.with_borrow_mut(Vec::pop);
    let stack =
        stack.unwrap_or_else(|| DefaultStack::new(STACK_BYTES).expect("memory for a stack"));
    Coroutine::with_stack(stack, move |yielder, ()| {
        RUNNING.set(Running {
            yielder,
            c_frames: 0,
        });
        entry();
        kernel::thread::exit();
    })
}

fn recycle(slot: Slot) {
    STACKS.with_borrow_mut(|stacks| stacks.push(slot.routine.into_stack()));
}
