//! The lines that the devices capture. They are numbered in another order than their pins, and
//! spread over two ports.

use edgepipe::Trigger;

use super::op::Which;

/// A line that interrupts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wire {
    pub(super) owner: Which,
    /// Its number in the records.
    pub(super) line: u8,
    pub(super) port: usize,
    pub(super) pin: u8,
    pub(super) active_low: bool,
    pub(super) trigger: Trigger,
}

const fn wire(owner: Which, line: u8, port: usize, pin: u8) -> Wire {
    Wire {
        owner,
        line,
        port,
        pin,
        active_low: false,
        trigger: Trigger::Both,
    }
}

/// The last is the strobe.
pub(super) const WIRES: [Wire; 6] = [
    wire(Which::Edges, 0, 0, 5),
    Wire {
        active_low: true,
        ..wire(Which::Edges, 1, 0, 2)
    },
    Wire {
        trigger: Trigger::Rising,
        ..wire(Which::Edges, 2, 1, 0)
    },
    Wire {
        active_low: true,
        trigger: Trigger::Falling,
        ..wire(Which::Edges, 3, 0, 7)
    },
    wire(Which::Small, 0, 0, 11),
    Wire {
        trigger: Trigger::Rising,
        ..wire(Which::Bytes, 0, 1, 8)
    },
];

pub(super) const STROBE: usize = 5;

/// The number of wires whose edges a program makes.
pub(super) const EDGE_WIRES: usize = 5;

/// The lines that the strobe latches, from bit 0 on: port, pin, active low.
pub(super) const DATA: [(usize, u8, bool); 3] = [(1, 9, false), (0, 20, true), (1, 4, false)];

/// The bits that have data lines.
pub(super) const DATA_MASK: u8 = (1 << DATA.len()) - 1;

/// The wires that a mask names.
pub(super) fn selected(wires: u8) -> impl Iterator<Item = usize> {
    (0..WIRES.len()).filter(move |wire| wires >> wire & 1 == 1)
}

/// Whether a wire that goes to `high` interrupts.
pub(super) fn interrupts(wire: usize, high: bool) -> bool {
    match WIRES[wire].trigger {
        Trigger::Both => true,
        Trigger::Rising => high,
        Trigger::Falling => !high,
    }
}
