//! Which kernel this OS thread is in, and the entry of every kernel call.

use std::cell::{Cell, RefCell};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::panicking;

use super::{Kernel, raise, step};

/// Calls of a kernel that has ended; more are taken for an endless loop in a destructor.
const CALLS_AFTER_END_MAX: u64 = 10_000_000;

enum World {
    /// No kernel: before, between and after runs.
    Outside,
    /// A kernel runs.
    Live(Box<Kernel>),
    /// The kernel of this generation has ended. Destructors still run, and may call it.
    Ending(u32),
}

thread_local! {
    static WORLD: RefCell<World> = const { RefCell::new(World::Outside) };
    static CALLS_AFTER_END: Cell<u64> = const { Cell::new(0) };
}

/// The generations that are live in this process, which may run one kernel per OS thread.
static LIVE: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// The state in which a call finds the kernel.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// In a running kernel of this generation.
    Inside(u32),
    /// In a destructor after the end of the run, or during a panic: the call does nothing.
    Ending(u32),
    /// No kernel on this OS thread.
    Outside,
}

/// Borrows the kernel for one step.
///
/// # Panics
///
/// Outside a run, and when `f` calls it again.
pub(crate) fn with<R>(f: impl FnOnce(&mut Kernel) -> R) -> R {
    WORLD.with_borrow_mut(|world| match world {
        World::Live(kernel) => f(kernel),
        _ => panic!("no simulated kernel runs here"),
    })
}

/// Enters the kernel call `name`, then runs `body`. Once the run has ended, it does neither and
/// returns `ended`.
///
/// # Panics
///
/// Outside a run.
pub(crate) fn call<R>(name: &'static str, ended: R, body: impl FnOnce() -> R) -> R {
    match enter(name) {
        Standing::Inside(_) => body(),
        Standing::Ending(_) => ended,
        Standing::Outside => panic!("{name} called outside `zephyr::sim::run`"),
    }
}

/// The head of every kernel call.
pub(super) fn enter(name: &'static str) -> Standing {
    let (standing, begun) = WORLD.with_borrow_mut(|world| match world {
        World::Live(kernel) if !panicking() => {
            (Standing::Inside(kernel.generation), kernel.begin_call(name))
        }
        World::Live(kernel) => (Standing::Ending(kernel.generation), Ok(false)),
        World::Ending(generation) => (Standing::Ending(*generation), Ok(false)),
        World::Outside => (Standing::Outside, Ok(false)),
    });
    match begun {
        Ok(false) => {}
        Ok(true) => step::before(name),
        Err(kind) => raise(kind, "kernel calls go on while virtual time stands still"),
    }
    if matches!(standing, Standing::Ending(_)) {
        count_call_after_end(name);
    }
    standing
}

/// Ends the process if a destructor seems to wait for a kernel that has ended.
fn count_call_after_end(name: &'static str) {
    CALLS_AFTER_END.set(CALLS_AFTER_END.get() + 1);
    if CALLS_AFTER_END.get() > CALLS_AFTER_END_MAX {
        eprintln!("a destructor calls {name} for ever after the kernel has ended");
        std::process::abort();
    }
}

/// A generation that no other kernel of this process has; never zero or `u32::MAX`.
pub(super) fn next_generation() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    // Relaxed: it only matters that the numbers differ.
    let generation = NEXT.fetch_add(1, Ordering::Relaxed);
    assert!(
        generation < u32::MAX - 1,
        "a process can run four billion kernels"
    );
    generation
}

/// The running kernel's generation.
pub(crate) fn number() -> u32 {
    with(|kernel| kernel.generation)
}

/// Whether a kernel of this generation is live on any OS thread.
pub(crate) fn is_live(generation: u32) -> bool {
    LIVE.lock()
        .expect("no code panics with the list locked")
        .contains(&generation)
}

/// Makes `kernel` the one this OS thread runs.
///
/// # Panics
///
/// When it runs one already.
pub(crate) fn install(kernel: Kernel) {
    let outside = WORLD.with_borrow(|world| matches!(world, World::Outside));
    assert!(outside, "a simulated kernel runs on this OS thread already");
    LIVE.lock()
        .expect("no code panics with the list locked")
        .push(kernel.generation);
    WORLD.set(World::Live(Box::new(kernel)));
    CALLS_AFTER_END.set(0);
}

/// Stops the kernel and returns it. From here to [`forget`] its calls do nothing.
pub(crate) fn end() -> Box<Kernel> {
    WORLD.with_borrow_mut(|world| {
        let World::Live(kernel) = std::mem::replace(world, World::Outside) else {
            unreachable!("`run` ends the kernel it installed")
        };
        *world = World::Ending(kernel.generation);
        kernel
    })
}

/// Leaves the kernel that has ended.
pub(crate) fn forget() {
    if let World::Ending(generation) = WORLD.replace(World::Outside) {
        let mut live = LIVE.lock().expect("no code panics with the list locked");
        live.retain(|other| *other != generation);
    }
}
