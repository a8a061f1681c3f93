//! The host's side of the player for any firmware.
//!
//! On `native_sim` the runner links it as a static library and calls it through `edgepipe_player_host.h`. It reads the
//! stimulus, puts its edges into simulated time, and writes the levels that the firmware drives. For other platforms the
//! build runs the program `edgepipe-player-table`, which writes the stimulus as a table in C.

mod error;
mod ffi;
mod session;
mod table;
mod watch_file;

pub use error::Error;
pub use ffi::{
    PlayerEvent, PlayerSetup, PlayerStart, edgepipe_player_close, edgepipe_player_driven,
    edgepipe_player_next, edgepipe_player_open, edgepipe_player_rewind,
};
pub use session::{Event, Session, Setup};
pub use table::table;
pub use watch_file::{Driven, WatchFile};

/// The most pins that are driven, and the most that are watched.
pub const PINS_MAX: usize = 32;
