//! What must hold for any input: one module for each fuzz target, whose `check` panics where it does
//! not hold.
//!
//! The fuzzer calls them (`tests/fuzz/fuzz_targets/`); `cargo test` does with what the fuzzer has found
//! worth keeping (`tests/fuzz/corpus/`).

pub mod channel;
pub mod options;
pub mod record;
pub mod vcd;
