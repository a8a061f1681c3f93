//! Tests of the small modules of `channel`, which src/channel/mod.rs brings in as its module `tests`.

mod deadline;
mod fast_path;
mod levels;
mod records;
mod waiters;
