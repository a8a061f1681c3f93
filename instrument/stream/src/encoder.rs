//! The board's side.

use crate::fields::{EdgeCode, with_level};
use crate::frame::{ANY_SESSION, Frame, kind};
use crate::queue::Queue;
use crate::{Head, Point, VERSION};

/// Signs of life in a second, when there are no edges.
const SIGNS_PER_SECOND: u64 = 4;

/// Why the encoder did not take something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// There is no room until more bytes were transmitted. Leave the edge in the capture.
    Full,
    /// The stream has no such line.
    NoSuchLine,
    /// The head has no lines, or more than [`LINES_MAX`](crate::LINES_MAX), or its rate is 0.
    Head,
}

/// Makes a stream of bytes from edges. It has room for two frames and the edges of a third, in about 500 bytes of memory.
///
/// Nothing here blocks. If an ISR transmits while a thread gives edges, the caller has a lock around each call.
///
/// In a loop, the caller
///
/// 1. reads the clock;
/// 2. gives edges while [`has_room`](Self::has_room) and the capture has some. What is not taken stays in the
///    capture, which counts and marks its losses;
/// 3. calls [`tick`](Self::tick) with the time from step 1, if the capture was read empty;
/// 4. sends what [`transmit`](Self::transmit) gives.
#[derive(Debug)]
pub struct Encoder<'a> {
    head: Head<'a>,
    code: EdgeCode,
    /// The edges that are in no finished frame yet.
    frame: Frame,
    /// Edges that were lost before the next frame.
    lost: u64,
    /// After the last edge.
    point: Point,
    /// At the end of the last finished frame.
    finished: Point,
    queue: Queue,
    /// The part of the head to send next: 0 is the head itself, *n* are the names from line *n* − 1 on.
    head_part: Option<usize>,
    /// The head was sent once. No edge goes before it.
    announced: bool,
    /// What there is of edges and losses is to be sent, even if it does not fill a frame.
    flush: bool,
    /// A sign of life is to be sent.
    sign: bool,
    /// The time of the last tick, and that of the last head.
    now: u64,
    head_at: u64,
}

impl<'a> Encoder<'a> {
    /// Begins a session at time `now`, in ticks, when the lines have these levels. The head is sent first.
    ///
    /// # Errors
    ///
    /// [`Error::Head`].
    pub fn new(head: Head<'a>, now: u64, levels: u32) -> Result<Self, Error> {
        let code = EdgeCode::of(head.lines.len()).filter(|_| head.rate_hz > 0);
        let code = code.ok_or(Error::Head)?;
        let point = Point {
            number: 0,
            ticks: now,
            levels: code.levels(levels),
        };
        Ok(Self {
            head,
            code,
            frame: Frame::EMPTY,
            lost: 0,
            point,
            finished: point,
            queue: Queue::EMPTY,
            head_part: Some(0),
            announced: false,
            flush: false,
            sign: false,
            now,
            head_at: now,
        })
    }

    /// Whether the next [`gap`](Self::gap) and the [`edge`](Self::edge) after it are sure to be taken. Only these two use
    /// up room, the other functions do not.
    pub fn has_room(&self) -> bool {
        self.queue.has_place() && self.head_part.is_none()
    }

    /// Adds an edge: `line` (counted from 0) has this level from `ticks` on. An edge may be earlier than the one before
    /// it, as debounced ones are, but that costs a frame.
    ///
    /// # Errors
    ///
    /// [`Error::Full`], but not right after [`has_room`](Self::has_room); [`Error::NoSuchLine`].
    pub fn edge(&mut self, ticks: u64, line: u8, high: bool) -> Result<(), Error> {
        if usize::from(line) >= self.code.lines() {
            return Err(Error::NoSuchLine);
        }
        if !self.append(ticks, line, high) {
            self.finish_frame()?;
            self.begin_frame(ticks);
            self.append(ticks, line, high);
        }
        self.point.number += 1;
        self.point.ticks = ticks;
        self.point.levels = with_level(self.point.levels, line, high);
        Ok(())
    }

    /// Marks that edges were lost after the last edge; the lines had these levels afterwards.
    ///
    /// # Errors
    ///
    /// [`Error::Full`], but not right after [`has_room`](Self::has_room).
    pub fn gap(&mut self, lost: u32, levels: u32) -> Result<(), Error> {
        self.finish_frame()?;
        self.lost += u64::from(lost);
        self.point.number += u64::from(lost);
        self.point.levels = self.code.levels(levels);
        Ok(())
    }

