//! Records: eight bytes for every edge, and a gap record wherever edges were lost. Samples have records of other formats.
//!
//! An edge's record is a little-endian 64-bit word, so it reads the same from Rust, from C and from a file:
//!
//! | bits | edge | gap |
//! |---|---|---|
//! | 0–31 | time: the cycle counter | level of every line after the gap, line 0 in bit 0 |
//! | 32–47 | half wraps of the counter so far, or one less | number of edges lost, bits 0–15 |
//! | 48–52 | line | 0 |
//! | 53 | new level | 0 |
//! | 54–55 | kind: 0 | kind: 1 |
//! | 56–63 | sequence number | number of edges lost, bits 16–23 (saturating) |
//!
//! Bits 32–47 are the half wraps that were counted when the clock was last advanced, less than half a wrap before the
//! edge. They are one less than the true count if bit 32 differs from bit 31. So the interrupt handler need not count.
//! (They are the count of a slightly earlier time, because some counters step back a little.) The sequence number is at
//! the top, so that counting it is one addition, whose overflow reaches no other field.
//!
//! Together these are 47 bits of time: 39 hours at 1 GHz, 25 days at 64 MHz. In practice they do not wrap while a
//! record waits to be read.
//!
//! A sample without a time is just its value: 1, 2 or 4 bytes, little-endian. One with a time has the time of an edge's
//! record in bits 0–47. Its value is in bits 48–63 if it has at most 16 bits; else in the lower half of a second word,
//! whose upper half is 0, and bits 48–63 are 0. Samples have no gap records: a read ends before a hole instead, and
//! [`Reader::gap`](crate::Reader::gap) tells of it.

/// Size of one record of a capture of edges.
pub const RECORD_BYTES: usize = 8;

/// Bits of an edge's time.
pub(crate) const TIME_BITS: u32 = 47;
pub(crate) const TIME_MASK: u64 = (1 << TIME_BITS) - 1;
const HALF_WRAP_BITS: u32 = 31;
const HALF_WRAPS_SHIFT: u32 = 32;
const LINE_SHIFT: u32 = 48;
const LEVEL_SHIFT: u32 = LINE_SHIFT + LEVEL_BIT;
/// The bit of the level, in the byte of line and level.
pub(crate) const LEVEL_BIT: u32 = 5;
const KIND_SHIFT: u32 = 54;
const KIND_MASK: u64 = 3;
const KIND_EDGE: u64 = 0;
const KIND_GAP: u64 = 1;
const SEQUENCE_SHIFT: u32 = 56;
const LOST_LOW_SHIFT: u32 = 32;

/// The form of a capture's records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Format {
    pub(crate) kind: Kind,
    /// Binary logarithm of the bytes in a record.
    pub(crate) shift: u8,
}

/// What a capture's records are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Edges and gap records.
    Edges,
    /// Samples without times.
    Samples,
    TimedSamples,
}

impl Format {
    /// That of a channel that is not in use: all zero.
    pub(crate) const NONE: Self = Self {
        kind: Kind::Edges,
        shift: 0,
    };

    /// That of edges.
    pub(crate) const EDGES: Self = Self {
        kind: Kind::Edges,
        shift: RECORD_BYTES.trailing_zeros() as u8,
    };

    /// Bytes in a record.
    pub(crate) const fn bytes(self) -> usize {
        1 << self.shift
    }

    /// The value of a sample's record, and the low bits of its time in cycles, if it has one.
    pub(crate) fn sample(self, record: &[u8]) -> (u32, Option<u64>) {
        let word = |bytes: Option<&[u8]>| {
            let bytes = bytes.unwrap_or_default().iter().take(size_of::<u64>());
            let bits = |word, (shift, byte): (u32, &u8)| word | u64::from(*byte) << (8 * shift);
            (0..).zip(bytes).fold(0, bits)
        };
        let first = word(Some(record));
        if self.kind != Kind::TimedSamples {
            return (first as u32, None);
        }
        let value = match record.get(size_of::<u64>()..) {
            None | Some([]) => (first >> TIME_FIELD_BITS) as u32,
            second => word(second) as u32,
        };
        (value, Some(cycles(first)))
    }
}

/// Bits of a record that hold the time.
pub(crate) const TIME_FIELD_BITS: u32 = 48;

/// The largest loss one gap record can state; a larger one is stated as this.
pub const GAP_LOST_MAX: u32 = (1 << 24) - 1;

