//! A rotary encoder with two lines, A and B. In one direction A changes before B, in the other after it. The position
//! goes on by one at each edge; most knobs have four edges to a detent.

use edgepipe::Edge;

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Encoder {
    /// In edges; it wraps.
    pub(crate) position: i32,
    /// It was turned unseen: the position is no longer exact.
    pub(crate) is_vague: bool,
    /// The levels of the lines: A in bit 0, B in bit 1.
    levels: u32,
}

impl Encoder {
    /// At position 0, with the levels before the first edge.
    pub(crate) const fn new(levels: u32) -> Self {
        Self {
            position: 0,
            is_vague: false,
            levels,
        }
    }

    /// Line 0 is A, line 1 is B. After a hole it starts again from the levels there.
    pub(crate) fn turn(&mut self, edge: &Edge) {
        if let Some(gap) = edge.gap {
            self.is_vague |= gap.lost > 0 || gap.levels != self.levels;
            self.levels = gap.levels;
        }
        let before = self.levels;
        let line = u32::from(edge.line) & 1;
        self.levels = before & !(1 << line) | u32::from(bool::from(edge.level)) << line;
        if self.levels == before {
            // There and back, too fast to be seen.
            return;
        }
        // A leads when it leaves the level of B, and when B then follows.
        let a_leads = (before ^ before >> 1 ^ line) & 1 == 0;
        self.position = self.position.wrapping_add(if a_leads { 1 } else { -1 });
    }
}
