//! Recordings of wires, read as edges: VCD as many tools write it, plain or gzip'ed, and the `.sr` of sigrok and
//! PulseView.
//!
//! What a file is, its content decides and not its name. It may be a pipe, one that is still being written too, and `-`
//! is standard input.
//!
//! A recording is read twice, once to check and to count and once to replay, and is never held in memory. What is held
//! are the declarations, and they are bounded.
//!
//! # Names
//!
//! A wire has the name that the recording gives it, blanks included, though several in a row become one. A bit select
//! belongs to the name, without the blank before it: `d[3]`. Wires of equal names are told apart by the whole path of
//! scopes, `tb.dut.clk`, and if that is equal too by a number, `clk#2`. So names are always unique.
//!
//! # Levels
//!
//! The first level given for a wire is its level from the start, and no edge, at whatever time it is given. A wire without
//! any level is low. After that only a different level is an edge. Unknown levels (`x`, `z`, and VHDL's `u`, `w`, `-`)
//! keep the level. Who needs to know of them asks for [`Recording::next_level`].

mod change;
mod error;
mod list;
mod loss;
mod names;
mod output;
mod pace;
mod ratio;
mod recording;
mod source;
mod sr;
mod unit;
mod vcd;
mod wires;

pub use error::{Error, one_line};
pub use list::{List, WireInfo, list};
pub use loss::Loss;
pub use names::is_name;
pub use output::Output;
pub use pace::{Pace, Stretch};
pub use ratio::Ratio;
pub use recording::{Event, Level, Recording};
pub use unit::TimeUnit;
pub use wires::Wires;

/// The most wires that can be played at once.
pub const WIRES_MAX: usize = 32;
