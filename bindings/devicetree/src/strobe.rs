//! `edgepipe,strobe`.

use core::{fmt, marker::PhantomData};

use edgepipe::{Bytes, Capture, Config, Line, OpenError, Reader, Sample};
use zephyr::raw;

use crate::{STROBES, device::Device};

/// An `edgepipe,strobe` node: a device, its lines, and how to open it. `T` is the type of its samples, or [`Bytes`] in
/// [`STROBES`].
pub struct StrobeNode<T> {
    pub(crate) open: Open,
    pub(crate) name: &'static str,
    pub(crate) ordinal: u32,
    pub(crate) device: Device,
    #[cfg(edgepipe_pm)]
    pub(crate) power: crate::power::Power,
    pub(crate) strobe: Line,
    pub(crate) data: &'static [Line],
    pub(crate) samples: u32,
    pub(crate) config: Config,
    pub(crate) kind: PhantomData<fn() -> T>,
}

/// `StrobeDevice::open`, for a device of any kind.
type Open = fn(Line, &[Line], &Config) -> Result<(Capture, Reader<Bytes>), OpenError>;

impl StrobeNode<Bytes> {
    /// The node of a [device](Self::device); `None` for a device that is none of these.
    pub fn of_device(device: &raw::device) -> Option<&'static Self> {
        let is_same = |node: &&Self| core::ptr::eq(node.device(), device);
        STROBES.iter().find(is_same)
    }

    /// Starts capturing with the node's configuration, whatever its samples are.
    ///
    /// # Context
    ///
    /// Thread only.
    ///
    /// # Errors
    ///
    /// [`OpenError`]: [`Error::BUSY`](edgepipe::Error::BUSY), or the error of a GPIO driver.
    pub fn open_bytes(&self) -> Result<(Capture, Reader<Bytes>), OpenError> {
        (self.open)(self.strobe, self.data, &self.config)
    }

    /// The same node. `T` is the type of its samples.
    pub(crate) const fn of<T>(&self) -> StrobeNode<T> {
        StrobeNode {
            open: self.open,
            name: self.name,
            ordinal: self.ordinal,
            device: self.device,
            #[cfg(edgepipe_pm)]
            power: self.power,
            strobe: self.strobe,
            data: self.data,
            samples: self.samples,
            config: self.config,
            kind: PhantomData,
        }
    }
}

impl<T: Sample> StrobeNode<T> {
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
    pub fn open(&self) -> Result<(Capture, Reader<T>), OpenError> {
        let (capture, reader) = (self.open)(self.strobe, self.data, &self.config)?;
        Ok((capture, reader.into_samples()?))
    }
}

impl<T> StrobeNode<T> {
    /// The node's name in the devicetree, with its unit address.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The node's device: `DEVICE_DT_GET` of C.
    pub const fn device(&self) -> &'static raw::device {
        self.device.0
    }

    /// The strobe line.
    pub const fn strobe(&self) -> Line {
        self.strobe
    }

    /// The data lines, in the order of `data-gpios`.
    pub const fn data(&self) -> &'static [Line] {
        self.data
    }

    /// The number of samples that the buffer holds: `buffer-samples`.
    pub const fn samples(&self) -> u32 {
        self.samples
    }

    /// The configuration that [`open`](Self::open) uses.
    pub const fn config(&self) -> Config {
        self.config
    }
}

impl<T> fmt::Debug for StrobeNode<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StrobeNode")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
