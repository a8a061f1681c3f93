//! Waits until a capture is ready, reads its edges, and counts them.
#![no_std]

use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use edgepipe::Edge;
use edgepipe_devicetree::edges;
use zephyr::time::Forever;

static EDGES: AtomicU32 = AtomicU32::new(0);

#[no_mangle]
extern "C" fn rust_main() {
    let Ok((_capture, mut reader)) = edges!(labels::capture).open() else {
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
