//! `edges.c`, as Rust sees it.

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

/// Begins to make edges. All pins are low. The more doublings, up to 9, the fewer edges there are.
pub fn start(seed: u32, doublings: u32) {
    // SAFETY: needs nothing but the pins, which are inputs.
    unsafe { nested_start(seed, doublings) }
}

/// Makes no more.
pub fn stop() {
    // SAFETY: in a thread.
    unsafe { nested_stop() }
}

/// Edges made since `start`, by line.
pub fn made() -> [u32; LINES] {
    // SAFETY: interrupts change them at any time, each in one instruction.
    unsafe { ptr::read_volatile(&raw const nested_made) }
}

/// Interrupts that came while an edge was being captured in another one.
pub fn in_another() -> u64 {
    // SAFETY: as above.
    unsafe { ptr::read_volatile(&raw const nested_in_another) }.into()
}
