//! Pulses: how long each line stayed at a level.

use crate::{Edge, Gap, Level};

/// How long one line stayed at one level, from one edge of it to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Pulse {
    /// When it began, in nanoseconds; as [`Edge::timestamp_ns`].
    pub start_ns: u64,
    /// How long it lasted, in nanoseconds.
    pub duration_ns: u64,
    /// The last hole since the pulse before it, of any line; `None` almost always. No hole is within a pulse.
    pub gap: Option<Gap>,
    /// The line.
    pub line: u8,
    /// The level at which the line stayed.
    pub level: Level,
}

/// Makes [`Pulse`]s of edges, for up to `LINES` lines. It needs both edges of a line, see [`Trigger`](crate::Trigger).
///
/// ```
/// use edgepipe::{Edge, Level, Pulses};
///
/// let edge = |us: u64, level| Edge { timestamp_ns: 1_000 * us, level, ..Edge::default() };
/// let edges = [edge(100, Level::High), edge(160, Level::Low), edge(200, Level::High)];
/// let mut pulses: Pulses<1> = Pulses::new();
/// let lengths: Vec<_> = pulses.of(&edges).map(|pulse| (pulse.level, pulse.duration_ns)).collect();
/// assert_eq!(lengths, [(Level::High, 60_000), (Level::Low, 40_000)]);
/// ```
#[derive(Clone, Debug)]
pub struct Pulses<const LINES: usize = 32> {
    /// When each line had its last edge.
    since_ns: [u64; LINES],
    /// Lines that had one, line 0 in bit 0.
    begun: u32,
    gap: Option<Gap>,
}

impl<const LINES: usize> Pulses<LINES> {
    /// Before the first edge.
    pub const fn new() -> Self {
        const { assert!(LINES <= 32, "a capture has at most 32 lines") }
        Self {
            since_ns: [0; LINES],
            begun: 0,
            gap: None,
        }
    }

    /// The pulse that `edge` ends, if its begin is known: not for the first edge of a line, nor for the first after a
    /// hole, nor for a line that is not below `LINES`.
    pub fn next(&mut self, edge: &Edge) -> Option<Pulse> {
        if let Some(gap) = edge.gap {
            self.gap = Some(gap.after(self.gap));
            self.begun = 0;
        }
        let since_ns = self.since_ns.get_mut(usize::from(edge.line))?;
        let start_ns = core::mem::replace(since_ns, edge.timestamp_ns);
        let bit = 1 << edge.line;
        let is_begun = self.begun & bit != 0;
        self.begun |= bit;
        is_begun.then(|| Pulse {
            start_ns,
            duration_ns: edge.timestamp_ns.saturating_sub(start_ns),
            gap: self.gap.take(),
            line: edge.line,
            level: Level::from(edge.level == Level::Low),
        })
    }

    /// The pulses that `edges` end, in order.
    pub fn of<'a>(&'a mut self, edges: &'a [Edge]) -> impl Iterator<Item = Pulse> + 'a {
        edges.iter().filter_map(|edge| self.next(edge))
    }
}

impl<const LINES: usize> Default for Pulses<LINES> {
    fn default() -> Self {
        Self::new()
    }
}
