//! Durations and instants that are counts of ticks, and the time-outs made from them.

use core::fmt::Debug;

use crate::raw::{self, k_ticks_t, k_timeout_t};
use crate::sys::{K_FOREVER, K_NO_WAIT};

/// Ticks a second of the system clock.
pub const SYS_FREQUENCY: u32 = crate::kconfig::CONFIG_SYS_CLOCK_TICKS_PER_SEC as u32;

/// A number of ticks.
pub type Tick = u64;

/// A span of time, in ticks.
pub type Duration = fugit::Duration<Tick, 1, SYS_FREQUENCY>;

/// A point in time, in ticks since the kernel started.
pub type Instant = fugit::Instant<Tick, 1, SYS_FREQUENCY>;

/// The current uptime.
///
/// # Context
///
/// ISR or thread, never blocks.
pub fn now() -> Instant {
    // SAFETY: the call has no preconditions.
    Instant::from_ticks(unsafe { raw::k_uptime_ticks() } as Tick)
}

/// A kernel time-out. Several types convert into it.
#[derive(Clone, Copy, Debug)]
pub struct Timeout(pub k_timeout_t);

impl PartialEq for Timeout {
    fn eq(&self, other: &Self) -> bool {
        self.0.ticks == other.0.ticks
    }
}

impl Eq for Timeout {}

impl From<Duration> for Timeout {
    /// A time-out relative to the call that gets it.
    fn from(value: Duration) -> Timeout {
        Timeout(k_timeout_t {
            ticks: proper(value.ticks()),
        })
    }
}

impl From<Instant> for Timeout {
    /// An absolute time-out, which the kernel writes as `-2 - tick`.
    fn from(value: Instant) -> Timeout {
        Timeout(k_timeout_t {
            ticks: -2 - proper(value.ticks()),
        })
    }
}

/// A wait without end.
#[derive(Clone, Copy, Debug)]
pub struct Forever;

impl From<Forever> for Timeout {
    fn from(_: Forever) -> Timeout {
        Timeout(K_FOREVER)
    }
}

/// No wait at all.
#[derive(Clone, Copy, Debug)]
pub struct NoWait;

impl From<NoWait> for Timeout {
    fn from(_: NoWait) -> Timeout {
        Timeout(K_NO_WAIT)
    }
}

/// Puts the current thread to sleep. Returns the time that was left if it was woken early.
///
/// # Context
///
/// Thread only, blocks.
pub fn sleep<T>(timeout: T) -> Duration
where
    T: Into<Timeout>,
{
    let Timeout(timeout) = timeout.into();
    // SAFETY: the call has no preconditions beyond its context, which the kernel checks.
    let rest_ms = unsafe { raw::k_sleep(timeout) };
    Duration::millis(rest_ms as Tick)
}

/// Ticks as the kernel's signed type.
///
/// As in the real crate, a count that is zero or overflows is a caller's bug, and is reported in
/// debug builds only.
fn proper<I>(ticks: I) -> k_ticks_t
where
    I: TryInto<k_ticks_t>,
    I::Error: Debug,
{
    let ticks = if cfg!(debug_assertions) {
        ticks.try_into().expect("ticks fit the kernel's type")
    } else {
        ticks.try_into().unwrap_or_default()
    };
    debug_assert_ne!(
        ticks, K_NO_WAIT.ticks,
        "a time-out of zero ticks is written NoWait"
    );
    ticks
}
