//! Finished frames, on their way to the line.

use crate::FRAME_MAX;
use crate::frame::Frame;

/// Two frames, of which the first is partly transmitted.
#[derive(Debug)]
pub(crate) struct Queue {
    bytes: [u8; 2 * FRAME_MAX],
    /// Those from `start` to `end` are not transmitted yet.
    start: usize,
    end: usize,
}

impl Queue {
    pub(crate) const EMPTY: Self = Self {
        bytes: [0; 2 * FRAME_MAX],
        start: 0,
        end: 0,
    };

    pub(crate) fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Whether there is a place for a frame.
    pub(crate) fn has_place(&self) -> bool {
        self.end - self.start <= FRAME_MAX
    }

    /// Adds a frame and empties it. There is a place for it.
    pub(crate) fn push(&mut self, frame: &mut Frame, session: u32) {
        self.bytes.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        let free = self.bytes.get_mut(self.end..).unwrap_or_default();
        self.end += frame.seal(session, free);
    }

    /// Adds a zero, which ends whatever else was on the line, such as the text of a boot loader. The queue is empty.
    pub(crate) fn separate(&mut self) {
        (self.start, self.end) = (0, 1);
        self.bytes[0] = 0;
    }

    /// Moves as many bytes into `buffer` as there are, or as fit. Returns how many.
    pub(crate) fn take(&mut self, buffer: &mut [u8]) -> usize {
        let from = self.bytes.get(self.start..self.end).unwrap_or_default();
        let count = buffer.len().min(from.len());
        buffer
            .iter_mut()
            .zip(from)
            .for_each(|(to, from)| *to = *from);
        self.start += count;
        count
    }
}
