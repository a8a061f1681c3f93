//! Recordings as text: VCD.
//!
//! - [`tokens`] cuts the text at its blanks and counts lines;
//! - [`header`] reads the declarations, up to `$enddefinitions`;
//! - [`ids`] finds a signal by its id code;
//! - [`changes`] reads what follows.
//!
//! A wire is a variable of one bit, of any type that has levels: `real`, `string`, `event`, `parameter` and their kind
//! have none. What other variables do is skipped.

mod changes;
mod header;
mod ids;
mod timescale;
mod tokens;

pub(crate) use changes::Vcd;
