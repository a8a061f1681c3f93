//! What must hold for any input: one module for each fuzz target, whose `check` panics if it does not
//! hold.
//!
//! The fuzzer calls them (`tests/fuzz/fuzz_targets/`). `cargo test` calls them with the inputs that are
//! kept (`tests/fuzz/corpus/`).

pub mod channel;
pub mod options;
pub mod record;
pub mod recording;
pub mod sr;
pub mod stream;
pub mod sump;
pub mod vcd;
