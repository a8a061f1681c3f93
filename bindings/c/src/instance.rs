//! The instances of C, and their nodes.

use core::ffi::{c_int, c_void};
use core::ptr;

use edgepipe::{Bytes, Capture, Error, Line, OpenError, Reader};
use edgepipe_devicetree::{EDGES, STROBES};
use zephyr::raw;

use crate::slot::Slot;

/// `const struct device *`, which may be null.
pub(crate) type Device = Option<&'static raw::device>;

/// `struct edgepipe_config`.
#[repr(C)]
struct Config {
    capacity: u32,
    headroom: u32,
    pipe_records: u32,
    record_bytes: u8,
    data_lines: u8,
    index: u16,
}

unsafe extern "C" {
    // From `zephyr/devices.c`.
    static edgepipe_edges_api: c_void;
    static edgepipe_samples_api: c_void;
    fn edgepipe_log_refused(device: *const raw::device, line: c_int, error: c_int);
}

/// In place of a line: the clock was refused.
const CLOCK: c_int = -2;

/// How many instances there are.
pub(crate) const INSTANCES: usize = EDGES.len() + STROBES.len();

/// The slot of each instance, at its `Config::index`.
static SLOTS: [Slot; INSTANCES] = [const { Slot::new() }; INSTANCES];

/// A device that is a capture.
#[derive(Clone, Copy)]
pub(crate) struct Instance {
    pub(crate) device: &'static raw::device,
    index: usize,
}

impl Instance {
    /// # Errors
    ///
    /// [`Error::INVALID_INPUT`] if there is no device, or if it is not a capture.
    pub(crate) fn of(device: Device) -> Result<Self, Error> {
        let device = device.ok_or(Error::INVALID_INPUT)?;
        let is_capture = ptr::eq(device.api, &raw const edgepipe_edges_api)
            || ptr::eq(device.api, &raw const edgepipe_samples_api);
        if !is_capture {
            return Err(Error::INVALID_INPUT);
        }
        // SAFETY: the devices of this class are those of `zephyr/devices.c`, with this configuration.
        let config = unsafe { &*device.config.cast::<Config>() };
        Ok(Self {
            device,
            index: usize::from(config.index),
        })
    }

    /// # Errors
    ///
    /// [`Error::INVALID_INPUT`] for an index that no instance has.
    pub(crate) fn slot(self) -> Result<&'static Slot, Error> {
        SLOTS.get(self.index).ok_or(Error::INVALID_INPUT)
    }

    /// Line `index` of the node.
    ///
    /// # Errors
    ///
    /// [`Error::INVALID_INPUT`] if it captures the edges of no such line.
    pub(crate) fn line(self, index: u32) -> Result<&'static Line, Error> {
        let node = EDGES.get(self.index);
        let line = node.and_then(|node| node.lines().get(index as usize));
        line.ok_or(Error::INVALID_INPUT)
    }

    /// Whether it captures edges.
    pub(crate) fn has_edges(self) -> bool {
        self.index < EDGES.len()
    }

    /// Opens the node. The indices of edge captures come first, then those of strobe captures.
    ///
    /// # Errors
    ///
    /// The library's error, which is also logged.
    pub(crate) fn open(self) -> Result<(Capture, Reader<Bytes>), Error> {
        let opened = if let Some(node) = EDGES.get(self.index) {
            node.open().map(|(capture, it)| (capture, it.into_bytes()))
        } else {
            let node = STROBES.get(self.index - EDGES.len());
            node.ok_or(Error::INVALID_INPUT)?.open_bytes()
        };
        opened.map_err(|refused| {
            let (line, error) = match refused {
                OpenError::Line { line, error } => (line as c_int, error),
                OpenError::Config(error) => (-1, error.into()),
                OpenError::Other(error) => (-1, error),
                OpenError::Clock(error) => (CLOCK, error.into()),
                _ => (-1, Error::INVALID_INPUT),
            };
            // SAFETY: it is a capture.
            unsafe { edgepipe_log_refused(self.device, line, code(error)) };
            error
        })
    }
}

/// The negative errno.
pub(crate) fn code(error: Error) -> c_int {
    -(error.errno() as c_int)
}
