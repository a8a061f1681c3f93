//! edgepipe's worst cases: the most expensive edge, the reader that is behind, and the longest time with interrupts
//! masked.
#![no_std]

#[path = "../../src/block_on.rs"]
mod block_on;
mod calls;
mod edges;
mod harness;
mod kind;
mod masked;
mod release;
mod shared;
mod waits;

use kind::KINDS;

const CAPACITIES: [u32; 6] = [16, 64, 128, 256, 1024, 4096];

#[no_mangle]
extern "C" fn rust_main() {
    let rest = harness::init();
    release::measure();
    for kind in KINDS {
        for capacity in CAPACITIES {
            edges::measure(kind, capacity, rest);
        }
    }
    KINDS.iter().for_each(masked::measure);
    harness::end();
}
