//! `struct edgepipe_edge`.

use edgepipe::{Edge, Level};

/// An edge, in the layout of C.
#[repr(C)]
pub(crate) struct CEdge {
    time_ns: u64,
    lost_before: u32,
    levels_before: u32,
    line: u8,
    level: u8,
    sequence: u8,
    after_gap: u8,
}

impl From<Edge> for CEdge {
    fn from(edge: Edge) -> Self {
        Self {
            time_ns: edge.timestamp_ns,
            lost_before: edge.lost_before(),
            levels_before: edge.gap.map_or(0, |gap| gap.levels),
            line: edge.line,
            level: (edge.level == Level::High).into(),
            sequence: edge.sequence,
            after_gap: edge.gap.is_some().into(),
        }
    }
}
