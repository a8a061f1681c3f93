//! `struct edgepipe_stats`.

use edgepipe::Ledger;

/// The ledger, in the layout of C.
#[repr(C)]
pub(crate) struct Stats {
    captured: u64,
    delivered: u64,
    pending: u64,
    lost_full: u64,
    lost_frozen: u64,
    lost_closed: u64,
    lost_unreadable: u64,
    lost_oldest: u64,
    missed: u64,
    bounces: u64,
    wakes: u64,
    spurious_wakes: u64,
    high_water: u32,
    opened: u32,
}

impl Stats {
    /// The ledger of the `opened`-th use of an instance.
    pub(crate) const fn new(ledger: &Ledger, opened: u32) -> Self {
        Self {
            captured: ledger.captured,
            delivered: ledger.delivered,
            pending: ledger.pending,
            lost_full: ledger.lost.full,
            lost_frozen: ledger.lost.frozen,
            lost_closed: ledger.lost.closed,
            lost_unreadable: ledger.lost.unreadable,
            lost_oldest: ledger.lost.oldest,
            missed: ledger.missed.rising + ledger.missed.falling,
            bounces: ledger.bounces,
            wakes: ledger.wakes,
            spurious_wakes: ledger.spurious_wakes,
            high_water: ledger.high_water,
            opened,
        }
    }
}
