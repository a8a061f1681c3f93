//! Interrupt sources: what turns a GPIO callback into records.

pub(crate) mod debounce;
pub(crate) mod edges;
mod levels;
pub(crate) mod port;
pub(crate) mod strobe;

use crate::sys::gpio::Callback;

/// The interrupts of a running capture.
pub(crate) enum Interrupts {
    Edges {
        callbacks: &'static [Callback<port::PortLines>],
        debounced: &'static [debounce::Debounce],
    },
    Strobe {
        callback: &'static Callback<strobe::Strobe>,
    },
}

impl Interrupts {
    /// Ends them, as far as they were started.
    pub(crate) fn stop(&self) {
        match self {
            Self::Edges {
                callbacks,
                debounced,
            } => {
                callbacks.iter().for_each(|callback| callback.remove());
                debounced.iter().for_each(debounce::Debounce::stop);
            }
            Self::Strobe { callback } => callback.remove(),
        }
    }
}
