//! Finding a node when the program is compiled.

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
/// `&'static` [`StrobeNode`].
#[macro_export]
macro_rules! strobe {
    ($kind:ident :: $name:ident) => {{
        static NODE: &$crate::StrobeNode =
            $crate::__strobe(::zephyr::devicetree::$kind::$name::ORD as u32);
        NODE
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

/// What [`strobe!`](crate::strobe) finds.
#[doc(hidden)]
pub const fn __strobe(ordinal: u32) -> &'static StrobeNode {
    let mut index = 0;
    while index < STROBES.len() {
        if STROBES[index].ordinal == ordinal {
            return &STROBES[index];
        }
        index += 1;
    }
    panic!("this node is not an enabled edgepipe,strobe")
}
