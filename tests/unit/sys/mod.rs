//! Tests of the small modules of `sys`, which src/sys/mod.rs brings in as its module `tests`.

mod claim;
mod clock;
mod list;
