//! The `edgepipe,capture` and `edgepipe,strobe` nodes of the devicetree, as static devices.
//!
//! A node gives the lines, the size of the buffer, and the condition for being ready; `zephyr/dts/bindings`
//! documents all its properties. Its buffer and kernel objects are static and no larger than needed. The
//! compiler finds a node by its label or alias:
//!
//! ```ignore
//! let (capture, mut reader) = edgepipe_devicetree::edges!(labels::buttons).open()?;
//! let (capture, reader) = edgepipe_devicetree::strobe!(aliases::sampler).open()?;
//! ```
//!
//! (This is not compiled as a test, because only Zephyr has a devicetree.) A label that does not exist is
//! the compile error "could not find `buttons` in `labels`". A node of another kind is a compile error too,
//! which says so. The module's C half, `zephyr/nodes.c`, checks the properties before; its errors name the
//! node and the property.
//!
//! Needs `CONFIG_EDGEPIPE=y`, which makes the list of nodes.
#![no_std]

mod device;
mod edges;
mod find;
mod list;
#[cfg(edgepipe_pm)]
mod power;
mod strobe;

pub use edges::EdgeNode;
pub use find::{__edges, __strobe};
#[doc(hidden)]
pub use find::{Ordinal, StrobeAt};
pub use list::{EDGES, PROBE, STROBES};
pub use strobe::StrobeNode;
