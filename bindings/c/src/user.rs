//! What system calls need besides the functions of the header: `zephyr/syscalls.h`.

use core::ffi::c_int;

use edgepipe::{Signal, sys::sem::Semaphore};
use zephyr::{raw, raw::k_timeout_t, time::Timeout};

use crate::calls::{code_or_again, reader, reason};
use crate::instance::{Device, INSTANCES, Instance, code};

/// The place of each instance's semaphore among what its capture wakes, at `Config::index`.
static SIGNALS: [Signal; INSTANCES] = [const { Signal::new() }; INSTANCES];

#[unsafe(no_mangle)]
extern "C" fn edgepipe_wait_data(device: Device, timeout: k_timeout_t) -> c_int {
    let waited = reader(device).and_then(|reader| reader.wait_data(Timeout(timeout)));
    waited.map_or_else(code_or_again, |()| 0)
}

/// # Safety
///
/// `semaphore` is initialised and static, and always the same for this device.
#[unsafe(no_mangle)]
unsafe extern "C" fn edgepipe_ready_with_sem(device: Device, semaphore: *mut raw::k_sem) -> c_int {
    // SAFETY: by the duty above.
    let semaphore = unsafe { Semaphore::from_raw(semaphore) };
    let ready = Instance::of(device).and_then(|instance| {
        let signal = instance.of_each(&SIGNALS)?;
        reader(device)?.ready_with_sem(signal, semaphore)
    });
    ready.map_or_else(code, |wake| wake.map_or(0, reason))
}
