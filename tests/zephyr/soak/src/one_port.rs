//! The soak of `soak/`, on the lines of one port.

use edgepipe_app::EmulatedPin;
use zephyr::{
    kconfig::{CONFIG_EDGEPIPE_SOAK_EDGES, CONFIG_EDGEPIPE_SOAK_SEED},
    printkln,
    raw::device,
};

use crate::soak::{self, Totals};

extern "C" {
    /// From `port.c`.
    static soak_port: &'static device;
}

pub(crate) fn run() {
    close_at_end().start();
    // SAFETY: a constant of `port.c`, and an emulated controller.
    let pins = (0..soak::LINES as u8).map(|pin| unsafe { EmulatedPin::new(soak_port, pin) });
    let mut totals = Totals::default();
    soak::run(
        &mut totals,
        &pins.collect(),
        CONFIG_EDGEPIPE_SOAK_SEED as u64,
        CONFIG_EDGEPIPE_SOAK_EDGES as u64,
    );
    printkln!("{totals}");
    printkln!("soak: PASS");
}

/// Of the same priority as the reader, the main thread.
#[zephyr::thread(stack_size = 2048)]
fn close_at_end() {
    soak::close_at_end();
}
