//! What the cases of samples have in common: data lines and a strobe.

use edgepipe::{Line, Timed, Trigger};
use edgepipe_app::EmulatedPin;

use super::super::platform;

const GPIO_ACTIVE_LOW: u16 = 1;

/// A data line: a pin of one of two ports.
#[derive(Clone, Copy)]
pub(super) struct Wire {
    pin: EmulatedPin,
    active_low: bool,
}

impl Wire {
    pub(super) fn new(port: u8, pin: u8) -> Self {
        let any = match port {
            0 => platform::pins()[0],
            _ => platform::other_pin(),
        };
        Self {
            pin: any.sibling(pin),
            active_low: false,
        }
    }

    pub(super) fn active_low(self, active_low: bool) -> Self {
        Self { active_low, ..self }
    }
}

/// So many wires, each of its bit.
pub(super) fn each(count: u8, wire: impl Fn(u8) -> Wire) -> heapless::Vec<Wire, 32> {
    (0..count).map(wire).collect()
}

/// Data lines, all low, and a strobe: pin 31 of the first port.
pub(super) struct Bus {
    strobe: EmulatedPin,
    data: heapless::Vec<Wire, 32>,
}

impl Bus {
    pub(super) fn new(data: &[Wire]) -> Self {
        let strobe = platform::pins()[0].sibling(31);
        assert!(strobe.prepare(false));
        assert!(data.iter().all(|wire| wire.pin.prepare(wire.active_low)));
        let data = data.iter().copied().collect();
        Self { strobe, data }
    }

    pub(super) fn strobe(&self) -> Line {
        self.strobe.line().with_trigger(Trigger::Rising)
    }

    pub(super) fn lines(&self) -> heapless::Vec<Line, 32> {
        let flags = |wire: &Wire| if wire.active_low { GPIO_ACTIVE_LOW } else { 0 };
        let line = |wire: &Wire| wire.pin.line_with_flags(flags(wire));
        self.data.iter().map(line).collect()
    }

    /// The lines take the levels of `value`, and the strobe rises and falls.
    pub(super) fn latch(&self, value: u32) {
        for (bit, wire) in self.data.iter().enumerate() {
            assert!(wire.pin.set((value >> bit & 1 == 1) != wire.active_low));
        }
        assert!(self.strobe.set(true) && self.strobe.set(false));
    }

    pub(super) fn latch_all(&self, values: impl IntoIterator<Item = u32>) {
        values.into_iter().for_each(|value| self.latch(value));
    }
}

/// What the cases look at in a sample.
pub(super) trait Seen {
    /// No value that the cases latch.
    const NONE: Self;

    fn value(self) -> u32;

    fn time_ns(self) -> u64;
}

macro_rules! seen {
    ($($value:ident)*) => {
        $(
            impl Seen for $value {
                const NONE: Self = $value::MAX;

                fn value(self) -> u32 {
                    self.into()
                }

                fn time_ns(self) -> u64 {
                    0
                }
            }

            impl Seen for Timed<$value> {
                const NONE: Self = Self { timestamp_ns: 0, value: $value::MAX };

                fn value(self) -> u32 {
                    self.value.into()
                }

                fn time_ns(self) -> u64 {
                    self.timestamp_ns
                }
            }
        )*
    };
}

seen!(u8 u16 u32);
