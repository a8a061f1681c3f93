//! The Rust side of `edges.c`.

use core::ptr;

use edgepipe_app::EmulatedPin;
use zephyr::raw::device;

pub const LINES: usize = 3;

extern "C" {
    static nested_ports: [&'static device; LINES];
    static nested_made: [u32; LINES];
    static nested_in_another: u32;
    fn nested_start(seed: u32, doublings: u32);
    fn nested_stop();
}

/// The lines' pins, by line.
pub fn pins() -> [EmulatedPin; LINES] {
    // SAFETY: constants, and emulated controllers in the overlay.
    unsafe { nested_ports }.map(|port| unsafe { EmulatedPin::new(port, 0) })
}

/// Starts making edges. All pins are low. More doublings, up to 9, give fewer edges.
pub fn start(seed: u32, doublings: u32) {
    // SAFETY: it only needs the pins, which are inputs.
    unsafe { nested_start(seed, doublings) }
}

/// Stops making edges.
pub fn stop() {
    // SAFETY: this is a thread.
    unsafe { nested_stop() }
}

/// Edges made since `start`, by line.
pub fn made() -> [u32; LINES] {
    // SAFETY: interrupts change them at any time, each in one instruction.
    unsafe { ptr::read_volatile(&raw const nested_made) }
}

/// Interrupts that arrived while another one's edge was being captured.
pub fn in_another() -> u64 {
    // SAFETY: as above.
    unsafe { ptr::read_volatile(&raw const nested_in_another) }.into()
}
