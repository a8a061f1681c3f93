//! The one error type of all calls that read or wait.

use core::{ffi::c_int, fmt, num::NonZero};

use zephyr::raw;

/// Why a call was refused or ended early: a Zephyr `errno`.
///
/// [`Error::errno`] is the positive number, which C sees negated; [`embedded_io::Error::kind`] is its portable class.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Error {
    /// As the kernel returns it: negative, so that a result without a value is one word.
    code: NonZero<c_int>,
}

impl Error {
    /// Nothing is pending and the call may not block (`EAGAIN`). Wait, then call again.
    pub const WOULD_BLOCK: Self = Self::new(raw::EAGAIN);
    /// The time-out passed before the condition held (`ETIMEDOUT`).
    pub const TIMED_OUT: Self = Self::new(raw::ETIMEDOUT);
    /// An argument is wrong, for example a slice shorter than one record (`EINVAL`).
    pub const INVALID_INPUT: Self = Self::new(raw::EINVAL);
    /// The device or the set is open already (`EBUSY`): drop its [`Capture`](crate::Capture) and
    /// [`Reader`](crate::Reader), or its [`Poller`](crate::Poller), first. Or the pin belongs to another capture.
    pub const BUSY: Self = Self::new(raw::EBUSY);
    /// The use that a [`WeakReader`](crate::WeakReader) belongs to is over (`EBADF`): its reader is gone.
    pub const BAD_HANDLE: Self = Self::new(raw::EBADF);
    /// The capture is closed, and was read to its end (`EPIPE`).
    pub const CLOSED: Self = Self::new(raw::EPIPE);
    /// All places are taken (`ENOSPC`).
    pub const NO_SPACE: Self = Self::new(raw::ENOSPC);
    /// The GPIO controller is not ready (`ENODEV`).
    pub const NO_DEVICE: Self = Self::new(raw::ENODEV);
    /// The device of the capture, or a GPIO controller, is suspended by Zephyr's power management (`ENXIO`).
    pub const SUSPENDED: Self = Self::new(raw::ENXIO);

    /// A counter does not run as it should (`EIO`).
    pub(crate) const IO: Self = Self::new(raw::EIO);

    const fn new(errno: u32) -> Self {
        match NonZero::new(-(errno as c_int)) {
            Some(code) => Self { code },
            None => panic!("0 is no error"),
        }
    }

    /// Turns the return value of a Zephyr call into a result.
    pub(crate) const fn check(code: c_int) -> Result<u32, Self> {
        match NonZero::new(code) {
            Some(code) if code.is_negative() => Err(Self { code }),
            _ => Ok(code.unsigned_abs()),
        }
    }

    /// The positive `errno` of the platform, as in Zephyr's `errno.h`.
    pub const fn errno(self) -> u32 {
        self.code.get().unsigned_abs()
    }

    const fn message(self) -> &'static str {
        match self.errno() {
            raw::EAGAIN => "nothing is pending",
            raw::ETIMEDOUT => "timed out",
            raw::EINVAL => "invalid argument",
            raw::EBUSY => "busy",
            raw::EBADF => "not open",
            raw::EPIPE => "closed, and read to its end",
            raw::ENOSPC => "all places are taken",
            raw::EIO => "input/output error",
            raw::ENOTSUP => "not supported",
            raw::ENODEV => "no such device, or not ready",
            raw::EINTR => "interrupted",
            #[cfg(edgepipe_pm)]
            raw::ENXIO => "suspended",
            _ => "kernel error",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (errno {})", self.message(), self.errno())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({self})")
    }
}

impl core::error::Error for Error {}

impl embedded_io::Error for Error {
    fn kind(&self) -> embedded_io::ErrorKind {
        use embedded_io::ErrorKind;
        match self.errno() {
            raw::ETIMEDOUT => ErrorKind::TimedOut,
            raw::EINVAL => ErrorKind::InvalidInput,
            raw::EINTR => ErrorKind::Interrupted,
            raw::ENOTSUP => ErrorKind::Unsupported,
            raw::ENODEV => ErrorKind::NotFound,
            _ => ErrorKind::Other,
        }
    }
}
