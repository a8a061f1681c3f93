//! The interrupt handler of the lines of one port.

use core::num::NonZero;

use zephyr::sync::atomic::{AtomicU8, AtomicU32, Ordering::Relaxed};

use crate::channel::{Channel, Entered, FullPath, Inlet};
use crate::sys::gpio::{Handler, PINS_MAX, Port};
use crate::{Error, LINES_MAX, Line, LineError, Trigger, record::LEVEL_BIT};

/// The lines of one port: all that the interrupt handler needs to know. The channel's lock orders access to the
/// atomics; that they are atomic costs nothing.
#[repr(C)]
pub(crate) struct PortLines {
    /// The edge that is expected next from each pin: line and level as in its record, plus the flags `OTHER`, `SAME`
    /// and `FIRST`. This is the first field, so that the address of the structure is that of this table.
    next: [AtomicU8; PINS_MAX],
    inlet: Inlet,
    port: Port,
    /// Pins whose logical level is the opposite of the physical one.
    inverted: AtomicU32,
    /// The levels when [`begin`](Self::begin) was last called.
    begun: AtomicU32,
    /// The pins that are captured here, also those that the application drives for a while.
    pins: AtomicU32,
}

const LEVEL: u8 = 1 << LEVEL_BIT;
const LINE_AND_LEVEL: u8 = LEVEL | (LEVEL - 1);
/// The pin is not captured here.
const OTHER: u8 = LEVEL << 2;
/// Only edges to the level of the pin's next record interrupt.
const SAME: u8 = LEVEL << 1;
/// With `SAME`: there was no such edge yet, so the pin is at the other level.
const FIRST: u8 = LEVEL << 2;

impl Handler for PortLines {
    fn port(&self) -> Port {
        self.port
    }

    #[inline]
    fn handle(&self, pins: NonZero<u32>) {
        let mut fast = self.inlet.begin();
        let physical = self.port.read().ok();
        let levels = physical.map(|physical| physical ^ self.inverted.load(Relaxed));
        if let Some(levels) = levels
            && pins.is_power_of_two()
        {
            let pin = pins.trailing_zeros();
            let next = self.next(pin);
            let refused = if is_like(next, levels >> pin) {
                if fast.push(next) {
                    return self.expect(pin, next ^ LEVEL);
                }
                Some((next, next ^ LEVEL))
            } else if next & SAME != 0 {
                seldom();
                let (edge, then) = (next & LINE_AND_LEVEL, next & !FIRST);
                if fast.push(edge) {
                    return self.expect(pin, then);
                }
                Some((edge, then))
            } else {
                None
            };
            if let Some((edge, then)) = refused
                && fast.push_at_limit(edge)
            {
                self.expect(pin, then);
                return fast.finish();
            }
        }
        let (state, cycles) = fast.into_parts();
        self.handle_fully(state, cycles, pins, levels);
    }
}

impl PortLines {
    /// The port without lines, which [`add`](Self::add) adds.
    pub(super) fn new(channel: &'static Channel, port: Port) -> Self {
        Self {
            inlet: Inlet::new(channel),
            port,
            inverted: AtomicU32::new(0),
            begun: AtomicU32::new(0),
            pins: AtomicU32::new(0),
            next: [const { AtomicU8::new(OTHER) }; PINS_MAX],
        }
    }

    /// Adds those of `lines` that are on the port and not debounced; returns their pins. [`begin`](Self::begin) sets
    /// their levels. To be called once, before any of them interrupts.
    pub(super) fn add(&self, lines: &[Line]) -> u32 {
        let (mut pins, mut inverted) = (0, 0);
        for (index, line) in (0..).zip(lines) {
            if line.is_debounced() || line.pin.port != self.port {
                continue;
            }
            pins |= line.pin.mask();
            if line.pin.is_active_low() {
                inverted |= line.pin.mask();
            }
            self.expect(line.pin.number.into(), first(index, line.trigger));
        }
        self.inverted.store(inverted, Relaxed);
        self.pins.store(pins, Relaxed);
        pins
    }

    /// Whether the pin of `line` is captured here.
    pub(crate) fn has(&self, line: &Line) -> bool {
        let pin = line.pin;
        pin.port == self.port && self.pins.load(Relaxed) >> pin.number & 1 == 1
    }

    /// From now on, the interrupts of a pin are ignored. To be called with the channel's lock held.
    pub(crate) fn mute(&self, pin: u8) {
        let next = self.next(pin.into());
        self.expect(pin.into(), next & (LEVEL - 1) | OTHER);
    }

    /// Whether a pin that is captured here is muted.
    pub(crate) fn is_muted(&self, pin: u8) -> bool {
        is_other(self.next(pin.into()))
    }

