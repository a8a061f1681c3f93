//! Finding a node when the program is compiled.

use edgepipe::Sample;

use crate::{EDGES, EdgeNode, STROBES, StrobeNode};

/// The `edgepipe,capture` node with a label (`labels::x`) or an alias (`aliases::x`): a
/// `&'static` [`EdgeNode`].
#[macro_export]
macro_rules! edges {
    ($kind:ident :: $name:ident) => {{
        static NODE: &$crate::EdgeNode =
            $crate::__edges(::zephyr::devicetree::$kind::$name::ORD as u32);
        NODE
    }};
}

/// The `edgepipe,strobe` node with a label (`labels::x`) or an alias (`aliases::x`): a
/// `&'static` [`StrobeNode`] of the node's samples, such as `StrobeNode<u16>` for 9 to 16 data lines.
#[macro_export]
macro_rules! strobe {
    ($kind:ident :: $name:ident) => {{
        const ORDINAL: u32 = ::zephyr::devicetree::$kind::$name::ORD as u32;
        static NODE: $crate::StrobeNode<<$crate::Ordinal<ORDINAL> as $crate::StrobeAt>::Sample> =
            $crate::__strobe(ORDINAL);
        &NODE
    }};
}

/// What [`edges!`](crate::edges) finds. In a constant, the panic is a compile error.
#[doc(hidden)]
pub const fn __edges(ordinal: u32) -> &'static EdgeNode {
    let mut index = 0;
    while index < EDGES.len() {
        if EDGES[index].ordinal == ordinal {
            return &EDGES[index];
        }
        index += 1;
    }
    panic!("this node is not an enabled edgepipe,capture")
}

/// A node, by its ordinal.
#[doc(hidden)]
#[derive(Debug)]
pub struct Ordinal<const ORDINAL: u32>;

/// An `edgepipe,strobe` node.
#[doc(hidden)]
#[diagnostic::on_unimplemented(message = "this node is not an enabled edgepipe,strobe")]
pub trait StrobeAt {
    /// Its samples.
    type Sample: Sample;
}

/// What [`strobe!`](crate::strobe) finds.
#[doc(hidden)]
pub const fn __strobe<T>(ordinal: u32) -> StrobeNode<T>
where
    T: Sample,
{
    let mut index = 0;
    while index < STROBES.len() {
        if STROBES[index].ordinal == ordinal {
            return STROBES[index].of();
        }
        index += 1;
    }
    panic!("this node is not an enabled edgepipe,strobe")
}
