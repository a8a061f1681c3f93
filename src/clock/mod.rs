//! What counts the time of a capture: Zephyr's cycle counter, or a better counter of the chip.
//!
//! A [`Clock`] makes a count of 32 bits of a [`Counter`] with any number of bits. A channel extends that to 64 bits, as
//! it does with the cycle counter: a [`Timeline`].

#[cfg(edgepipe_clock)]
mod counted;
#[cfg(edgepipe_clock)]
mod counter;
mod error;
mod source;
mod timeline;
// On Zephyr only: the host has no counters.
#[cfg(all(edgepipe_clock, target_os = "none"))]
mod zephyr;

#[cfg(edgepipe_clock)]
pub use counted::Clock;
/// A clock for captures other than Zephyr's cycle counter. There is none without CONFIG_EDGEPIPE_CLOCK.
#[cfg(not(edgepipe_clock))]
#[derive(Debug, PartialEq, Eq)]
pub enum Clock {}
#[cfg(all(edgepipe_clock, target_os = "none"))]
pub use self::zephyr::CoreCounter;
#[cfg(edgepipe_clock)]
pub use counter::{Counter, Rate};
pub use error::ClockError;
pub(crate) use source::Source;
pub(crate) use timeline::{QUARTER_WRAP, Timeline};

#[cfg(test)]
#[path = "../../tests/unit/clock/mod.rs"]
mod tests;
