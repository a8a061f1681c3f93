//! What is shown: lines, their edges, and where edges were lost.

use edgepipe_recording::TimeUnit;

use crate::changes::{Change, Changes};
use crate::holes::Holes;
use crate::pulses::Pulses;

/// The most changes that a trace keeps, so that it stays within tens of megabytes. The rest is counted.
pub const CHANGES_MAX: u64 = 10_000_000;

/// A capture or a recording, in a few bytes for each edge.
///
/// Edges come in the order of their times. All times are in the unit of the trace.
#[derive(Debug)]
pub struct Trace {
    pub(crate) unit: TimeUnit,
    pub(crate) lines: Vec<Line>,
    pub(crate) holes: Holes,
    /// The latest time.
    pub(crate) end: u64,
    /// If only edges to one level were captured: which.
    pub(crate) one_trigger: Option<bool>,
    /// All edges, with those that are not kept.
    pub(crate) edges: u64,
    /// The time from which on no changes are kept, as there were too many.
    pub(crate) cut: Option<u64>,
    /// Those that are kept.
    changes: u64,
    changes_max: u64,
}

/// One line of a trace.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) name: String,
    /// The level at time 0.
    pub(crate) initial: bool,
    /// All its edges, with those that are not kept.
    pub(crate) edges: u64,
    pub(crate) changes: Changes,
    /// Pulses to low, and to high. With one trigger: the times between edges, in the place of the trigger's level.
    pub(crate) pulses: [Pulses; 2],
    /// The last edge, unless there was a hole since then.
    last: Option<(u64, bool)>,
}

impl Trace {
    /// A trace of these lines. Bit *n* of `initial_levels` is the level of line *n* at time 0.
    pub fn new(names: &[String], initial_levels: u32, unit: TimeUnit) -> Self {
        let lines = names.iter().enumerate().map(|(line, name)| Line {
            name: name.clone(),
            initial: bit(initial_levels, line),
            edges: 0,
            changes: Changes::default(),
            pulses: Default::default(),
            last: None,
        });
        Self {
            unit,
            lines: lines.collect(),
            holes: Holes::default(),
            end: 0,
            one_trigger: None,
            edges: 0,
            cut: None,
            changes: 0,
            changes_max: CHANGES_MAX,
        }
    }

    /// Only edges to this level are captured, so that levels are not known between them.
    #[must_use]
    pub fn with_one_trigger(mut self, level: Option<bool>) -> Self {
        self.one_trigger = level;
        self
    }

    /// The line `line`, counted from 0, has an edge to `level`. An edge of a line that does not exist is ignored.
    pub fn edge(&mut self, time: u64, line: u8, level: bool) {
        self.end = self.end.max(time);
        let keep = self.keeps();
        let one_trigger = self.one_trigger.is_some();
        let Some(line) = self.lines.get_mut(usize::from(line)) else {
            return;
        };
        self.edges += 1;
        line.edges += 1;
        if let Some((begin, before)) = line.last
            // Between two edges to one level was another one, which the controller did not report.
            && (before != level || one_trigger)
        {
            line.pulses[usize::from(before)].add(time.saturating_sub(begin));
        }
        line.last = Some((time, level));
        if keep {
            line.changes.push(time, Change::edge(level));
        }
    }

    /// Edges were lost after the last one and before `time`, when the lines had these levels. `None` is an unknown number.
    pub fn loss(&mut self, time: u64, lost: Option<u64>, levels: u32) {
        let from = self.end;
        self.hole(from, time, lost, Some(levels));
    }

    /// Edges were lost after the last one, and nothing is known of the levels up to the end.
    pub fn loss_at_end(&mut self, lost: u64, end: Option<u64>) {
        let from = self.end;
        self.hole(from, end.unwrap_or(from), Some(lost), None);
    }

    /// The capture or the recording goes on to `time` at least.
    pub fn end_at(&mut self, time: u64) {
        self.end = self.end.max(time);
    }

    fn hole(&mut self, from: u64, to: u64, lost: Option<u64>, levels: Option<u32>) {
        self.holes.push(from, to, lost);
        for line in 0..self.lines.len() as u8 {
            self.unknown(from, line);
            if let Some(levels) = levels {
                self.found(to, line, bit(levels, line.into()));
            }
        }
        self.end_at(to);
    }

