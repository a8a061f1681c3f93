//! Makes edges of records: adds holes to the edges that follow them, extends times, and keeps the levels.

use crate::channel::WeakReader;
use crate::record::{self, Gap, Record};
use crate::sys::clock::Ratio;
use crate::{Edge, Error, RECORD_BYTES};

/// Makes [`Edge`]s of records that were read as bytes, such as from a capture's [pipe](crate::Reader::pipe). A
/// [`Reader`](crate::Reader) has one of its own for `read_edges`; [`Reader::decoder`](crate::Reader::decoder) makes
/// another.
///
/// It must get every record, in order.
#[derive(Clone, Debug)]
pub struct Decoder {
    capture: WeakReader,
    /// The hole since the last edge.
    gap: Option<Gap>,
    /// The level of each line before the next record.
    levels: u32,
    /// Time of the latest edge, in cycles: some counters step back a little, but time cannot.
    latest: u64,
    /// The debounced lines, whose edges can have earlier times than those before them.
    debounced: u32,
}

impl Decoder {
    pub(crate) const fn new(capture: WeakReader, debounced: u32) -> Self {
        Self {
            capture,
            gap: None,
            levels: 0,
            latest: 0,
            debounced,
        }
    }

    /// The capture begins with these levels.
    pub(crate) const fn begin(&mut self, levels: u32) {
        self.levels = levels;
    }

    /// Decodes one record; `None` for a gap record, which becomes part of the next edge. Thread only, never blocks.
    ///
    /// # Errors
    ///
    /// [`Error::BAD_HANDLE`] when the reader is gone.
    pub fn decode(&mut self, record: [u8; RECORD_BYTES]) -> Result<Option<Edge>, Error> {
        let clock = self.capture.clock_end()?;
        let mut edge = Edge::default();
        Ok(self.decode_into(&mut edge, record, clock).then_some(edge))
    }

    /// The level of each line before the next record, line 0 in bit 0.
    pub const fn levels(&self) -> u32 {
        self.levels
    }

    /// As [`decode`](Self::decode), with what `WeakReader::clock_end` returned after the record was read; returns
    /// whether it has written `edge`.
    #[inline]
    pub(crate) fn decode_into(
        &mut self,
        edge: &mut Edge,
        record: [u8; RECORD_BYTES],
        (end, to_ns): (u64, Ratio),
    ) -> bool {
        match Record::of(record) {
            Record::Edge {
                cycles,
                line,
                level,
                sequence,
            } => {
                let bit = 1 << (line & 31);
                self.levels = self.levels & !bit | (bool::from(level) as u32) << (line & 31);
                *edge = Edge {
                    timestamp_ns: to_ns.scale(self.time(line, cycles, end)),
                    gap: self.gap.take(),
                    line,
                    level,
                    sequence,
                };
                true
            }
            Record::Gap { lost, levels } => {
                self.gap = Some(Gap { lost, levels }.after(self.gap));
                self.levels = levels;
                false
            }
        }
    }

    /// The time of an edge, in cycles. A counter may step back a little, but time does not. A debounced edge has the
    /// time of its first interrupt, which was before edges that were stored meanwhile.
    pub(super) fn time(&mut self, line: u8, cycles: u64, end: u64) -> u64 {
        let time = record::extend_cycles(cycles, end);
        if self.debounced.checked_shr(line.into()).unwrap_or(0) & 1 == 1 {
            return time;
        }
        self.latest = self.latest.max(time);
        self.latest
    }
}
