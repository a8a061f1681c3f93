//! A serial receiver on one captured line: 8 data bits, no parity, one stop bit.
#![no_std]

use edgepipe::{Edge, Error, Reader};

const FRAME_BITS: u8 = 10;

/// Makes bytes of the edges of line 0, which is high when idle.
pub struct Receiver {
    reader: Reader,
    bit_ns: u64,
    frame: Option<Frame>,
    edges: [Edge; 16],
    /// The edges that are still to be decoded, as a part of `edges`.
    begin: usize,
    end: usize,
}

/// A frame that has begun, from its start bit to its stop bit.
struct Frame {
    start_ns: u64,
    bits: u16,
    /// How many bits are known.
    known: u8,
    /// The level since the last edge.
    level: bool,
}

impl Receiver {
    /// A receiver of what `reader` reads, at `baud` bits a second.
    pub fn new(reader: Reader, baud: u32) -> Self {
        Self {
            reader,
            bit_ns: 1_000_000_000 / u64::from(baud),
            frame: None,
            edges: [Edge::default(); 16],
            begin: 0,
            end: 0,
        }
    }

    /// The next byte, or `None` once the capture is closed. Blocks until there is one.
    ///
    /// The last bits of a byte may all be ones. Then it ends without an edge, and is returned when the next byte begins
    /// or the capture is closed. A byte in which edges were lost, or without a stop bit, is left out.
    pub fn byte(&mut self) -> Result<Option<u8>, Error> {
        loop {
            if self.begin == self.end {
                (self.begin, self.end) = (0, self.reader.read_edges(&mut self.edges)?);
            }
            let Some(edge) = self.edges[..self.end].get(self.begin) else {
                let last = self.frame.take();
                return Ok(last.and_then(|frame| frame.until(u64::MAX, self.bit_ns).byte()));
            };
            self.begin += 1;
            if let Some(byte) = Self::decode(&mut self.frame, edge, self.bit_ns) {
                return Ok(Some(byte));
            }
        }
    }

    /// Takes one edge, which may be the first of a frame and so end the one before.
    fn decode(frame: &mut Option<Frame>, edge: &Edge, bit_ns: u64) -> Option<u8> {
        let level = edge.level.into();
        let before = frame.take().filter(|_| edge.lost_before() == 0);
        let before = before.map(|frame| frame.until(edge.timestamp_ns, bit_ns));
        match before {
            Some(unfinished) if unfinished.known < FRAME_BITS => {
                *frame = Some(Frame {
                    level,
                    ..unfinished
                });
                None
            }
            finished => {
                *frame = (!level).then_some(Frame {
                    start_ns: edge.timestamp_ns,
                    bits: 0,
                    known: 0,
                    level,
                });
                finished.and_then(|frame| frame.byte())
            }
        }
    }
}

impl Frame {
    /// The frame with all its bits that ended before `ns`.
    fn until(mut self, ns: u64, bit_ns: u64) -> Self {
        let bits = (ns.saturating_sub(self.start_ns).saturating_add(bit_ns / 2)) / bit_ns;
        let bits = bits.min(FRAME_BITS.into()) as u8;
        while self.known < bits {
            self.bits |= u16::from(self.level) << self.known;
            self.known += 1;
        }
        self
    }

    /// The data bits, if all bits are known and the stop bit is there.
    fn byte(&self) -> Option<u8> {
        let stopped = self.known == FRAME_BITS && self.bits >> (FRAME_BITS - 1) == 1;
        stopped.then_some((self.bits >> 1) as u8)
    }
}
