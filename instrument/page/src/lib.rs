//! A capture to look at: [`write_page`] makes one HTML page of it, and [`plot()`] a waveform for a terminal.
//!
//! What is shown is a [`Trace`]: the lines with their edges, and the places where edges were lost. It comes from a
//! capture as it runs, or from a recording ([`Trace::of`]). Of a capture there can also be a [`Run`]: the buffer, the
//! wakes of the reader, and the ledger.
//!
//! Host only. Nothing here panics because of a name, a time or a number of edges.

mod changes;
mod holes;
mod page;
mod plot;
mod pulses;
mod recorded;
mod run;
mod time;
mod trace;
mod varint;

pub use page::write_page;
pub use plot::plot;
pub use run::{Entry, Room, Run};
pub use trace::{CHANGES_MAX, Trace};
