//! `edgepipe,capture`.

use core::fmt;

use edgepipe::{Capture, Config, Edge, Line, OpenError, Reader};
use zephyr::raw;

use crate::{EDGES, device::Device};

/// An `edgepipe,capture` node: a device, its lines, and how to open it.
pub struct EdgeNode {
    pub(crate) open: Open,
    pub(crate) name: &'static str,
    pub(crate) ordinal: u32,
    pub(crate) device: Device,
    #[cfg(edgepipe_pm)]
    pub(crate) power: crate::power::Power,
    pub(crate) lines: &'static [Line],
    pub(crate) records: u32,
    pub(crate) config: Config,
}

/// `EdgeDevice::open`, for a device of any size.
type Open = fn(&[Line], &Config) -> Result<(Capture, Reader<Edge>), OpenError>;

impl EdgeNode {
    /// The node of a [device](Self::device); `None` for a device that is none of these.
    pub fn of_device(device: &raw::device) -> Option<&'static Self> {
        let is_same = |node: &&Self| core::ptr::eq(node.device(), device);
        EDGES.iter().find(is_same)
    }

    /// Starts capturing with the node's configuration, like
    /// [`EdgeDevice::open`](edgepipe::EdgeDevice::open).
    ///
    /// # Context
    ///
    /// Thread only.
    ///
    /// # Errors
    ///
    /// [`OpenError`]: [`Error::BUSY`](edgepipe::Error::BUSY), or the error of a GPIO driver. Errors
    /// in the devicetree are found when it is compiled.
    pub fn open(&self) -> Result<(Capture, Reader<Edge>), OpenError> {
        (self.open)(self.lines, &self.config)
    }

    /// Starts capturing with `lines`, such as some of the node's, and `config`.
    ///
    /// # Context
    ///
    /// Thread only.
    ///
    /// # Errors
    ///
    /// [`OpenError`].
    pub fn open_with(
        &self,
        lines: &[Line],
        config: Config,
    ) -> Result<(Capture, Reader<Edge>), OpenError> {
        (self.open)(lines, &config)
    }

    /// The node's name in the devicetree, with its unit address.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The node's device: `DEVICE_DT_GET` of C.
    pub const fn device(&self) -> &'static raw::device {
        self.device.0
    }

    /// The lines, in the order of `gpios`.
    pub const fn lines(&self) -> &'static [Line] {
        self.lines
    }

    /// The number of records that the buffer holds: `buffer-records`.
    pub const fn records(&self) -> u32 {
        self.records
    }

    /// The configuration that [`open`](Self::open) uses.
    pub const fn config(&self) -> Config {
        self.config
    }
}

impl fmt::Debug for EdgeNode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EdgeNode")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