    /// Expects the first edge of a muted pin, which is at the level `high`. To be called with the channel's lock held.
    pub(crate) fn unmute(&self, pin: u8, trigger: Trigger, high: bool) {
        let index = self.next(pin.into()) & (LEVEL - 1);
        self.expect(pin.into(), began(first(index, trigger), high));
    }

    /// The logical level of a pin now.
    pub(crate) fn read(&self, pin: u8) -> Result<bool, Error> {
        let levels = self.port.read()? ^ self.inverted.load(Relaxed);
        Ok(levels >> pin & 1 == 1)
    }

    /// Lets the pins interrupt again, those that are not muted.
    pub(crate) fn enable(&self) -> Result<(), LineError> {
        for (pin, next) in self.ours() {
            let trigger = match next & (SAME | LEVEL) {
                SAME => Trigger::Falling,
                both_set if both_set == SAME | LEVEL => Trigger::Rising,
                _ => Trigger::Both,
            };
            LineError::of(line(next), self.port.enable_interrupt(pin as u8, trigger))?;
        }
        Ok(())
    }

    /// Sets the first edges to expect, from the present levels, and returns these, line 0 in bit 0; fails when the
    /// controller does not report them. With `again`, it does so only for the pins that have changed since the call
    /// before, and returns their lines.
    pub(crate) fn begin(&self, again: bool) -> Result<u32, LineError> {
        let physical = self.port.read().map_err(|error| {
            let first = self.ours().map(|(_, next)| line(next)).min();
            LineError::new(first.unwrap_or(LINES_MAX), error)
        })?;
        let levels = physical ^ self.inverted.load(Relaxed);
        let mut left = match again {
            true => levels ^ self.begun.load(Relaxed),
            false => u32::MAX,
        };
        self.begun.store(levels, Relaxed);
        let mut lines = 0;
        while left != 0 {
            let pin = left.trailing_zeros();
            left &= left - 1;
            let (next, high) = (self.next(pin), levels >> pin & 1 == 1);
            if is_other(next) {
                continue;
            }
            lines |= u32::from(again || high) << line(next);
            self.expect(pin, began(next, high));
        }
        Ok(lines)
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

    fn ours(&self) -> impl Iterator<Item = (u32, u8)> {
        let mut left = self.pins.load(Relaxed);
        let pins = core::iter::from_fn(move || {
            let pin = (left != 0).then(|| left.trailing_zeros());
            left &= left.wrapping_sub(1);
            pin
        });
        let all = pins.map(|pin| (pin, self.next(pin)));
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

    /// Handles the pins on the full path; `levels` is `None` if the controller does not report them.
    #[cold]
    #[inline(never)]
    fn handle_fully(&self, state: Entered, cycles: u32, pins: NonZero<u32>, levels: Option<u32>) {
        let mut path = self.inlet.go_on((state, cycles));
        let mut left = pins.get();
        loop {
            self.handle_edge(path, left.trailing_zeros(), levels);
            left &= left - 1;
            if left == 0 {
                return;
            }
            // The lock is free in between, so that interrupts are masked for one edge at a time.
            path = self.inlet.full_path(cycles);
        }
    }

    fn handle_edge(&self, mut path: FullPath, pin: u32, levels: Option<u32>) {
        let next = self.next(pin);
        // The driver may pass on pins that are not ours, and fires callbacks of its own while the
        // lines are being configured.
        if is_other(next) || !path.is_armed() {
            return;
        }
        let Some(levels) = levels else {
            return path.unreadable();
        };
        let seen = if next & SAME != 0 {
            self.expect(pin, next & !FIRST);
            next & LINE_AND_LEVEL
        } else {
            let seen = expecting(next, levels >> pin & 1 == 1);
            if seen != next {
                path.missed(next & LEVEL != 0);
            }
            self.expect(pin, seen ^ LEVEL);
            seen
        };
        path.edge(seen);
    }
}

/// What is expected of a line whose level is not known yet.
const fn first(index: u8, trigger: Trigger) -> u8 {
    match trigger {
        Trigger::Both => index,
        Trigger::Rising => index | SAME | LEVEL,
        Trigger::Falling => index | SAME,
    }
}

/// `next`, when the pin is at the level `high`.
const fn began(next: u8, high: bool) -> u8 {
    if next & SAME == 0 {
        expecting(next, !high)
    } else if high != (next & LEVEL != 0) {
        next | FIRST
    } else {
        next & !FIRST
    }
}

/// Marks a rare branch: the compiler makes the other one the straight path.
#[cold]
#[inline]
const fn seldom() {}

/// Whether the level in bit 0 is that of `next`. With the flag `OTHER` or `SAME`, it never is.
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

/// `next`, with `high` as the expected level.
const fn expecting(next: u8, high: bool) -> u8 {
    next & !LEVEL | (high as u8) << LEVEL_BIT
}
