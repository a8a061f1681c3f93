//! How far a run may depart from Zephyr's own order.

/// How many departures from Zephyr's order a run may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Interrupts that arrive while a thread or a less urgent handler runs, instead of when every thread
    /// waits.
    pub interrupts: u32,
    /// How often a thread runs that is not Zephyr's choice.
    pub switches: u32,
}

impl Limits {
    /// Everything may happen everywhere.
    pub const NONE: Limits = Limits {
        interrupts: u32::MAX,
        switches: u32::MAX,
    };

    /// At most this many interrupts, and otherwise Zephyr's order: Zephyr could make each such run
    /// with these priorities.
    pub const fn interrupts(interrupts: u32) -> Limits {
        Limits {
            interrupts,
            switches: 0,
        }
    }

    /// At most this many interrupts and switches.
    pub const fn new(interrupts: u32, switches: u32) -> Limits {
        Limits {
            interrupts,
            switches,
        }
    }
}
