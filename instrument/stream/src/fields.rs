//! The fields of a frame: numbers of any length, names, points, and edges.

use crate::frame::Frame;
use crate::{LINES_MAX, NAME_MAX, Point};

/// The most bytes of a number: 7 bits in each.
const NUMBER_MAX: usize = 10;

impl Frame {
    /// Adds a number: 7 bits a byte, the low ones first; the top bit is set in all bytes but the last.
    pub(crate) fn put_number(&mut self, mut number: u64) -> bool {
        let mut bytes = [0; NUMBER_MAX];
        let mut len = 0;
        for byte in &mut bytes {
            *byte = number as u8 | 0x80;
            number >>= 7;
            len += 1;
            if number == 0 {
                *byte &= 0x7f;
                break;
            }
        }
        self.put(bytes.get(..len).unwrap_or_default())
    }

    pub(crate) fn put_point(&mut self, point: Point) -> bool {
        self.put_number(point.number)
            && self.put_number(point.ticks)
            && self.put_number(point.levels.into())
    }

    /// Adds a name, cut to [`NAME_MAX`] bytes.
    pub(crate) fn put_name(&mut self, name: &str) -> bool {
        let name = (0..=NAME_MAX).rev().find_map(|len| name.get(..len));
        let name = name.unwrap_or_default();
        self.has_room(1 + name.len()) && self.put(&[name.len() as u8]) && self.put(name.as_bytes())
    }
}

/// Takes fields from the front of a frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields<'a>(pub(crate) &'a [u8]);

impl<'a> Fields<'a> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    pub(crate) fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            let shifted = bits << shift;
            if shifted >> shift != bits {
                return None;
            }
            number |= shifted;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    pub(crate) fn number32(&mut self) -> Option<u32> {
        self.number()?.try_into().ok()
    }

    pub(crate) fn point(&mut self) -> Option<Point> {
        Some(Point {
            number: self.number()?,
            ticks: self.number()?,
            levels: self.number32()?,
        })
    }

    pub(crate) fn name(&mut self) -> Option<&'a str> {
        let len = usize::from(self.byte()?);
        let (name, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        str::from_utf8(name).ok().filter(|_| len <= NAME_MAX)
    }
}

/// How an edge is a number: level, line and time since the edge before it, from the low bits up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EdgeCode {
    lines: u8,
    line_bits: u32,
}

impl EdgeCode {
    /// That of a stream with so many lines; `None` if there are none or too many.
    pub(crate) fn of(lines: usize) -> Option<Self> {
        (1..=LINES_MAX).contains(&lines).then(|| Self {
            lines: lines as u8,
            line_bits: lines.next_power_of_two().trailing_zeros(),
        })
    }

    pub(crate) fn lines(self) -> usize {
        self.lines.into()
    }

    /// Those of `levels` that are of a line.
    pub(crate) fn levels(self, levels: u32) -> u32 {
        levels & u32::MAX >> (LINES_MAX - self.lines())
    }

    /// `None` if the time is too long for a number.
    pub(crate) fn code(self, since: u64, line: u8, high: bool) -> Option<u64> {
        let shift = 1 + self.line_bits;
        let fits = since.leading_zeros() >= shift;
        fits.then_some(since << shift | u64::from(line) << 1 | u64::from(high))
    }

    /// The time since the edge before, the line and the level; `None` if there is no such line.
    pub(crate) fn decode(self, code: u64) -> Option<(u64, u8, bool)> {
        let line = (code >> 1 & ((1 << self.line_bits) - 1)) as u8;
        let edge = (code >> (1 + self.line_bits), line, code & 1 == 1);
        (line < self.lines).then_some(edge)
    }
}

/// The levels after an edge.
pub(crate) fn with_level(levels: u32, line: u8, high: bool) -> u32 {
    let bit = 1 << (u32::from(line) % u32::BITS);
    if high { levels | bit } else { levels & !bit }
}
