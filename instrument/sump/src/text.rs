//! A loss as asynchronous serial text, for the client's UART decoder: 8 data bits, no parity, 1 stop bit.

/// So many samples long is a bit: the decoder's baud rate is the sample rate divided by this.
const BIT: u64 = 4;
/// A start bit, eight data bits, a stop bit.
const FRAME: u64 = 10;
/// `LOST 4294967295` and a newline.
const BYTES_MAX: usize = 16;
/// The length of the longest text.
pub(crate) const SAMPLES_MAX: u64 = BYTES_MAX as u64 * FRAME * BIT;

/// `LOST `, a number, and a newline.
#[derive(Debug)]
pub(crate) struct Text {
    /// In reverse: a number is worked out from its last digit.
    bytes: [u8; BYTES_MAX],
    len: usize,
}

impl Text {
    pub(crate) const EMPTY: Self = Self {
        bytes: [0; BYTES_MAX],
        len: 0,
    };

    pub(crate) fn new(mut lost: u32) -> Self {
        let mut text = Self::EMPTY;
        text.prepend(b'\n');
        loop {
            text.prepend(b'0' + (lost % 10) as u8);
            lost /= 10;
            if lost == 0 {
                break;
            }
        }
        b" TSOL".iter().for_each(|&byte| text.prepend(byte));
        text
    }

    fn prepend(&mut self, byte: u8) {
        self.bytes[self.len] = byte;
        self.len += 1;
    }

    /// The level so many samples after the beginning, and how many samples ago it became due.
    pub(crate) fn level(&self, sample: u64) -> (bool, u64) {
        let end = self.len as u64 * FRAME * BIT;
        if sample >= end {
            return (true, sample - end);
        }
        let bit = sample / BIT;
        let byte = self.bytes[self.len - 1 - (bit / FRAME) as usize];
        let level = match bit % FRAME {
            0 => false,
            9 => true,
            data => byte >> (data - 1) & 1 != 0,
        };
        (level, sample % BIT)
    }
}
