//! How far a run may depart from Zephyr's own order.

/// How often in a run something happens that would not have happened by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Interrupts that arrive while a thread or a less urgent handler runs, instead of when every thread
    /// waits.
    pub interrupts: u32,
    /// Times that another thread than Zephyr's choice runs.
    pub switches: u32,
}

impl Limits {
    /// Everything may happen everywhere.
    pub const NONE: Limits = Limits {
        interrupts: u32::MAX,
        switches: u32::MAX,
    };

    /// So many interrupts, and otherwise Zephyr's order: what it can do with these priorities.
    pub const fn interrupts(interrupts: u32) -> Limits {
        Limits {
            interrupts,
            switches: 0,
        }
    }

    /// So many interrupts and so many switches.
    pub const fn new(interrupts: u32, switches: u32) -> Limits {
        Limits {
            interrupts,
            switches,
        }
    }
}
