//! Interrupt sources: what turns a GPIO callback into records.

pub(crate) mod debounce;
pub(crate) mod edges;
mod levels;
pub(crate) mod port;
pub(crate) mod strobe;
