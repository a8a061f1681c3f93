//! What each line is expected to do next.

use crate::{LINES_MAX, record::Head};

/// A byte for each line: the lowest bits are those that its next record is to have, its number and
/// the level that the edge will lead to.
pub(crate) struct Lines([u8; LINES_MAX]);

const LEVEL: u8 = 1 << Head::LEVEL_BIT;
const IN_RECORD: u8 = LEVEL | (LEVEL - 1);
/// Every edge of the line leads to the same level, for only such edges interrupt. One bit above
/// `LEVEL`, see `pass`.
const SAME: u8 = LEVEL << 1;

impl Lines {
    pub(crate) const fn none() -> Self {
        Self([0; LINES_MAX])
    }

    /// Lines that are at `levels` now. Those of `both` interrupt at both edges, the others where
    /// they go to the level that they have in `triggers`.
    pub(crate) fn new(levels: u32, both: u32, triggers: u32) -> Self {
        let mut lines = Self::none();
        for (line, next) in (0..).zip(&mut lines.0) {
            let is_in = |mask: u32| mask >> line & 1 == 1;
            let level = if is_in(both) {
                !is_in(levels)
            } else {
                is_in(triggers)
            };
            *next = line | if level { LEVEL } else { 0 } | if is_in(both) { 0 } else { SAME };
        }
        lines
    }

    /// The line and level for the record of an edge of `line` to `high`, if that was expected.
    #[inline]
    pub(super) fn expected(&self, line: u8, high: bool) -> Option<u8> {
        let next = self.0[line as usize % LINES_MAX];
        let as_expected = (next >> Head::LEVEL_BIT ^ u8::from(high)) & 1 == 0;
        as_expected.then_some(next & IN_RECORD)
    }

    /// The expected edge of `line` came.
    #[inline]
    pub(super) fn pass(&mut self, line: u8) {
        let next = &mut self.0[line as usize % LINES_MAX];
        *next ^= LEVEL & !(*next >> 1);
    }

    /// `line` is at `high`, wherever it came from. Returns whether it was there already.
    pub(super) fn set(&mut self, line: u8, high: bool) -> bool {
        let repeated = self.expected(line, high).is_none();
        let next = &mut self.0[line as usize % LINES_MAX];
        if *next & SAME == 0 {
            *next = *next & !LEVEL | if high { 0 } else { LEVEL };
        }
        repeated
    }

    /// The level of `line` after its last edge. A line that interrupts at one edge only is taken to
    /// be where that leads.
    pub(super) fn level(&self, line: u8) -> bool {
        let next = self.0[line as usize % LINES_MAX];
        (next & LEVEL != 0) == (next & SAME != 0)
    }

    /// The same of all lines, line 0 in bit 0.
    pub(super) fn levels(&self) -> u32 {
        (0..LINES_MAX as u8).fold(0, |levels, line| {
            levels | u32::from(self.level(line)) << line
        })
    }
}
