//! Tests of small modules of the crate's root, which src/lib.rs brings in.

mod config;
mod edges;
mod error;
mod ledger;
mod line;
mod lines;
mod poller;
mod pulses;
mod record;
mod signal;