    /// The level of a line is unknown from now on.
    pub(crate) fn unknown(&mut self, time: u64, line: u8) {
        self.change(time, line, Change::Lose);
    }

    /// The level of a line is known again. Where it became so is not.
    pub(crate) fn found(&mut self, time: u64, line: u8, level: bool) {
        self.change(time, line, Change::find(level));
    }

    /// No pulse that has begun is measured.
    pub(crate) fn interrupt(&mut self) {
        self.lines.iter_mut().for_each(|line| line.last = None);
    }

    fn change(&mut self, time: u64, line: u8, change: Change) {
        self.end = self.end.max(time);
        let keep = self.keeps();
        if let Some(line) = self.lines.get_mut(usize::from(line)) {
            line.last = None;
            if keep {
                line.changes.push(time, change);
            }
        }
    }

    /// All lost edges of which the number is known.
    pub fn lost(&self) -> u64 {
        self.holes.lost()
    }

    /// Whether one change more is kept.
    fn keeps(&mut self) -> bool {
        if self.cut.is_none() && self.changes >= self.changes_max {
            self.cut = Some(self.end);
        }
        self.changes += 1;
        self.cut.is_none()
    }
}

fn bit(levels: u32, line: usize) -> bool {
    levels.checked_shr(line as u32).unwrap_or(0) & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trace(lines: usize) -> Trace {
        let names: Vec<String> = (0..lines).map(|line| format!("D{line}")).collect();
        Trace::new(&names, 0b01, TimeUnit::MICROSECOND)
    }

    #[test]
    fn pulses_are_measured_from_edge_to_edge() {
        let mut trace = trace(1);
        for (time, level) in [(10, false), (14, true), (20, false), (22, true)] {
            trace.edge(time, 0, level);
        }
        let [low, high] = &trace.lines[0].pulses;
        assert_eq!((low.range(), high.range()), (Some((2, 4)), Some((6, 6))));
        assert_eq!((trace.edges, trace.end), (4, 22));
    }

    #[test]
    fn a_pulse_with_a_hole_in_it_is_not_measured() {
        let mut trace = trace(2);
        trace.edge(10, 0, false);
        trace.loss(20, Some(3), 0b10);
        trace.edge(20, 0, true);
        trace.edge(25, 1, false);
        let ranges = |line: usize| trace.lines[line].pulses.each_ref().map(Pulses::range);
        assert_eq!((ranges(0), ranges(1)), ([None, None], [None, None]));
        assert!(trace.holes.iter().eq([(10, 20, Some(3))]));
        let changes: Vec<_> = trace.lines[1].changes.iter().collect();
        assert_eq!(
            changes,
            [
                (10, Change::Lose),
                (20, Change::FindHigh),
                (25, Change::Fall)
            ]
        );
    }

    #[test]
    fn an_edge_that_the_controller_missed_ends_no_pulse() {
        let mut trace = trace(1);
        for (time, level) in [(10, false), (20, false), (30, true)] {
            trace.edge(time, 0, level);
        }
        assert_eq!(trace.lines[0].pulses[0].range(), Some((10, 10)));
    }

    #[test]
    fn with_one_trigger_the_time_between_edges_is_measured() {
        let mut trace = trace(1).with_one_trigger(Some(true));
        trace.edge(10, 0, true);
        trace.edge(30, 0, true);
        assert_eq!(trace.lines[0].pulses[1].range(), Some((20, 20)));
    }

    #[test]
    fn of_too_many_changes_the_first_are_kept_and_all_are_counted() {
        let mut trace = trace(1);
        trace.changes_max = 3;
        for time in 1..=5 {
            trace.edge(time, 0, time % 2 == 0);
        }
        assert_eq!((trace.edges, trace.lines[0].changes.count()), (5, 3));
        assert_eq!(trace.cut, Some(4));
    }

    #[test]
    fn a_line_that_does_not_exist_is_ignored() {
        let mut trace = trace(2);
        trace.edge(1, 2, true);
        trace.edge(1, 40, true);
        assert_eq!(trace.edges, 0);
    }
}
