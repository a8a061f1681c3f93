//! `edgepipe,strobe`.

use core::fmt;

use edgepipe::{Capture, Config, Line, OpenError, Reader};

/// An `edgepipe,strobe` node: a device, its lines, and how to open it.
pub struct StrobeNode {
    pub(crate) open: Open,
    pub(crate) name: &'static str,
    pub(crate) ordinal: u32,
    pub(crate) strobe: Line,
    pub(crate) data: &'static [Line],
    pub(crate) bytes: u32,
    pub(crate) config: Config,
}

/// `StrobeDevice::open`, for a device of any size.
type Open = fn(Line, &[Line], &Config) -> Result<(Capture, Reader<u8>), OpenError>;

impl StrobeNode {
    /// Starts capturing with the node's configuration, like
    /// [`StrobeDevice::open`](edgepipe::StrobeDevice::open).
    ///
    /// # Context
    ///
    /// Thread only.
    ///
    /// # Errors
    ///
    /// [`OpenError`]: [`Error::BUSY`](edgepipe::Error::BUSY), or the error of a GPIO driver.
    pub fn open(&self) -> Result<(Capture, Reader<u8>), OpenError> {
        (self.open)(self.strobe, self.data, &self.config)
    }

    /// The node's name in the devicetree, with its unit address.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The strobe line.
    pub const fn strobe(&self) -> Line {
        self.strobe
    }

    /// The data lines, in the order of `data-gpios`.
    pub const fn data(&self) -> &'static [Line] {
        self.data
    }

    /// The number of bytes that the buffer holds: `buffer-bytes`.
    pub const fn bytes(&self) -> u32 {
        self.bytes
    }

    /// The configuration that [`open`](Self::open) uses.
    pub const fn config(&self) -> Config {
        self.config
    }
}

impl fmt::Debug for StrobeNode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StrobeNode")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
