//! `edgepipe,strobe`.

use core::fmt;

use edgepipe::{Capture, Config, Line, OpenError, Reader, StrobeDevice};

/// An `edgepipe,strobe` node: a device, its lines, and how to open it.
pub struct StrobeNode {
    pub(crate) device: &'static dyn Device,
    pub(crate) name: &'static str,
    pub(crate) ordinal: u32,
    pub(crate) strobe: Line,
    pub(crate) data: &'static [Line],
    pub(crate) bytes: u32,
    pub(crate) config: Config,
}

impl StrobeNode {
    /// Starts to capture, as the node says. As [`StrobeDevice::open`].
    ///
    /// # Context
    ///
    /// Thread only.
    ///
    /// # Errors
    ///
    /// [`OpenError`]: [`Error::BUSY`](edgepipe::Error::BUSY), or what a GPIO driver says.
    pub fn open(&self) -> Result<(Capture, Reader<u8>), OpenError> {
        self.device.open(self.strobe, self.data, self.config)
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

    /// How many bytes the buffer holds: `buffer-bytes`.
    pub const fn bytes(&self) -> u32 {
        self.bytes
    }

    /// What [`open`](Self::open) opens it with.
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

/// A device, whatever its size.
pub(crate) trait Device: Sync {
    fn open(
        &'static self,
        strobe: Line,
        data: &[Line],
        config: Config,
    ) -> Result<(Capture, Reader<u8>), OpenError>;
}

impl<const BYTES: usize> Device for StrobeDevice<BYTES> {
    fn open(
        &'static self,
        strobe: Line,
        data: &[Line],
        config: Config,
    ) -> Result<(Capture, Reader<u8>), OpenError> {
        StrobeDevice::open(self, strobe, data, config)
    }
}