/// Level of a line, after the inversion that `GPIO_ACTIVE_LOW` asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Level {
    /// Logical 0, inactive.
    #[default]
    Low,
    /// Logical 1, active.
    High,
}

impl From<bool> for Level {
    fn from(high: bool) -> Self {
        if high { Self::High } else { Self::Low }
    }
}

impl From<Level> for bool {
    fn from(level: Level) -> Self {
        level == Level::High
    }
}

/// A hole in a capture: edges were lost here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Gap {
    /// How many.
    pub lost: u32,
    /// The level of every line after the hole, line 0 in bit 0.
    pub levels: u32,
}

impl Gap {
    /// This hole and those `before` it, as one.
    pub(crate) fn after(self, before: Option<Self>) -> Self {
        let lost = before.map_or(0, |gap| gap.lost).saturating_add(self.lost);
        Self { lost, ..self }
    }

    /// This hole, and behind it `record`, as one.
    pub(crate) fn with(self, record: Record) -> Self {
        match record {
            Record::Edge { line, level, .. } => {
                let (bit, high) = (1 << line, u32::from(bool::from(level)) << line);
                let levels = self.levels & !bit | high;
                Self { lost: 1, levels }.after(Some(self))
            }
            Record::Gap { lost, levels } => Self { lost, levels }.after(Some(self)),
        }
    }
}

/// One edge of one line, as a reader sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Edge {
    /// When the interrupt handler saw the edge, in nanoseconds of the capture's clock, rounded down.
    ///
    /// Monotonic across wraps of the counter. The origin is that of Zephyr's uptime if the counter starts with the
    /// kernel. Resolution: one cycle of the clock.
    pub timestamp_ns: u64,
    /// The hole directly before this edge; `None` almost always.
    pub gap: Option<Gap>,
    /// Index of the line in the slice given to [`EdgeDevice::open`](crate::EdgeDevice::open).
    pub line: u8,
    /// The level that the edge led to.
    pub level: Level,
    /// Low eight bits of the edge's number: the first has 1, and lost ones count.
    pub sequence: u8,
}

impl Edge {
    /// How many edges were lost directly before this one.
    pub const fn lost_before(&self) -> u32 {
        match self.gap {
            Some(gap) => gap.lost,
            None => 0,
        }
    }
}

/// One record of the byte stream, decoded; [`as_chunks`](slice::as_chunks) splits what was read into records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Record {
    /// An edge.
    Edge {
        /// Low 47 bits of the time, in cycles.
        cycles: u64,
        /// Line index, 0–31.
        line: u8,
        /// The level that the edge led to.
        level: Level,
        /// Low eight bits of the edge's number: the first has 1, and lost ones count.
        sequence: u8,
    },
    /// Edges were lost here.
    Gap {
        /// How many, saturating at [`GAP_LOST_MAX`].
        lost: u32,
        /// The level of every line after the gap, line 0 in bit 0.
        levels: u32,
    },
}

