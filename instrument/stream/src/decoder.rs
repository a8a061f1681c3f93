//! The host's side.

use crate::fields::Fields;
use crate::frame::{ANY_SESSION, checked, kind, open};
use crate::session::{HeadFrame, Session};
use crate::{FRAME_MAX, Head, Point};

/// What the stream tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// The first event, and the one after each [`Event::Restart`]: what the stream is about, and where it is.
    Head(Head<'a>, Point),
    /// The device was reset. How many edges were lost at the end of its last session is unknown.
    Restart,
    /// A line changed.
    Edge {
        /// When, in ticks.
        ticks: u64,
        /// Which line, counted from 0.
        line: u8,
        /// Its level from then on.
        high: bool,
    },
    /// Edges were lost, after the last edge.
    Loss {
        /// How many.
        lost: u64,
        /// The levels of all lines after the loss.
        levels: u32,
        /// When the lines had these levels, in ticks, at the latest.
        until: u64,
        /// Where they were lost.
        cause: Cause,
    },
    /// There were no more edges until this time, in ticks.
    Alive {
        /// The time.
        ticks: u64,
    },
    /// The device speaks this version of the protocol, which the decoder does not know.
    Version(u8),
}

/// Where edges were lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// On the board: the capture had no room for them.
    Board,
    /// On the way: frames were damaged or did not come. Edges that the board lost are among them, if the frame that told
    /// so did not come.
    Line,
}

/// Reads a stream of bytes.
#[derive(Debug)]
pub struct Decoder {
    frame: [u8; FRAME_MAX],
    /// Bytes of the frame so far; more than there is room for, if it is too long.
    len: usize,
    session: Option<Session>,
    refused: u64,
    in_doubt: bool,
}

impl Default for Decoder {
    fn default() -> Self {
        Self::new()
    }
}

impl Decoder {
    /// A decoder that waits for a head.
    pub const fn new() -> Self {
        Self {
            frame: [0; FRAME_MAX],
            len: 0,
            session: None,
            refused: 0,
            in_doubt: false,
        }
    }

    /// Reads the next bytes, in pieces of any size, and tells `sink` what they say.
    pub fn decode(&mut self, bytes: &[u8], mut sink: impl FnMut(Event<'_>)) {
        for &byte in bytes {
            if byte != 0 {
                if let Some(place) = self.frame.get_mut(self.len) {
                    *place = byte;
                }
                self.len = self.len.saturating_add(1);
            } else if self.len > 0 {
                self.in_doubt = self.read_frame(&mut sink).is_none();
                self.refused += u64::from(self.in_doubt);
                self.len = 0;
            }
        }
    }

    /// How many frames were not understood: damaged, of another session or protocol, or from before the first head.
    pub fn refused(&self) -> u64 {
        self.refused
    }

    /// Whether the last frame was not understood, or is not complete. Then edges may be missing that no frame has counted
    /// yet.
    pub fn in_doubt(&self) -> bool {
        self.in_doubt || self.len > 0
    }

    fn read_frame(&mut self, sink: &mut impl FnMut(Event<'_>)) -> Option<()> {
        let frame = open(self.frame.get_mut(..self.len)?)?;
        match *frame.first()? {
            kind::HEAD => {
                let fields = Fields(checked(ANY_SESSION, frame)?);
                read_head(&mut self.session, HeadFrame::parse(fields)?, sink);
                Some(())
            }
            kind => {
                let session = self.session.as_mut()?;
                let fields = Fields(checked(session.id(), frame)?);
                match kind {
                    kind::NAMES => session.names(fields, sink),
                    kind::EDGES if session.joined => session.edges(fields, sink),
                    _ => None,
                }
            }
        }
    }
}

fn read_head(
    session: &mut Option<Session>,
    head: Result<HeadFrame, u8>,
    sink: &mut impl FnMut(Event<'_>),
) {
    let head = match head {
        Ok(head) => head,
        Err(version) => return sink(Event::Version(version)),
    };
    if let Some(session) = session
        && session.repeated(head, sink)
    {
        return;
    }
    let last = session.as_ref();
    if last.is_some_and(|last| last.joined) {
        sink(Event::Restart);
    }
    let follows = last.is_some_and(|last| last.joined || last.follows);
    *session = Some(Session::new(head, follows));
}
