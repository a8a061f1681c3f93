//! Tests of `ledger`, in src/ledger.rs.

use crate::ledger::*;

#[test]
fn books_that_miss_an_edge_do_not_balance() {
    let lost = Lost {
        full: 1,
        frozen: 2,
        closed: 4,
        unreadable: 8,
        oldest: 64,
    };
    assert_eq!(lost.total(), 79);
    let ledger = Ledger {
        captured: 127,
        delivered: 16,
        pending: 32,
        lost,
        ..Ledger::default()
    };
    assert!(ledger.balances());
    for captured in [126, 128] {
        assert!(!Ledger { captured, ..ledger }.balances());
    }
}

#[test]
fn a_loss_saturates_and_stays_a_loss() {
    let mut counters = Counters::new();
    counters.note_hole();
    counters.unreported += u32::MAX / 2 - 1;
    for _ in 0..3 {
        counters.lose_unreported();
        assert_eq!(counters.unreported_loss(), u32::MAX / 2);
    }
}
