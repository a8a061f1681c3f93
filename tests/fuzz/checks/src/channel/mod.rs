//! Captures behave like a simple model of them, in every result and after every step, for any operations
//! and events.
//!
//! | file | what it is |
//! |---|---|
//! | `op.rs` | the operations and events |
//! | `queue.rs`, `set.rs`, `world.rs` | the model: a queue with a ledger, a list of captures, and time |
//! | `wires.rs` | the lines, for both |
//! | `rig.rs`, `fd.rs`, `driver/` | the library on the simulated kernel, compared with the model |

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

/// Checks the operations that `data` encodes. `EDGEPIPE_SHOW=1` prints each when it is done.
pub fn check(data: &[u8]) {
    let Ok(case) = Case::of(data) else {
        return;
    };
    let options = Options {
        cycles_start: case.cycles_start,
        // More than the operations can add up to.
        ticks_max: u64::MAX / 4,
        ..Options::default()
    };
    if let Err(fault) = sim::try_run(options, || Driver::run(case)) {
        panic!("{fault}");
    }
}
