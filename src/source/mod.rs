//! Interrupt sources: what turns a GPIO callback into records.

pub(crate) mod edges;
