//! The devices of nodes.

use zephyr::raw;

/// A node's device, in a static.
#[derive(Clone, Copy)]
pub(crate) struct Device(pub(crate) &'static raw::device);

// SAFETY: a device's structure is constant.
unsafe impl Sync for Device {}
