//! The built-in stimulus: a serial port sends "Hello", and a bouncing button is pressed.

use crate::{Event, Stimulus};

/// Names of the two lines.
pub const LINES: [&str; 2] = ["TX", "BUTTON"];

/// The serial line idles high, the button is not pressed.
pub const INITIAL_LEVELS: u32 = 0b01;

const TX: u8 = 0;
const BUTTON: u8 = 1;

const TEXT: &[u8] = b"Hello";
const TEXT_AT_US: u64 = 1_000;
/// 9600 baud, in nanoseconds a bit.
const BIT_NS: u64 = 104_167;
/// Start bit, eight data bits, stop bit.
const FRAME_BITS: usize = 10;

/// When the button's contact changes: it bounces when pressed and when released.
const BUTTON_AT_US: [u64; 12] = [
    9_000, 9_120, 9_310, 9_480, 9_520, 9_900, 10_050, 48_000, 48_200, 48_350, 48_700, 48_790,
];

/// The built-in stimulus, from its beginning.
#[derive(Clone, Debug, Default)]
pub struct Builtin {
    /// Serial bits already sent.
    bits: usize,
    /// Button changes already made.
    changes: usize,
}

impl Builtin {
    /// The next change of the serial line, and the number of bits up to and including it.
    fn next_serial(&self) -> Option<(Event, usize)> {
        let total = TEXT.len() * FRAME_BITS;
        let bit = (self.bits..total).find(|&bit| level(bit) != (bit == 0 || level(bit - 1)))?;
        let at_us = TEXT_AT_US + bit as u64 * BIT_NS / 1_000;
        Some((
            Event {
                at_us,
                line: TX,
                high: level(bit),
            },
            bit + 1,
        ))
    }

    fn next_button(&self) -> Option<Event> {
        let at_us = *BUTTON_AT_US.get(self.changes)?;
        Some(Event {
            at_us,
            line: BUTTON,
            high: self.changes.is_multiple_of(2),
        })
    }
}

/// The level of the serial line at `bit`, counted over all frames, least significant bit first.
fn level(bit: usize) -> bool {
    match bit % FRAME_BITS {
        0 => false,
        9 => true,
        data => TEXT[bit / FRAME_BITS] >> (data - 1) & 1 == 1,
    }
}

impl Stimulus for Builtin {
    fn next(&mut self) -> Option<Event> {
        let button = self.next_button();
        match self.next_serial() {
            Some((event, bits)) if button.is_none_or(|button| event.at_us <= button.at_us) => {
                self.bits = bits;
                Some(event)
            }
            _ => {
                self.changes += usize::from(button.is_some());
                button
            }
        }
    }
}
