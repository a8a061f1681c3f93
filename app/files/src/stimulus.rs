//! The recording that is replayed into the GPIO lines.

mod changes;
mod header;
mod source;
mod timescale;

use std::fmt;
use std::path::Path;

use changes::{Change, Changes};
use source::Source;
pub use timescale::TIME_MAX_US;

use crate::Error;

/// One line changes its level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// When, in microseconds from the recording's time 0.
    pub at_us: u64,
    /// Which line, counted from 0 in order of declaration.
    pub line: u8,
    /// The level from now on: high is `true`.
    pub level: bool,
}

/// A VCD recording, read twice: once to check all of it and to count, once to replay it.
///
/// The lines are the single-bit wires (and other one-bit nets and `reg`s) in order of declaration;
/// other variables are ignored. Wires that share an id code are separate lines that change
/// together, the first declared first. Times are rounded to the nearest microsecond.
///
/// The first level given for a wire is its level from the start, and no edge, at whatever time it
/// is given. A wire without any level is low. After that only a different level is an edge: `x` and
/// `z`, as `$dumpoff` writes them, keep the level.
///
/// Memory does not grow with the recording's length.
pub struct Stimulus {
    changes: Changes,
    initial_levels: u32,
    edges: u64,
    duration_us: u64,
    /// The lines' levels so far, as a bit mask.
    levels: u32,
    /// The change that is being handed out. The lines in its mask are those whose edge is still to
    /// be returned.
    current: Change,
    ended: bool,
}

impl Stimulus {
    /// Opens a recording and checks it from end to end.
    ///
    /// `path` may be a pipe; it is then read to its end, and replayed from an unnamed temporary
    /// file.
    ///
    /// # Errors
    ///
    /// The error has the file and, unless the file cannot be opened, the line. The file cannot be
    /// read; is not VCD or not UTF-8; ends too early, which includes a last token with no newline
    /// after it; declares no `$timescale`, no single-bit wire or more than
    /// [`LINES_MAX`](crate::LINES_MAX); changes an undeclared id code; or has a time that runs
    /// backwards or lies beyond [`TIME_MAX_US`]. To bound memory, a command longer than 1 MiB and
    /// more than 2²⁰ variables are refused too.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let mut changes = Changes::new(Source::open(path)?)?;
        let mut edges = 0;
        let (mut initial_levels, mut levels, mut given) = (0, 0, 0);
        while let Some(Change { lines, level, .. }) = changes.next_change()? {
            let first = lines & !given;
            given |= first;
            if level {
                initial_levels |= first;
                levels |= first;
            }
            let edge = lines & different(levels, level);
            levels ^= edge;
            edges += u64::from(edge.count_ones());
        }
        Ok(Self {
            duration_us: changes.at_us(),
            changes: changes.restart()?,
            initial_levels,
            edges,
            levels: initial_levels,
            current: Change {
                at_us: 0,
                lines: 0,
                level: false,
            },
            ended: false,
        })
    }

    /// The lines' names, from 1 to [`LINES_MAX`](crate::LINES_MAX) of them; two may be equal.
    pub fn names(&self) -> &[String] {
        self.changes.names()
    }

    /// The lines' levels before the first event: bit *n* is line *n*, 1 is high.
    pub fn initial_levels(&self) -> u32 {
        self.initial_levels
    }

    /// The number of all events.
    pub fn edges(&self) -> u64 {
        self.edges
    }

    /// The recording's last time, in microseconds: that of the last event or, often, a later one at
    /// the file's end.
    pub fn duration_us(&self) -> u64 {
        self.duration_us
    }

    /// The next event, or `None` at the end. Times never run backwards.
    ///
    /// # Errors
    ///
    /// Those of [`open`](Self::open), if the file has changed since. No event follows an error.
    pub fn next_event(&mut self) -> Result<Option<Event>, Error> {
        while self.current.lines == 0 && !self.ended {
            // It stays true if the read fails.
            self.ended = true;
            if let Some(Change {
                at_us,
                lines,
                level,
            }) = self.changes.next_change()?
            {
                let lines = lines & different(self.levels, level);
                self.levels ^= lines;
                self.current = Change {
                    at_us,
                    lines,
                    level,
                };
                self.ended = false;
            }
        }
        let Change {
            at_us,
            lines,
            level,
        } = self.current;
        if lines == 0 {
            return Ok(None);
        }
        // Clears the lowest line's bit.
        self.current.lines &= lines - 1;
        // A mask of 32 bits: the number fits.
        Ok(Some(Event {
            at_us,
            line: lines.trailing_zeros() as u8,
            level,
        }))
    }
}

/// The lines that are not at `level`, as a bit mask.
fn different(levels: u32, level: bool) -> u32 {
    if level { !levels } else { levels }
}

// The parser has no `Debug`.
impl fmt::Debug for Stimulus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stimulus")
            .field("names", &self.names())
            .field("initial_levels", &self.initial_levels)
            .field("edges", &self.edges)
            .field("duration_us", &self.duration_us)
            .finish_non_exhaustive()
    }
}
