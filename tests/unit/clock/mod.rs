//! Tests of the small modules of `clock`, which src/clock/mod.rs brings in as its module `tests`.

mod timeline;
