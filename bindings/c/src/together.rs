//! Waiting for several instances at once.

use core::ffi::c_int;

use edgepipe::{Error, PollSet, Poller, Token};
use zephyr::time::Timeout;

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

/// A set for each thread that waits. What waits is in queues of the captures, so it cannot be on the thread's stack.
static SETS: [PollSet<PLACES>; THREADS] = [const { PollSet::new() }; THREADS];

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
    let poller = SETS.iter().find_map(|set| set.open().ok());
    let poller = poller.ok_or(Error::BUSY)?;
    register(&poller, devs)?;
    let events = poller.wait_all(timeout, || take_wakes(devs))?;
    reasons.fill(0);
    for event in events {
        // An instance may be there twice.
        let Token(first) = event.token;
        let is_same = |dev: &Device| same(*dev, devs[first]);
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
    SETS.iter().for_each(|set| set.waker().wake());
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
