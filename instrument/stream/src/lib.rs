//! A stream of edges without end: a board sends it over any line of bytes, and a host reads it.
//!
//! The board has an [`Encoder`], the host a [`Decoder`]. Neither allocates, blocks or knows a platform. An edge takes two
//! or three bytes. The stream tells where edges were lost, and how many: those that the board lost, and those that were
//! damaged or lost on the line. It tells when the board was reset. A host may join at any time.
//!
//! ```
//! use edgepipe_stream::{Decoder, Encoder, Event, Head};
//!
//! let lines = &["TX", "RX"];
//! let head = Head { session: 1, rate_hz: 1_000_000, device: "board", lines };
//! let mut encoder = Encoder::new(head, 0, 0b01).unwrap();
//! let mut bytes = [0; 200];
//! let mut sent = encoder.transmit(&mut bytes); // the head
//! encoder.edge(104, 0, false).unwrap();
//! encoder.flush();
//! sent += encoder.transmit(&mut bytes[sent..]);
//!
//! let mut edges = 0;
//! Decoder::new().decode(&bytes[..sent], |event| match event {
//!     Event::Head(head, _) => assert_eq!(head.lines, ["TX", "RX"]),
//!     Event::Edge { ticks: 104, line: 0, high: false } => edges += 1,
//!     _ => {}
//! });
//! assert_eq!(edges, 1);
//! ```
//!
//! # On the line
//!
//! A frame is [COBS](https://en.wikipedia.org/wiki/Consistent_Overhead_Byte_Stuffing) of a kind, fields and a CRC-32,
//! and a zero byte ends it: at most [`FRAME_MAX`] bytes. So a damaged byte costs one frame, or two if it is a zero.
//!
//! | kind | fields |
//! |---|---|
//! | `H`: head | version `u8`, lines `u8`, session, rate in Hz, *point*, device's *name* |
//! | `N`: names | first line `u8`, *names* of this line and those after it |
//! | `E`: edges | edges that the board lost just before, *point* before the first edge, *edges* |
//!
//! | field | what it is |
//! |---|---|
//! | number | 7 bits a byte, the low ones first; the top bit is set in all bytes but the last. All fields without another type are numbers |
//! | name | its length `u8`, and as many bytes of UTF-8 |
//! | point | edges of the session so far, with those lost; ticks; levels of all lines, line 0 in bit 0 |
//! | edge | a number: level in bit 0; line in the next bits, as many as the largest line needs; above, the ticks since the edge before, or since the point |
//!
//! The head comes first, with the names behind it, and again every second. A frame of edges has its own place, time and
//! levels, so it is understood without the frames before it. Without edges it is a sign of life.
//!
//! The CRC is that of Ethernet (CRC-32/ISO-HDLC), least significant byte first, over the kind and the fields. Its register
//! begins with the bits of the session's number inverted; that of a head, with all ones.
//!
//! # What is certain
//!
//! - A whole frame of another session is always refused, because its checksum begins with another number.
//! - A damaged frame is refused. If the damage is one run of up to 32 bits, and no byte is or becomes a zero or one of the
//!   bytes that COBS adds, that is certain. Else one of 2³² damaged frames is taken for good, if its fields make sense, too.
//! - A frame is taken as a whole, or nothing of it.
//! - The number of edges that are missing is exact, at the next frame that is understood.
#![no_std]
#![forbid(unsafe_code)]

mod decoder;
mod encoder;
mod fields;
mod frame;
mod queue;
mod session;

pub use decoder::{Cause, Decoder, Event};
pub use encoder::{Encoder, Error};

/// The version of the protocol.
const VERSION: u8 = 1;

/// The most lines of a stream.
pub const LINES_MAX: usize = 32;

/// The most bytes of a name, of a line or of the device. The encoder cuts longer ones.
pub const NAME_MAX: usize = 24;

/// The most bytes of a frame on the line, with the zero that ends it.
pub const FRAME_MAX: usize = 128;

/// What a stream is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head<'a> {
    /// Any number that the device did not use when it started the last time, such as a random one or the cycle counter.
    /// By this the host tells that the device was reset.
    pub session: u32,
    /// Ticks in a second, at least 1.
    pub rate_hz: u32,
    /// The device's name.
    pub device: &'a str,
    /// The names of the lines, 1 to [`LINES_MAX`] of them.
    pub lines: &'a [&'a str],
}

/// A place in the stream.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Point {
    /// Edges of the session before this place, with those that were lost.
    pub number: u64,
    /// The time, in ticks.
    pub ticks: u64,
    /// The levels of all lines: bit *n* is line *n*, 1 is high.
    pub levels: u32,
}
