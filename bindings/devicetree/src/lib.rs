//! The `edgepipe,capture` and `edgepipe,strobe` nodes of the devicetree, as static devices.
//!
//! A node says which lines, how large a buffer, when it is ready; the bindings in `zephyr/dts/bindings` say
//! all that it can say. Its buffer and kernel objects are static, of just the size that it takes. A
//! node is found by its label or alias, when the program is compiled:
//!
//! ```ignore
//! let (capture, mut reader) = edgepipe_devicetree::edges!(labels::buttons).open()?;
//! let (capture, reader) = edgepipe_devicetree::strobe!(aliases::sampler).open()?;
//! ```
//!
//! (Not compiled as a test: there is a devicetree on Zephyr only.) What is no label is an error that
//! says "could not find `buttons` in `labels`"; what is no node of edgepipe's, one that says that.
//! Wrong properties are found before, by the module's C half, `zephyr/nodes.c`, which names node and
//! property.
//!
//! Needs `CONFIG_EDGEPIPE=y`: that is what makes the list of nodes.
#![no_std]

mod edges;
mod find;
mod list;
mod strobe;

pub use edges::EdgeNode;
pub use find::{__edges, __strobe};
pub use list::{EDGES, STROBES};
pub use strobe::StrobeNode;
