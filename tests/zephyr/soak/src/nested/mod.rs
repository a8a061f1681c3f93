//! One capture of three lines, whose interrupts have three priorities and arrive at any instruction: within each
//! other, within the kernel, and within a reader's calls. No record may be read twice or out of order, and the
//! ledger must balance whenever the reader reads it.

mod edges;
mod order;
mod round;

use edgepipe::EdgeDevice;
use zephyr::{
    kconfig::{CONFIG_EDGEPIPE_SOAK_EDGES, CONFIG_EDGEPIPE_SOAK_SEED},
    printkln,
};

use round::Round;

/// The most records that are buffered.
const RECORDS: usize = 160;

/// A port for each priority.
static DEVICE: EdgeDevice<RECORDS, { edges::LINES }> = EdgeDevice::new();

pub(crate) fn run() {
    let (mut captured, mut lost, mut wakes) = (0, 0, 0);
    let mut seed = CONFIG_EDGEPIPE_SOAK_SEED as u64;
    while captured < CONFIG_EDGEPIPE_SOAK_EDGES as u64 {
        let ledger = Round::draw(seed).run();
        captured += ledger.captured;
        lost += ledger.lost.total();
        wakes += ledger.wakes;
        seed += 1;
    }
    let nested = edges::in_another();
    printkln!("edges     {captured}, {lost} lost");
    printkln!("nested    {nested} interrupts in another one's");
    printkln!("wakes     {wakes}");
    assert!(nested > captured / 100, "that is too few to show anything");
    printkln!("nested: PASS");
}
