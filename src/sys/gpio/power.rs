//! Whether a controller is suspended; `zephyr/power.c` knows.

use super::Port;
use crate::Error;

impl Port {
    /// Thread only.
    ///
    /// # Errors
    ///
    /// [`Error::SUSPENDED`] if the controller is suspended.
    pub(crate) fn check_awake(self) -> Result<(), Error> {
        self.check(false)
    }

    /// As [`check_awake`](Self::check_awake), unless its driver resumes it when a pin is configured.
    pub(super) fn check_can_wake(self) -> Result<(), Error> {
        self.check(true)
    }

    #[cfg(target_os = "none")]
    fn check(self, can_wake: bool) -> Result<(), Error> {
        unsafe extern "C" {
            fn edgepipe_is_suspended(device: *const zephyr::raw::device, can_wake: bool) -> bool;
        }

        // SAFETY: the port is a static device (see `Send` above), and is only read.
        match unsafe { edgepipe_is_suspended(self.0, can_wake) } {
            true => Err(Error::SUSPENDED),
            false => Ok(()),
        }
    }

    /// The simulated kernel has no power management.
    #[cfg(not(target_os = "none"))]
    fn check(self, _can_wake: bool) -> Result<(), Error> {
        Ok(())
    }
}
