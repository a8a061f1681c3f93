//! A recording, as events of the chosen wires.

use std::fmt;
use std::path::Path;

use crate::change::{Change, Changes};
use crate::unit::greatest_common_divisor;
use crate::{Error, Loss, TimeUnit, Wires};

/// One wire changes its level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// When, in the recording's unit, from its time 0.
    pub time: u64,
    /// Which of the chosen wires, from 0.
    pub wire: u8,
    /// The level from now on: high is `true`.
    pub level: bool,
}

/// What a recording says of the level of one wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    /// When, in the recording's unit, from its time 0.
    pub time: u64,
    /// Which of the chosen wires, from 0.
    pub wire: u8,
    /// The level from now on: high is `true`, and `None` is unknown.
    pub level: Option<bool>,
    /// The level is another one than that known last, which may be long ago.
    pub is_edge: bool,
    /// The level was unknown until now.
    pub was_unknown: bool,
}

/// A recording, read twice: once to check all of it and to count, once to replay it.
///
/// Wires that change at one time do so in the order in which the recording says it; wires that are one signal, in the
/// order of the wires. Memory does not grow with the recording's length.
pub struct Recording {
    changes: Changes,
    names: Vec<String>,
    /// The wires that follow each signal, as a bit mask.
    wires: Vec<u32>,
    unit: TimeUnit,
    initial_levels: u32,
    duration: u64,
    losses: Vec<Loss>,
    step: u64,
    /// What the first pass saw, and what this one saw so far.
    seen: Tally,
    replayed: Tally,
    /// The wires' levels so far, as a bit mask.
    levels: u32,
    /// The wires whose levels are unknown.
    unknown: u32,
    /// The change that is being handed out; of its wires, those that are still to be returned, those for which it is an
    /// edge, and those whose levels were unknown.
    current: Change,
    pending: u32,
    edges: u32,
    found: u32,
    ended: bool,
}

impl Recording {
    /// Opens a recording and checks it from end to end.
    ///
    /// `-` is standard input. `path` may be a pipe: it is read to its end, and replayed from an unnamed temporary file.
    ///
    /// # Errors
    ///
    /// The file cannot be read, is not a recording, is cut or contradicts itself; the error has the line, in text. Or
    /// `wires` does not fit it: more than [`WIRES_MAX`](crate::WIRES_MAX) wires, none of that name, or one twice.
    ///
    /// To bound memory, refused too are more than 2²⁰ variables or 128 MiB of names, and tokens of more than 64 KiB, other
    /// than values and comments.
    pub fn open(path: &Path, wires: &Wires) -> Result<Self, Error> {
        let (mut changes, declared) = Changes::open(path)?;
        let chosen = wires
            .choose(&declared)
            .map_err(|cause| changes.error(&cause))?;
        let mut wires = vec![0; declared.signals];
        let mut names = Vec::with_capacity(chosen.len());
        for (n, (name, wire)) in chosen.into_iter().enumerate() {
            wires[declared.wires[wire].signal as usize] |= 1 << n;
            names.push(name);
        }
        let unit = declared.unit;
        drop(declared);
        changes.only(|signal| wires[signal] != 0);

        let (mut initial_levels, mut levels, mut given, mut step) = (0, 0, 0, 0);
        let mut seen = Tally::default();
        while let Some(change) = changes.next_change()? {
            let wires = wires[change.signal as usize];
            let Some(level) = change.level.filter(|_| wires != 0) else {
                continue;
            };
            let first = wires & !given;
            given |= first;
            if level {
                initial_levels |= first;
                levels |= first;
            }
            let edges = wires & different(levels, level);
            if edges != 0 {
                levels ^= edges;
                seen.add(change.time, level, edges);
                if step == 0 || change.time % step != 0 {
                    step = greatest_common_divisor(step, change.time);
                }
            }
        }
        let duration = changes.time();
        let mut losses = changes.losses().to_vec();
        losses.sort_by_key(|loss| loss.at);
        changes.restart()?;
        Ok(Self {
            changes,
            names,
            wires,
            unit,
            initial_levels,
            duration,
            losses,
            step: greatest_common_divisor(step, duration),
            seen,
            replayed: Tally::default(),
            levels: initial_levels,
            unknown: 0,
            current: Change {
                time: 0,
                signal: 0,
                level: None,
            },
            pending: 0,
            edges: 0,
            found: 0,
            ended: false,
        })
    }

    /// The chosen wires' names: 1 to [`WIRES_MAX`](crate::WIRES_MAX), no two equal.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The wires' levels before the first event: bit *n* is wire *n*, 1 is high.
    pub fn initial_levels(&self) -> u32 {
        self.initial_levels
    }