impl Record {
    /// Decodes one record.
    ///
    /// ```
    /// use edgepipe::{Level, record::Record};
    ///
    /// // Line 3 went high after 1000 cycles; it was the second edge.
    /// let bytes = [0xe8, 0x03, 0, 0, 0, 0, 3 | 1 << 5, 2];
    /// let edge = Record::Edge { cycles: 1_000, line: 3, level: Level::High, sequence: 2 };
    /// assert_eq!(Record::decode(bytes), Ok(edge));
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::INVALID_INPUT`](crate::Error::INVALID_INPUT) for a kind that this version does not
    /// know; no capture writes one.
    pub const fn decode(bytes: [u8; RECORD_BYTES]) -> Result<Self, crate::Error> {
        match kind(bytes) {
            KIND_EDGE | KIND_GAP => Ok(Self::of(bytes)),
            _ => Err(crate::Error::INVALID_INPUT),
        }
    }

    /// Decodes a record that this crate encoded.
    #[inline]
    pub(crate) const fn of(bytes: [u8; RECORD_BYTES]) -> Self {
        let word = u64::from_le_bytes(bytes);
        if is_gap(bytes) {
            return Self::Gap {
                lost: (word >> LOST_LOW_SHIFT) as u16 as u32
                    | ((word >> SEQUENCE_SHIFT) as u32) << 16,
                levels: word as u32,
            };
        }
        Self::Edge {
            cycles: cycles(word),
            line: ((word >> LINE_SHIFT) & 0x1f) as u8,
            level: if (word >> LEVEL_SHIFT) & 1 == 1 {
                Level::High
            } else {
                Level::Low
            },
            sequence: (word >> SEQUENCE_SHIFT) as u8,
        }
    }
}

const fn kind(bytes: [u8; RECORD_BYTES]) -> u64 {
    u64::from_le_bytes(bytes) >> KIND_SHIFT & KIND_MASK
}

/// Whether a record that this crate encoded is a gap record.
pub(crate) const fn is_gap(bytes: [u8; RECORD_BYTES]) -> bool {
    kind(bytes) == KIND_GAP
}

/// The time of an edge, in cycles.
pub(crate) const fn cycles(word: u64) -> u64 {
    let (counter, counted) = (word as u32, (word >> HALF_WRAPS_SHIFT) as u16);
    let passed = (counter >> HALF_WRAP_BITS) as u16 ^ counted & 1;
    let wraps = counted.wrapping_add(passed) >> 1;
    (wraps as u64) << u32::BITS | counter as u64
}

/// The byte of line and level of an edge; `line` is below 32.
pub(crate) const fn line_and_level(line: u8, high: bool) -> u8 {
    line | (high as u8) << LEVEL_BIT
}

/// The line and the level in that byte.
pub(crate) fn line_of(line_and_level: u8) -> (u32, bool) {
    let line = u32::from(line_and_level) & 0x1f;
    (line, line_and_level >> LEVEL_BIT & 1 == 1)
}

/// Encodes a gap of `lost` edges.
pub(crate) fn encode_gap(lost: u32, levels: u32) -> u64 {
    let lost = lost.min(GAP_LOST_MAX) as u64;
    levels as u64
        | (lost & 0xffff) << LOST_LOW_SHIFT
        | KIND_GAP << KIND_SHIFT
        | lost >> 16 << SEQUENCE_SHIFT
}

/// How far a counter may step back, in cycles. Cortex-M's steps back by about a hundred when Zephyr sets the next
/// time-out just before the counter wraps (`sys_clock_set_timeout` in `cortex_m_systick.c`).
pub(crate) const STEP_BACK_MAX: u64 = 1 << 20;

/// The upper half of a record, without its line and level: nearby edges differ there only in the sequence number.
#[derive(Clone, Copy)]
pub(crate) struct RecordHeader(u32);

impl RecordHeader {
    /// The header of a channel that is not in use: all zero, see `Deadline::unused`.
    pub(crate) const UNUSED: Self = Self(0);

    /// For edge number `sequence`, from [`STEP_BACK_MAX`] before `cycles` until half a wrap after that.
    pub(crate) const fn new(cycles: u64, sequence: u8) -> Self {
        // Right after the start this is one less than 0, which decodes like one less than any other count.
        let half_wraps = (cycles.wrapping_sub(STEP_BACK_MAX) >> HALF_WRAP_BITS) as u16;
        Self(half_wraps as u32 | (sequence as u32) << (SEQUENCE_SHIFT - 32))
    }

    /// The header of the next edge.
    #[inline]
    pub(crate) const fn next(self) -> Self {
        Self(self.0.wrapping_add(1 << (SEQUENCE_SHIFT - 32)))
    }

    /// The number of this edge.
    #[inline]
    pub(crate) const fn sequence(self) -> u8 {
        (self.0 >> (SEQUENCE_SHIFT - 32)) as u8
    }

    /// A time whose low word is `cycles`, as in the record of an edge; the other bits are 0.
    #[inline]
    pub(crate) const fn time(self, cycles: u32) -> u64 {
        (self.0 as u16 as u64) << 32 | cycles as u64
    }

    /// The record of an edge at a time whose low word is `cycles`, with its byte of line and level.
    #[inline]
    pub(crate) const fn edge(self, cycles: u32, line_and_level: u8) -> u64 {
        let high = self.0 | (line_and_level as u32) << (LINE_SHIFT - 32);
        (high as u64) << 32 | cycles as u64
    }
}

/// How long ago a record's time was, in cycles; 0 if it is later than `now`, because the counter has stepped back.
pub(crate) const fn age(cycles: u64, now: u64) -> u64 {
    let age = now.wrapping_sub(cycles) & TIME_MASK;
    if age >> (TIME_BITS - 1) == 0 { age } else { 0 }
}

/// Restores the high bits of a record's time: the latest time not after `end` with these low bits.
pub(crate) const fn extend_cycles(cycles: u64, end: u64) -> u64 {
    match end.checked_sub(end.wrapping_sub(cycles) & TIME_MASK) {
        Some(time) => time,
        // There is none: the clock was not advanced for too long, and the time is wrong anyway.
        None => cycles,
    }
}
