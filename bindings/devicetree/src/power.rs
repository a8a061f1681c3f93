//! What `zephyr/power.c` calls when Zephyr's power management suspends or resumes the device of a node.

use core::ffi::c_int;

use edgepipe::{Error, OpenError};
use zephyr::raw;

use crate::{EdgeNode, StrobeNode};

/// [`EdgeDevice::suspend`](edgepipe::EdgeDevice::suspend) and `resume`, for a device of any kind and size.
#[derive(Clone, Copy)]
pub(crate) struct Power {
    pub(crate) suspend: fn() -> Result<(), OpenError>,
    pub(crate) resume: fn() -> Result<(), OpenError>,
}

unsafe extern "C" {
    // From `zephyr/devices.c`.
    fn edgepipe_log_refused(device: *const raw::device, line: c_int, error: c_int);
}

#[unsafe(no_mangle)]
extern "C" fn edgepipe_pm_suspend(device: &'static raw::device) -> c_int {
    run(device, |power| (power.suspend)())
}

#[unsafe(no_mangle)]
extern "C" fn edgepipe_pm_resume(device: &'static raw::device) -> c_int {
    run(device, |power| (power.resume)())
}

fn run(device: &'static raw::device, body: impl FnOnce(Power) -> Result<(), OpenError>) -> c_int {
    let edges = EdgeNode::of_device(device).map(|node| node.power);
    let found = edges.or_else(|| StrobeNode::of_device(device).map(|node| node.power));
    let done = found.map_or(Err(Error::INVALID_INPUT.into()), body);
    let (line, error) = match done {
        Ok(()) => return 0,
        Err(OpenError::Line { line, error }) => (line as c_int, error),
        Err(OpenError::Other(error)) => (-1, error),
        Err(_) => (-1, Error::INVALID_INPUT),
    };
    let code = -(error.errno() as c_int);
    if line >= 0 {
        // SAFETY: it is a device.
        unsafe { edgepipe_log_refused(device, line, code) };
    }
    code
}
