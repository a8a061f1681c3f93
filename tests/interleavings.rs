//! Small scenarios in every order that is possible within a stated limit, and larger ones in many.
//!
//! `explore/watch.rs` checks every step of every run. A failure reports its schedule, and how to
//! replay it. With `EDGEPIPE_EXPLORE=long` the limits are higher; use that with `--release`.

mod explore;

#[path = "interleavings/ending.rs"]
mod ending;
#[path = "interleavings/nesting.rs"]
mod nesting;
#[path = "interleavings/oldest.rs"]
mod oldest;
#[path = "interleavings/pausing.rs"]
mod pausing;
#[path = "interleavings/pipe.rs"]
mod pipe;
#[path = "interleavings/polling.rs"]
mod polling;
#[path = "interleavings/reading.rs"]
mod reading;
#[path = "interleavings/reopening.rs"]
mod reopening;
#[path = "interleavings/suspending.rs"]
mod suspending;
#[path = "interleavings/tasks.rs"]
mod tasks;
#[path = "interleavings/together.rs"]
mod together;
#[path = "interleavings/waiting.rs"]
mod waiting;

/// No limits. With one thread, this walks every place for every interrupt.
const ALL: zephyr::sim::Limits = zephyr::sim::Limits::NONE;