    /// Tells that it is `now`, in ticks, and that all edges before were given. They are sent as soon as the line is free.
    /// Without edges, the host gets a sign of life four times a second. The head is repeated every second.
    pub fn tick(&mut self, now: u64) {
        self.now = now;
        self.flush();
        self.sign = self.is_sign_due();
        if now.saturating_sub(self.head_at) >= self.head.rate_hz.into() {
            self.announce();
        }
    }

    /// Has the edges so far sent as soon as the line is free. Without this or [`tick`](Self::tick), they are sent when they
    /// fill a frame.
    pub fn flush(&mut self) {
        self.flush = !self.frame.is_empty() || self.lost > 0;
    }

    /// Has the head sent again, for a host that asks.
    pub fn announce(&mut self) {
        self.head_part = self.head_part.or(Some(0));
        self.head_at = self.now;
    }

    /// Whether [`transmit`](Self::transmit) has something to send.
    pub fn has_output(&self) -> bool {
        !self.queue.is_empty() || self.head_part.is_some() || self.flush || self.sign
    }

    /// Puts the next bytes of the stream into `buffer`. Returns how many; 0 if there are none now.
    pub fn transmit(&mut self, buffer: &mut [u8]) -> usize {
        let mut sent = 0;
        while sent < buffer.len() && (!self.queue.is_empty() || self.next_frame()) {
            sent += self.queue.take(buffer.get_mut(sent..).unwrap_or_default());
        }
        sent
    }

    /// Makes the most urgent frame, if any is due. The queue is empty.
    fn next_frame(&mut self) -> bool {
        if let Some(part) = self.head_part {
            self.head_part = self.send_head(part);
            self.announced |= self.head_part.is_none();
        } else if self.flush || self.sign {
            // Without edges, it tells a loss, or that there was none.
            if self.frame.is_empty() {
                self.begin_frame(self.now.max(self.point.ticks));
            }
            return self.finish_frame().is_ok();
        } else {
            return false;
        }
        true
    }

    /// Sends one part of the head. Returns the next one.
    fn send_head(&mut self, part: usize) -> Option<usize> {
        let (mut frame, session, next) = match part.checked_sub(1) {
            None => {
                self.queue.separate();
                (self.head_frame(), ANY_SESSION, 0)
            }
            Some(first) => {
                let (frame, next) = self.names_frame(first);
                (frame, self.head.session, next)
            }
        };
        self.queue.push(&mut frame, session);
        (next < self.head.lines.len()).then_some(next + 1)
    }

    fn head_frame(&self) -> Frame {
        let mut frame = Frame::of(kind::HEAD);
        frame.put(&[VERSION, self.head.lines.len() as u8]);
        frame.put_number(self.head.session.into());
        frame.put_number(self.head.rate_hz.into());
        frame.put_point(self.finished);
        frame.put_name(self.head.device);
        frame
    }

    /// As many names as fit, from line `first` on, and the line after them.
    fn names_frame(&self, first: usize) -> (Frame, usize) {
        let mut frame = Frame::of(kind::NAMES);
        frame.put(&[first as u8]);
        let names = self.head.lines.iter().skip(first);
        let count = names.take_while(|name| frame.put_name(name)).count();
        (frame, first + count)
    }

    /// Adds an edge to the frame that has been begun, if there is one and it can hold it.
    fn append(&mut self, ticks: u64, line: u8, high: bool) -> bool {
        let since = ticks.checked_sub(self.point.ticks);
        let code = since.and_then(|since| self.code.code(since, line, high));
        !self.frame.is_empty() && code.is_some_and(|code| self.frame.put_number(code))
    }

    /// Begins a frame whose first edge is at this time.
    fn begin_frame(&mut self, ticks: u64) {
        self.point.ticks = ticks;
        self.frame = Frame::of(kind::EDGES);
        self.frame.put_number(self.lost);
        self.frame.put_point(self.point);
        self.lost = 0;
    }

    /// Puts the frame into the queue, if one has been begun.
    fn finish_frame(&mut self) -> Result<(), Error> {
        if self.frame.is_empty() {
            return Ok(());
        }
        if !self.queue.has_place() || !self.announced {
            return Err(Error::Full);
        }
        self.queue.push(&mut self.frame, self.head.session);
        self.finished = self.point;
        self.flush = false;
        self.sign = self.is_sign_due();
        Ok(())
    }

    /// Whether the host does not know yet that time has passed.
    fn is_sign_due(&self) -> bool {
        let period = u64::from(self.head.rate_hz) / SIGNS_PER_SECOND;
        self.now.saturating_sub(self.finished.ticks) > period
    }
}
