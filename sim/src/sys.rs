//! Thin, safe access to a few kernel calls and constants.

use crate::raw::{self, k_timeout_t};

pub mod sync;

/// Wait without a limit.
pub const K_FOREVER: k_timeout_t = k_timeout_t { ticks: -1 };

/// Do not wait.
pub const K_NO_WAIT: k_timeout_t = k_timeout_t { ticks: 0 };

/// Milliseconds since the kernel started.
///
/// # Context
///
/// ISR or thread, never blocks.
pub fn uptime_get() -> i64 {
    // SAFETY: the call has no preconditions.
    unsafe { raw::k_uptime_get() }
}
