//! A logic analyser and a recorder behind one serial port.
//!
//! An [`Instrument`] answers two kinds of client: PulseView and sigrok-cli, in the SUMP protocol, and `edgepipe record`,
//! with a stream of edges. It is a state machine without a clock and without a port: bytes and edges go in, bytes come
//! out.
//!
//! | byte from the client | meaning |
//! |---|---|
//! | `53`, "S" | start the stream; while it runs: send its head again |
//! | `00` | stop the stream; five of them reset the logic analyser |
//! | any other | SUMP |
//!
//! While the stream runs, all bytes but these two are ignored.
#![no_std]
#![forbid(unsafe_code)]

mod commands;
mod instrument;
mod ticks;

pub use commands::{START, STOP};
pub use edgepipe_sump::{Memory, Probe};
pub use instrument::{Begin, Instrument};
