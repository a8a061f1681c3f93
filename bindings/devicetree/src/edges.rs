//! `edgepipe,capture`.

use core::fmt;

use edgepipe::{Capture, Config, Edge, Line, OpenError, Reader};

/// An `edgepipe,capture` node: a device, its lines, and how to open it.
pub struct EdgeNode {
    pub(crate) open: Open,
    pub(crate) name: &'static str,
    pub(crate) ordinal: u32,
    pub(crate) lines: &'static [Line],
    pub(crate) records: u32,
    pub(crate) config: Config,
}

/// `EdgeDevice::open`, of a device of whatever size.
type Open = fn(&[Line], &Config) -> Result<(Capture, Reader<Edge>), OpenError>;

impl EdgeNode {
    /// Starts to capture, as the node says. As [`EdgeDevice::open`](edgepipe::EdgeDevice::open).
    ///
    /// # Context
    ///
    /// Thread only.
    ///
    /// # Errors
    ///
    /// [`OpenError`]: [`Error::BUSY`](edgepipe::Error::BUSY), or what a GPIO driver says. All that
    /// could be wrong in the devicetree is found when it is compiled.
    pub fn open(&self) -> Result<(Capture, Reader<Edge>), OpenError> {
        (self.open)(self.lines, &self.config)
    }

    /// Starts to capture some of the node's lines, or otherwise than it says.
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

    /// The lines, in the order of `gpios`.
    pub const fn lines(&self) -> &'static [Line] {
        self.lines
    }

    /// How many records the buffer holds: `buffer-records`.
    pub const fn records(&self) -> u32 {
        self.records
    }

    /// What [`open`](Self::open) opens it with.
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
