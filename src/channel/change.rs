//! Changes of a capture's lines, one at a time: by its application, and by Zephyr's power management, which suspends a
//! device whatever its application does.

use super::Channel;
#[cfg(edgepipe_pm)]
use super::state::{Phase, State};
use crate::Error;

#[cfg(edgepipe_pm)]
use zephyr::time::{Duration, sleep};

/// Why no edge counts.
#[derive(Clone, Copy)]
pub(crate) enum Pause {
    Application,
    #[cfg(edgepipe_pm)]
    Suspended,
}

impl Pause {
    pub(super) const COUNT: usize = 1 + cfg!(edgepipe_pm) as usize;
}

/// While it exists, no other change begins.
#[must_use]
pub(crate) struct Change {
    #[cfg(edgepipe_pm)]
    channel: &'static Channel,
}

impl Channel {
    /// Begins a change by the application, which makes one at a time. If the device is being suspended or resumed, this
    /// sleeps until that is done. Thread only.
    #[inline]
    pub(crate) fn change(&'static self) -> Change {
        #[cfg(edgepipe_pm)]
        while core::mem::replace(&mut self.lock().changing, true) {
            sleep(Duration::from_ticks(1));
        }
        Change {
            #[cfg(edgepipe_pm)]
            channel: self,
        }
    }

    /// As [`change`](Self::change), for what the lines of a suspended device cannot do: [`Error::SUSPENDED`].
    #[inline]
    pub(crate) fn change_awake(&'static self) -> Result<Change, Error> {
        let change = self.change();
        #[cfg(edgepipe_pm)]
        if self.lock().is_suspended() {
            return Err(Error::SUSPENDED);
        }
        Ok(change)
    }
}

#[cfg(edgepipe_pm)]
impl Channel {
    /// Suspends the device. If a capture runs, returns a change, with which the caller must pause it.
    /// [`Error::BUSY`] while another change is made. Never blocks.
    pub(crate) fn suspend(&'static self) -> Result<Option<Change>, Error> {
        let mut state = self.lock();
        state.check_unchanging()?;
        if !state.is_running() {
            state.paused[Pause::Suspended as usize] = true;
            return Ok(None);
        }
        state.changing = true;
        Ok(Some(Change { channel: self }))
    }

    /// Resumes the device. If it is suspended and a capture runs, returns a change, with which the caller must resume that,
    /// unless the application has paused it. [`Error::BUSY`] while another change is made. Never blocks.
    pub(crate) fn unsuspend(&'static self) -> Result<Option<Change>, Error> {
        let mut state = self.lock();
        state.check_unchanging()?;
        let is_paused = state.paused[Pause::Application as usize];
        if !state.is_suspended() || !state.is_running() || is_paused {
            state.paused[Pause::Suspended as usize] = false;
            return Ok(None);
        }
        state.changing = true;
        Ok(Some(Change { channel: self }))
    }
}

#[cfg(edgepipe_pm)]
impl State {
    pub(super) fn is_suspended(&self) -> bool {
        self.paused[Pause::Suspended as usize]
    }

    /// Whether there is a capture that is neither being opened nor closed.
    fn is_running(&self) -> bool {
        !matches!(self.phase, Phase::Opening | Phase::Closed)
    }

    fn check_unchanging(&self) -> Result<(), Error> {
        let is_opening = self.phase == Phase::Opening && self.handles > 0;
        match self.changing || is_opening {
            true => Err(Error::BUSY),
            false => Ok(()),
        }
    }
}

#[cfg(edgepipe_pm)]
impl Drop for Change {
    fn drop(&mut self) {
        self.channel.lock().changing = false;
    }
}
