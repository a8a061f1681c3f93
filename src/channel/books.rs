//! What became of every edge: the ledger, as it is kept.

use crate::{Ledger, Lost, Missed};

/// In this order for the same reason as [`State`](super::state::State).
#[derive(Default)]
#[repr(C)]
pub(super) struct Books {
    /// Lost since the last gap record, saturating.
    pub(super) unreported: u32,
    /// In bytes, as of the last time that `pending` went down.
    pub(super) high_water: usize,
    pub(super) captured: u64,
    pub(super) delivered: u64,
    pub(super) lost: Lost,
    pub(super) missed: Missed,
    pub(super) bounces: u64,
    pub(super) wakes: u64,
    pub(super) spurious_wakes: u64,
}

impl Books {
    pub(super) const fn new() -> Self {
        Self {
            captured: 0,
            delivered: 0,
            lost: Lost {
                full: 0,
                frozen: 0,
                closed: 0,
                unreadable: 0,
            },
            missed: Missed {
                rising: 0,
                falling: 0,
            },
            bounces: 0,
            unreported: 0,
            high_water: 0,
            wakes: 0,
            spurious_wakes: 0,
        }
    }

    /// A waiter woke, and found its condition to hold or not.
    pub(super) fn count_wake(&mut self, found: bool) {
        if found {
            self.wakes += 1;
        } else {
            self.spurious_wakes += 1;
        }
    }

    /// The ledger while `edges` are pending, and so many records have been at once.
    pub(super) fn ledger(&self, edges: u32, high_water: u32) -> Ledger {
        Ledger {
            captured: self.captured,
            delivered: self.delivered,
            pending: edges.into(),
            lost: self.lost,
            missed: self.missed,
            bounces: self.bounces,
            high_water,
            wakes: self.wakes,
            spurious_wakes: self.spurious_wakes,
        }
    }
}
