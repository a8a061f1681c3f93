//! The interrupt handler of the lines of one port.

use zephyr::sync::atomic::{AtomicU8, AtomicU32, Ordering::Relaxed};

use crate::{
    LINES_MAX, Line, LineError, Trigger,
    channel::{Channel, Fast, Intake},
    record::LEVEL_BIT,
    sys::gpio::{Handler, PINS_MAX, Port},
};

/// The lines of one port: all that the interrupt handler needs to know.
pub(crate) struct PortLines {
    channel: &'static Channel,
    port: Port,
    /// Pins whose logical level is the opposite of the physical one. Atomic, as those below, because
    /// lines are added where the handler stays; that costs nothing.
    inverted: AtomicU32,
    /// What each pin is expected to do next: line and level of its next record, as they are in a
    /// record, and below for some pins one bit more.
    ///
    /// The channel's lock is what orders access to these; that they are atomic costs nothing.
    next: [AtomicU8; PINS_MAX],
}

const LEVEL: u8 = 1 << LEVEL_BIT;
const LINE_AND_LEVEL: u8 = LEVEL | (LEVEL - 1);
/// The pin is not captured here.
const OTHER: u8 = LEVEL << 2;
/// All edges of the pin lead to the level of its next record, for only these interrupt.
const SAME: u8 = LEVEL << 1;
/// There was no such edge yet: the pin is at the other level.
const FIRST: u8 = LEVEL << 2;

impl Handler for PortLines {
    fn port(&self) -> Port {
        self.port
    }

    #[inline]
    fn handle(&self, pins: u32) {
        let mut fast = self.channel.fast();
        let levels = match self.port.read() {
            Ok(physical) => physical ^ self.inverted.load(Relaxed),
            Err(_) => return self.handle_fully(fast, pins, None),
        };
        if pins & pins.wrapping_sub(1) != 0 {
            return self.handle_fully(fast, pins, Some(levels));
        }
        let pin = pins.trailing_zeros();
        let next = self.next(pin);
        if is_like(next, levels >> pin) {
            if fast.push(next) {
                return self.expect(pin, next ^ LEVEL);
            }
            if fast.reach(next) {
                self.expect(pin, next ^ LEVEL);
                return fast.wake();
            }
        } else if next & SAME != 0 && fast.push(next & LINE_AND_LEVEL) {
            return self.expect(pin, next & !FIRST);
        }
        self.handle_fully(fast, pins, Some(levels));
    }
}

impl PortLines {
    /// Before [`add`](Self::add).
    pub(super) const fn new(channel: &'static Channel, port: Port) -> Self {
        Self {
            channel,
            port,
            inverted: AtomicU32::new(0),
            next: [const { AtomicU8::new(OTHER) }; PINS_MAX],
        }
    }

    /// Adds those of `lines` that are on the port and not debounced, until [`begin`](Self::begin) of
    /// no level; returns their pins. To be called once, before any of them interrupts.
    pub(super) fn add(&self, lines: &[Line]) -> u32 {
        let (mut pins, mut inverted) = (0, 0);
        for (index, line) in (0..).zip(lines) {
            if line.is_debounced() || line.pin.port() != self.port {
                continue;
            }
            pins |= line.pin.mask();
            if line.pin.is_active_low() {
                inverted |= line.pin.mask();
            }
            let trigger = match line.trigger {
                Trigger::Both => 0,
                Trigger::Rising => SAME | LEVEL,
                Trigger::Falling => SAME,
            };
            self.expect(line.pin.number().into(), index | trigger);
        }
        self.inverted.store(inverted, Relaxed);
        pins
    }

    /// Expects the first edges, from the levels of now. To be called with the channel's lock held.
    ///
    /// # Errors
    ///
    /// When the controller does not tell its levels.
    pub(crate) fn begin(&self) -> Result<(), LineError> {
        let levels = match self.port.read() {
            Ok(physical) => physical ^ self.inverted.load(Relaxed),
            Err(error) => {
                let line = self.first();
                return Err(LineError { line, error });
            }
        };
        for (pin, next) in self.ours() {
            let high = levels >> pin & 1 == 1;
            if next & SAME == 0 {
                self.expect(pin, expecting(next, !high));
            } else if high != (next & LEVEL != 0) {
                self.expect(pin, next | FIRST);
            }
        }
        Ok(())
    }

    /// The level of each line after its last edge, line 0 in bit 0.
    pub(crate) fn levels(&self) -> u32 {
        let mut levels = 0;
        for (_, next) in self.ours() {
            let was_like_next = next & SAME != 0 && next & FIRST == 0;
            let high = (next & LEVEL != 0) == was_like_next;
            levels |= u32::from(high) << line(next);
        }
        levels
    }

    /// The first line that is captured here.
    fn first(&self) -> usize {
        let mut first = LINES_MAX;
        for (_, next) in self.ours() {
            first = first.min(line(next));
        }
        first
    }

    fn ours(&self) -> impl Iterator<Item = (u32, u8)> {
        let all = (0..).zip(self.next.iter().map(|next| next.load(Relaxed)));
        all.filter(|(_, next)| !is_other(*next))
    }

    #[inline]
    fn next(&self, pin: u32) -> u8 {
        self.next[pin as usize % PINS_MAX].load(Relaxed)
    }

    #[inline]
    fn expect(&self, pin: u32, next: u8) {
        self.next[pin as usize % PINS_MAX].store(next, Relaxed);
    }

    /// Handles what is not for the fast path; without levels if the controller does not tell them.
    #[cold]
    #[inline(never)]
    fn handle_fully(&self, fast: Fast, mut left: u32, levels: Option<u32>) {
        let mut intake = fast.lengthen();
        // There is one pin at least, or Zephyr would not have called.
        loop {
            self.handle_edge(&mut intake, left.trailing_zeros(), levels);
            left &= left.wrapping_sub(1);
            if left == 0 {
                break;
            }
        }
        intake.finish();
    }

    fn handle_edge(&self, intake: &mut Intake, pin: u32, levels: Option<u32>) {
        let next = self.next(pin);
        // The driver may pass on pins that are not ours, and fires callbacks of its own while the
        // lines are being configured.
        if is_other(next) || !intake.is_armed() {
            return;
        }
        let Some(levels) = levels else {
            return intake.unreadable();
        };
        let seen = if next & SAME != 0 {
            self.expect(pin, next & !FIRST);
            next & LINE_AND_LEVEL
        } else {
            let seen = expecting(next, levels >> pin & 1 == 1);
            if seen != next {
                intake.missed(next & LEVEL != 0);
            }
            self.expect(pin, seen ^ LEVEL);
            seen
        };
        intake.edge(seen);
    }
}

/// Whether the level in bit 0 is the one of `next`. Neither `OTHER` nor `SAME` is like any level.
#[inline]
const fn is_like(next: u8, level: u32) -> bool {
    level & 1 == (next >> LEVEL_BIT) as u32
}

const fn is_other(next: u8) -> bool {
    next & (SAME | OTHER) == OTHER
}

const fn line(next: u8) -> usize {
    (next & (LEVEL - 1)) as usize
}

/// `next`, with the level that is expected.
const fn expecting(next: u8, high: bool) -> u8 {
    next & !LEVEL | (high as u8) << LEVEL_BIT
}
