//! Hardware and kernels that misbehave, on the simulated kernel.
//!
//! After each fault the ledger balances, a later edge still wakes the waiters, and every refusal
//! has a clear error.

mod explore;

#[path = "faults/cancelled.rs"]
mod cancelled;
#[path = "faults/controller.rs"]
mod controller;
#[path = "faults/extremes.rs"]
mod extremes;
#[path = "faults/pauses.rs"]
mod pauses;
#[path = "faults/rare.rs"]
mod rare;
#[path = "faults/reopening.rs"]
mod reopening;
#[path = "faults/spurious.rs"]
mod spurious;
#[path = "faults/storm.rs"]
mod storm;
#[path = "faults/support.rs"]
mod support;
#[path = "faults/timers.rs"]
mod timers;
