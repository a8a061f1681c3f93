//! Waiting for several instances at once.

use core::ffi::{c_int, c_void};

use edgepipe::{Error, PollSet, Poller, Token};
use zephyr::{sync::SpinMutex, time::Timeout};

use crate::calls::{reader, reason};
use crate::instance::{Device, INSTANCES, Instance};
use crate::slot::Slot;

/// A poller has room for one capture at least.
const PLACES: usize = if INSTANCES == 0 { 1 } else { INSTANCES };

/// How many threads can wait for several instances at a time; 1 if `build.rs` does not know.
const THREADS: usize = match option_env!("CONFIG_EDGEPIPE_WAIT_ANY_THREADS") {
    Some(number) => match usize::from_str_radix(number, 10) {
        Ok(threads) => threads,
        Err(_) => 1,
    },
    None => 1,
};

/// A place for each thread that waits. What waits is in queues of the captures, so it cannot be on the thread's stack.
static WAITS: [Wait; THREADS] = [const { Wait::new() }; THREADS];

struct Wait {
    set: PollSet<PLACES>,
    /// The last thread that opened the set.
    last: SpinMutex<Option<Thread>>,
}

impl Wait {
    const fn new() -> Self {
        Self {
            set: PollSet::new(),
            last: SpinMutex::new(None),
        }
    }

    /// Opens the set for this thread, unless another waits. One that was aborted in a wait does not.
    fn open(&'static self) -> Option<Poller<PLACES>> {
        let this = edgepipe_this_thread();
        let Ok(mut last) = self.last.lock();
        if last.is_some_and(|last| last == this || edgepipe_has_ended(last)) {
            self.set.abandon();
        }
        let poller = self.set.open().ok()?;
        *last = Some(this);
        Some(poller)
    }
}

/// A thread that has waited.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
struct Thread(*mut c_void);

// SAFETY: it is only compared, and given to the kernel.
unsafe impl Send for Thread {}

unsafe extern "C" {
    // From `zephyr/threads.c`.
    safe fn edgepipe_this_thread() -> Thread;
    safe fn edgepipe_has_ended(thread: Thread) -> bool;
}

/// Waits until one of `devs` is ready, writes for each why it is, or 0, and returns how many are: none if one was woken.
///
/// # Errors
///
/// [`Error::INVALID_INPUT`] for no instance, [`Error::BAD_HANDLE`] for one that is not open,
/// [`Error::BUSY`] if no set is free, [`Error::TIMED_OUT`].
pub(crate) fn wait(
    devs: &[Device],
    reasons: &mut [c_int],
    timeout: Timeout,
) -> Result<usize, Error> {
    if devs.is_empty() {
        return Err(Error::INVALID_INPUT);
    }
    let poller = WAITS.iter().find_map(Wait::open).ok_or(Error::BUSY)?;
    register(&poller, devs)?;
    let events = poller.wait_all(timeout, || take_wakes(devs))?;
    reasons.fill(0);
    for event in events {
        // An instance may be there twice.
        let Token(index) = event.token;
        let ready = devs.get(index).copied().flatten();
        let is_same = |dev: &Device| same(*dev, ready);
        let places = devs.iter().zip(&mut *reasons);
        for (_, place) in places.filter(|(dev, _)| is_same(dev)) {
            *place = reason(event.wake);
        }
    }
    Ok(reasons.iter().filter(|reason| **reason != 0).count())
}

/// Ends one wait for an instance: now if a thread waits for it, else the next one.
///
/// # Errors
///
/// [`Error::BAD_HANDLE`] if it is not open.
pub(crate) fn wake(slot: &Slot) -> Result<(), Error> {
    slot.wake()?;
    // Those that wait for others sleep again.
    WAITS.iter().for_each(|wait| wait.set.waker().wake());
    Ok(())
}

/// Whether one of `devs` was woken; it no longer is.
fn take_wakes(devs: &[Device]) -> bool {
    let slots = devs.iter().flat_map(|dev| Instance::of(*dev)?.slot());
    // Each of them, because several wakes end one wait.
    slots.fold(false, |woken, slot| slot.take_wake() | woken)
}

fn register(poller: &Poller<PLACES>, devs: &[Device]) -> Result<(), Error> {
    for (index, dev) in devs.iter().enumerate() {
        poller.register_weak(reader(*dev)?, Token(index))?;
    }
    Ok(())
}

fn same(one: Device, other: Device) -> bool {
    one.map(core::ptr::from_ref) == other.map(core::ptr::from_ref)
}
