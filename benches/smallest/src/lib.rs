//! Waits until a capture is ready, reads its edges, and counts them.
#![no_std]

#[path = "../../../firmware/src/lines.rs"]
mod lines;

use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use edgepipe::{Config, Edge, EdgeDevice, Line};
use heapless::Vec;
use zephyr::time::Forever;

static DEVICE: EdgeDevice<16, 1> = EdgeDevice::new();
static EDGES: AtomicU32 = AtomicU32::new(0);

#[no_mangle]
extern "C" fn rust_main() {
    let lines: Vec<Line, 2> = lines::lines()
        .map(|(port, pin, flags)| Line::new(port, pin, flags))
        .collect();
    let Ok((_capture, mut reader)) = DEVICE.open(&lines, Config::DEFAULT) else {
        return;
    };
    let mut edges = [Edge::default(); 16];
    while reader.wait_ready(Forever).is_ok() {
        let Ok(count) = reader.read_edges(&mut edges) else {
            return;
        };
        EDGES.store(EDGES.load(Relaxed) + count as u32, Relaxed);
    }
}
