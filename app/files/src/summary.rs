//! The result of a run.

use std::fmt::{self, Display};

use serde::Serialize;

use crate::error::one_line;
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
    /// Edges for which there was no record.
    pub lost: u64,
    /// How often the reader was woken.
    pub wakes: u64,
    /// Delivered edges of each line; those of lines that do not exist are ignored.
    pub edges_per_line: [u64; LINES_MAX],
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
            lost,
            wakes,
            ref edges_per_line,
        } = counts;
        Self {
            captured,
            delivered,
            pending,
            lost,
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
        writeln!(f, "lost       {lost:width$}")?;
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
