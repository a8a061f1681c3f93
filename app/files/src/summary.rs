//! The result of a run.

use std::fmt::{self, Display};

use edgepipe_page::Entry;
use edgepipe_recording::one_line;
use serde::Serialize;

use crate::{LINES_MAX, Options};

/// What the application counted, in the layout of C.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(C)]
pub struct Counts {
    /// Edges that reached the capture: `delivered + pending + lost`.
    pub captured: u64,
    /// Records that were read.
    pub delivered: u64,
    /// Records still in the buffer.
    pub pending: u64,
    /// Edges for which there was no record, by cause.
    pub lost_by: LostBy,
    /// Edges that the GPIO controller did not report.
    pub missed: Missed,
    /// The most records ever pending.
    pub high_water: u64,
    /// How often the reader was woken.
    pub wakes: u64,
    /// Delivered edges of each line; those of lines that do not exist are ignored.
    pub edges_per_line: [u64; LINES_MAX],
}

impl Counts {
    /// All lost edges.
    pub fn lost(&self) -> u64 {
        let LostBy {
            full,
            frozen,
            closed,
            unreadable,
        } = self.lost_by;
        full + frozen + closed + unreadable
    }

    /// All but the edges of each line, for the page.
    pub(crate) fn ledger(&self) -> Vec<Entry> {
        let entry = |name: &str, count, meaning| Entry {
            name: name.to_owned(),
            count,
            meaning,
        };
        let mut entries = vec![
            entry("captured", self.captured, "edges that reached the capture"),
            entry("delivered", self.delivered, "edges that were read"),
            entry(
                "pending",
                self.pending,
                "edges that were stored and not read",
            ),
            entry("lost", self.lost(), "edges that could not be stored"),
        ];
        let lost_by = self.lost_by.causes().into_iter();
        entries.extend(
            lost_by.map(|(count, cause, meaning)| entry(&format!("lost: {cause}"), count, meaning)),
        );
        entries.extend([
            entry(
                "missed, rising",
                self.missed.rising,
                "edges that the GPIO controller did not report",
            ),
            entry("missed, falling", self.missed.falling, "the same, to low"),
            entry(
                "high water",
                self.high_water,
                "the most records that were ever in the buffer",
            ),
            entry(
                "wakes",
                self.wakes,
                "how often the reader was woken because the capture was ready",
            ),
        ]);
        entries
    }
}

/// Edges for which there was no record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[repr(C)]
pub struct LostBy {
    /// The buffer was full.
    pub full: u64,
    /// The buffer had been full, and was not yet read empty.
    pub frozen: u64,
    /// The capture was being closed.
    pub closed: u64,
    /// The level could not be read.
    pub unreadable: u64,
}

/// Edges that the GPIO controller did not report, because the level was back before it was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[repr(C)]
pub struct Missed {
    /// To high.
    pub rising: u64,
    /// To low.
    pub falling: u64,
}

/// The report: one line of JSON, or a few lines for a human.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Edges that reached the capture: `delivered + pending + lost`.
    pub captured: u64,
    /// Records that were read.
    pub delivered: u64,
    /// Records still in the buffer.
    pub pending: u64,
    /// Edges for which there was no record.
    pub lost: u64,
    /// The same by cause.
    pub lost_by: LostBy,
    /// Edges that the GPIO controller did not report.
    pub missed: Missed,
    /// The most records ever pending.
    pub high_water: u64,
    /// How often the reader was woken.
    pub wakes: u64,
    /// Size of the buffer, in records.
    pub capacity: u32,
    /// When the reader is woken: `full`, or a number of records.
    pub ready: String,
    /// The lines' names.
    pub lines: Vec<String>,
    /// Delivered edges of each line.
    pub edges_per_line: Vec<u64>,
}

impl Summary {
    /// The report on a run with these options and lines.
    pub fn new(options: &Options, lines: &[String], counts: &Counts) -> Self {
        let &Counts {
            captured,
            delivered,
            pending,
            lost_by,
            missed,
            high_water,
            wakes,
            ref edges_per_line,
        } = counts;
        Self {
            captured,
            delivered,
            pending,
            lost: counts.lost(),
            lost_by,
            missed,
            high_water,
            wakes,
            capacity: options.capacity,
            ready: options.ready.to_string(),
            lines: lines.to_vec(),
            edges_per_line: edges_per_line.iter().copied().take(lines.len()).collect(),
        }
    }

    /// One line of JSON, without the newline, its keys in the order of the fields.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("numbers and strings always serialize")
    }
}

impl Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            captured,
            delivered,
            pending,
            lost,
            lost_by,
            missed,
            wakes,
            capacity,
            ready,
            ..
        } = self;
        let width = [captured, delivered, pending, lost, wakes]
            .map(|count| count.to_string().len())
            .into_iter()
            .max()
            .unwrap_or(0);
        writeln!(f, "captured   {captured:width$}")?;
        writeln!(f, "delivered  {delivered:width$}")?;
        writeln!(f, "pending    {pending:width$}")?;
        writeln!(f, "lost       {lost:width$}{lost_by}")?;
        let missed = missed.rising + missed.falling;
        if missed > 0 {
            writeln!(f, "missed     {missed:width$}")?;
        }
        write!(
            f,
            "wakes      {wakes:width$}  (ready {ready}, capacity {capacity})"
        )?;
        for (line, edges) in self.lines.iter().zip(&self.edges_per_line) {
            write!(f, "\nedges      {edges:width$}  {}", one_line(line))?;
        }
        Ok(())
    }
}

impl LostBy {
    /// Of each cause: how many, its name, and what it means.
    fn causes(&self) -> [(u64, &'static str, &'static str); 4] {
        [
            (self.full, "full", "the buffer was full"),
            (
                self.frozen,
                "frozen",
                "it had been full, and was not yet read empty",
            ),
            (self.closed, "closed", "the capture was being closed"),
            (self.unreadable, "unreadable", "the level could not be read"),
        ]
    }
}

/// The causes that there were, in brackets; nothing if nothing was lost.
impl Display for LostBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let causes = self.causes().into_iter();
        let mut separator = "  (";
        for (count, cause, _) in causes.filter(|(count, ..)| *count > 0) {
            write!(f, "{separator}{cause} {count}")?;
            separator = ", ";
        }
        if separator == ", " {
            f.write_str(")")
        } else {
            Ok(())
        }
    }
}
