//! The instances of C, and their nodes.

use core::ffi::{c_char, c_int};

use edgepipe::{Bytes, Capture, Error, Line, OpenError, Reader};
use edgepipe_devicetree::{EDGES, STROBES};

use crate::slot::Slot;

/// `struct edgepipe`.
#[repr(C)]
pub(crate) struct Instance {
    name: *const c_char,
    capacity: u32,
    headroom: u32,
    pipe_records: u32,
    record_bytes: u8,
    data_lines: u8,
    index: u16,
}

unsafe extern "C" {
    /// From `zephyr/instances.c`.
    fn edgepipe_log_refused(instance: *const Instance, line: c_int, error: c_int);
}

/// In place of a line: the clock was refused.
const CLOCK: c_int = -2;

/// How many instances there are.
pub(crate) const INSTANCES: usize = EDGES.len() + STROBES.len();

/// The slot of each instance, in the order of `edgepipe_instances`.
static SLOTS: [Slot; INSTANCES] = [const { Slot::new() }; INSTANCES];

impl Instance {
    /// # Errors
    ///
    /// [`Error::INVALID_INPUT`] for an index that no instance has.
    pub(crate) fn slot(&self) -> Result<&'static Slot, Error> {
        SLOTS
            .get(usize::from(self.index))
            .ok_or(Error::INVALID_INPUT)
    }

    /// Line `index` of the node.
    ///
    /// # Errors
    ///
    /// [`Error::INVALID_INPUT`] if it captures the edges of no such line.
    pub(crate) fn line(&self, index: u32) -> Result<&'static Line, Error> {
        let node = EDGES.get(usize::from(self.index));
        let line = node.and_then(|node| node.lines().get(index as usize));
        line.ok_or(Error::INVALID_INPUT)
    }

    /// Whether it captures edges.
    pub(crate) fn has_edges(&self) -> bool {
        usize::from(self.index) < EDGES.len()
    }

    /// Opens the node. The indices of edge captures come first, then those of strobe captures.
    ///
    /// # Errors
    ///
    /// The library's error, which is also logged.
    pub(crate) fn open(&self) -> Result<(Capture, Reader<Bytes>), Error> {
        let index = usize::from(self.index);
        let opened = if let Some(node) = EDGES.get(index) {
            node.open().map(|(capture, it)| (capture, it.into_bytes()))
        } else {
            let node = STROBES.get(index - EDGES.len());
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
            // SAFETY: the instance is one of C's, because `self` was passed by C.
            unsafe { edgepipe_log_refused(self, line, code(error)) };
            error
        })
    }
}

/// The negative errno.
pub(crate) fn code(error: Error) -> c_int {
    -(error.errno() as c_int)
}
