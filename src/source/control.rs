//! Pausing a capture, and driving one of its lines for a while.

use super::{debounce::Debounce, port::PortLines, strobe};
#[cfg(edgepipe_pm)]
use crate::OpenError;
use crate::channel::{Channel, Interrupts, Pause};
use crate::sys::gpio::Callback;
use crate::{Error, Level, Line, LineError, Trigger};

/// The interrupt sources of a capture, as the capture sees them.
pub(crate) trait Lines: Interrupts {
    fn sources(&'static self) -> Sources;
}

/// The interrupt sources of a capture, by kind.
#[derive(Clone, Copy)]
pub(crate) enum Sources {
    Edges {
        callbacks: &'static [Callback<PortLines>],
        debounced: &'static [Debounce],
    },
    Strobe(&'static dyn strobe::Control),
}

impl Sources {
    pub(crate) fn pause(self, channel: &'static Channel, why: Pause) {
        channel.pause(why);
        match self {
            Self::Edges {
                callbacks,
                debounced,
            } => {
                callbacks.iter().for_each(Callback::disable);
                debounced.iter().for_each(Debounce::pause);
            }
            Self::Strobe(source) => source.pause(),
        }
    }

    pub(crate) fn resume(
        self,
        channel: &'static Channel,
        why: Pause,
        interrupts: &'static dyn Interrupts,
    ) -> Result<(), LineError> {
        match self {
            Self::Edges {
                callbacks,
                debounced,
            } => {
                let mut ports = callbacks.iter().filter_map(Callback::handler);
                ports.try_for_each(PortLines::enable)?;
                debounced.iter().try_for_each(Debounce::enable)?;
            }
            Self::Strobe(source) => source.enable()?,
        }
        // Last, because enabling an interrupt may fire the callback for an edge that was long ago.
        channel.resume(why, interrupts)
    }

    /// Suspends a device of these sources. [`Error::BUSY`] while a thread changes its capture.
    #[cfg(edgepipe_pm)]
    pub(crate) fn suspend(self, channel: &'static Channel) -> Result<(), OpenError> {
        if let Some(_change) = channel.suspend()? {
            self.pause(channel, Pause::Suspended);
        }
        Ok(())
    }

    /// Resumes it.
    #[cfg(edgepipe_pm)]
    pub(crate) fn unsuspend(
        self,
        channel: &'static Channel,
        interrupts: &'static dyn Interrupts,
    ) -> Result<(), OpenError> {
        if let Some(_change) = channel.unsuspend()? {
            self.resume(channel, Pause::Suspended, interrupts)?;
        }
        Ok(())
    }

    pub(crate) fn drive(
        self,
        channel: &'static Channel,
        line: &Line,
        level: Level,
    ) -> Result<(), Error> {
        self.find(line)?.mute(channel, line)?;
        line.pin.configure_output(level.into())
    }

    pub(crate) fn release(self, channel: &'static Channel, line: &Line) -> Result<(), Error> {
        let found = self.find(line)?;
        // Configuring a pin may fire its callback.
        found.mute(channel, line)?;
        line.pin.configure_input()?;
        match found {
            Found::Port(port) => listen(port, channel, line, line.trigger),
            Found::Debounce(debounce) => {
                debounce.set_trigger(line.trigger);
                enable(channel, line, Trigger::Both)?;
                let read = || debounce.begin(false).map_err(|refused| refused.error);
                read()?;
                channel.mark_hole(|| {
                    // It could be read just now.
                    let _ = read();
                    debounce.set_driven(false);
                });
                Ok(())
            }
        }
    }

    pub(crate) fn set_trigger(
        self,
        channel: &'static Channel,
        line: &Line,
        trigger: Trigger,
    ) -> Result<(), Error> {
        let found = self.find(line)?;
        if found.is_driven(line) {
            return Err(Error::BUSY);
        }
        match found {
            Found::Port(port) => {
                found.mute(channel, line)?;
                listen(port, channel, line, trigger)
            }
            Found::Debounce(debounce) => {
                debounce.set_trigger(trigger);
                Ok(())
            }
        }
    }

    fn find(self, line: &Line) -> Result<Found, Error> {
        let Self::Edges {
            callbacks,
            debounced,
        } = self
        else {
            return Err(Error::INVALID_INPUT);
        };
        let mut ports = callbacks.iter().filter_map(Callback::handler);
        let port = ports.find(|port| port.has(line)).map(Found::Port);
        let debounce = || debounced.iter().find(|debounce| debounce.has(line));
        port.or_else(|| debounce().map(Found::Debounce))
            .ok_or(Error::INVALID_INPUT)
    }
}

/// Captures a muted line by `trigger`. Its level is read with the lock held and the interrupt enabled, so that an edge is
/// either in this level or captured. During a pause, [`Sources::resume`] does the same once more.
fn listen(
    port: &'static PortLines,
    channel: &'static Channel,
    line: &Line,
    trigger: Trigger,
) -> Result<(), Error> {
    let pin = line.pin.number;
    enable(channel, line, trigger)?;
    let before = port.read(pin)?;
    channel.mark_hole(|| port.unmute(pin, trigger, port.read(pin).unwrap_or(before)));
    Ok(())
}

/// Lets a line interrupt, unless the capture is paused: then no edge counts, and the end of the pause enables all lines.
fn enable(channel: &'static Channel, line: &Line, trigger: Trigger) -> Result<(), Error> {
    match channel.is_paused() {
        true => Ok(()),
        false => line.pin.enable_interrupt(trigger),
    }
}

/// What captures a line.
#[derive(Clone, Copy)]
enum Found {
    Port(&'static PortLines),
    Debounce(&'static Debounce),
}

impl Found {
    /// Whether the application drives the line.
    fn is_driven(self, line: &Line) -> bool {
        match self {
            Self::Port(port) => port.is_muted(line.pin.number),
            Self::Debounce(debounce) => debounce.is_driven(),
        }
    }

    /// Ignores the line from now on.
    fn mute(self, channel: &'static Channel, line: &Line) -> Result<(), Error> {
        match self {
            Self::Port(port) => {
                line.pin.port.disable_interrupt(line.pin.number)?;
                channel.locked(|| port.mute(line.pin.number));
            }
            Self::Debounce(debounce) => {
                debounce.pause();
                debounce.set_driven(true);
            }
        }
        Ok(())
    }
}
