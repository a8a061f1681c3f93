//! Captures: whatever is done with them, and whatever happens to them, they behave like a simple
//! model of them, in every result and after every step.
//!
//! | file | what it is |
//! |---|---|
//! | `op.rs` | what can happen and be done |
//! | `queue.rs`, `set.rs`, `world.rs` | the model: a queue with a ledger, a list of captures, and time |
//! | `wires.rs` | the lines, which both have |
//! | `rig.rs`, `fd.rs`, `driver/` | the library on the simulated kernel, beside the model |

mod driver;
#[cfg_attr(not(feature = "fd"), path = "no_fd.rs")]
mod fd;
mod op;
mod queue;
mod rig;
mod set;
mod wires;
mod world;

use zephyr::sim::{self, Options};

use driver::Driver;
use op::Case;

/// Checks the operations that `data` stands for. `EDGEPIPE_SHOW=1` prints them as they are done.
pub fn check(data: &[u8]) {
    let Ok(case) = Case::of(data) else {
        return;
    };
    let options = Options {
        cycles_start: case.cycles_start,
        // Any time that the operations can add up to.
        ticks_max: u64::MAX / 4,
        ..Options::default()
    };
    if let Err(fault) = sim::try_run(options, || Driver::run(case)) {
        panic!("{fault}");
    }
}
