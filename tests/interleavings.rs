//! Small scenarios in every order that is possible within a stated limit, and larger ones in many.
//!
//! Every step of every run is looked at; `explore/watch.rs` says what for. A failure says which
//! schedule it had, and how to have it again. With `EDGEPIPE_EXPLORE=long` the limits are higher;
//! that is meant for `--release`.

mod explore;

#[path = "interleavings/ending.rs"]
mod ending;
#[path = "interleavings/nesting.rs"]
mod nesting;
#[path = "interleavings/pipe.rs"]
mod pipe;
#[path = "interleavings/polling.rs"]
mod polling;
#[path = "interleavings/reading.rs"]
mod reading;
#[path = "interleavings/reopening.rs"]
mod reopening;
#[path = "interleavings/tasks.rs"]
mod tasks;
#[path = "interleavings/together.rs"]
mod together;
#[path = "interleavings/waiting.rs"]
mod waiting;

/// Everything: where there is one thread, that is every place for every interrupt.
const ALL: zephyr::sim::Limits = zephyr::sim::Limits::NONE;