    /// The number of all events.
    pub fn edges(&self) -> u64 {
        self.seen.edges
    }

    /// The unit of all times.
    pub fn unit(&self) -> TimeUnit {
        self.unit
    }

    /// The time at which the recording ends, in its unit: that of the last event, or later. For an `.sr` it is the number
    /// of samples.
    pub fn duration(&self) -> u64 {
        self.duration
    }

    /// The greatest common divisor of the times of all events and of the duration, in units; 0 if all are 0.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// What the comments of a VCD tell of losses, in the order of their times; the first 100,000 of them.
    pub fn losses(&self) -> &[Loss] {
        &self.losses
    }

    /// The next event, or `None` at the end. Times never run backwards.
    ///
    /// # Errors
    ///
    /// The file cannot be read any more, or has changed since it was opened. No event follows an error.
    pub fn next_event(&mut self) -> Result<Option<Event>, Error> {
        while let Some(wire) = self.next_wire()? {
            if self.edges >> wire & 1 == 1 {
                return Ok(Some(Event {
                    time: self.current.time,
                    wire,
                    level: self.current.level == Some(true),
                }));
            }
        }
        Ok(None)
    }

    /// The next event, or the next time at which a level becomes unknown or is known again, even if it is the same as
    /// before; `None` at the end. The events among them are those of [`next_event`](Self::next_event).
    ///
    /// # Errors
    ///
    /// As for [`next_event`](Self::next_event).
    pub fn next_level(&mut self) -> Result<Option<Level>, Error> {
        Ok(self.next_wire()?.map(|wire| Level {
            time: self.current.time,
            wire,
            level: self.current.level,
            is_edge: self.edges >> wire & 1 == 1,
            was_unknown: self.found >> wire & 1 == 1,
        }))
    }

    /// The next wire for which the current change means something. If there is none, the next change becomes the current
    /// one.
    #[inline]
    fn next_wire(&mut self) -> Result<Option<u8>, Error> {
        while self.pending == 0 && !self.ended {
            // It stays true if the read fails.
            self.ended = true;
            let Some(change) = self.changes.next_change()? else {
                if self.replayed != self.seen || self.changes.time() != self.duration {
                    return Err(self.changed());
                }
                break;
            };
            let wires = self.wires[change.signal as usize];
            self.current = change;
            match change.level {
                Some(level) if !self.give(wires, change.time, level) => {
                    self.pending = 0;
                    return Err(self.changed());
                }
                Some(_) => {}
                None => {
                    (self.edges, self.found) = (0, 0);
                    self.pending = wires & !self.unknown;
                    self.unknown |= wires;
                }
            }
            self.ended = false;
        }
        if self.pending == 0 {
            return Ok(None);
        }
        let wire = self.pending.trailing_zeros();
        // Clears the lowest bit.
        self.pending &= self.pending - 1;
        // A mask of 32 bits: the number fits.
        Ok(Some(wire as u8))
    }

    /// These wires have this level from now on. False if the first pass saw no such edge.
    #[inline]
    fn give(&mut self, wires: u32, time: u64, level: bool) -> bool {
        self.edges = wires & different(self.levels, level);
        self.found = wires & self.unknown;
        self.unknown &= !wires;
        self.pending = self.edges | self.found;
        if self.edges == 0 {
            return true;
        }
        self.levels ^= self.edges;
        self.replayed.add(time, level, self.edges);
        self.replayed.edges <= self.seen.edges && time <= self.duration
    }

    fn changed(&self) -> Error {
        self.changes.error("it changed while it was read")
    }
}

/// The wires that are not at `level`, as a bit mask.
fn different(levels: u32, level: bool) -> u32 {
    if level { !levels } else { levels }
}

/// What one pass sees: the number of edges, and a hash of them. Two passes over the same file see the same.
#[derive(Debug, Default, PartialEq)]
struct Tally {
    edges: u64,
    hash: u64,
}

impl Tally {
    fn add(&mut self, time: u64, level: bool, wires: u32) {
        self.edges += u64::from(wires.count_ones());
        let edge = time << 1 ^ u64::from(level) ^ u64::from(wires) << 32;
        // An odd number without a pattern: 2⁶⁴ by the golden ratio.
        self.hash = (self.hash ^ edge)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(29);
    }
}

// What is left out is how it is read.
impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recording")
            .field("names", &self.names)
            .field("initial_levels", &self.initial_levels)
            .field("edges", &self.seen.edges)
            .field("unit", &self.unit)
            .field("duration", &self.duration)
            .field("step", &self.step)
            .finish_non_exhaustive()
    }
}
