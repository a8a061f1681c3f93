//! The functions of the header. All `unsafe` here is a promise that the header asks of its caller.

use core::ffi::{c_int, c_void};

use edgepipe::{Error, Reader, Readiness, Wake};
use zephyr::{
    raw::{EAGAIN, EBADF, k_timeout_t},
    time::Timeout,
};

use crate::{
    instance::{Instance, code},
    stats::Stats,
};

/// `EDGEPIPE_WHEN_FULL`.
const WHEN_FULL: u32 = u32::MAX;

const NOT_OPEN: c_int = -(EBADF as c_int);
const AGAIN: c_int = -(EAGAIN as c_int);

#[unsafe(no_mangle)]
extern "C" fn edgepipe_open(instance: &Instance) -> c_int {
    let opened = instance
        .slot()
        .and_then(|slot| slot.open(|| instance.open()));
    opened.map_or_else(code, |()| 0)
}

#[unsafe(no_mangle)]
extern "C" fn edgepipe_close(instance: &Instance) -> c_int {
    match instance.slot() {
        Ok(slot) => slot.close().map_or(NOT_OPEN, |()| 0),
        Err(error) => code(error),
    }
}

#[unsafe(no_mangle)]
extern "C" fn edgepipe_wait(instance: &Instance, timeout: k_timeout_t) -> c_int {
    with_reader(instance, |reader| {
        match reader.wait_ready(Timeout(timeout)) {
            Ok(wake) => reason(wake),
            Err(error) => again(error),
        }
    })
}

#[unsafe(no_mangle)]
extern "C" fn edgepipe_ready(instance: &Instance) -> c_int {
    with_reader(instance, |reader| reader.ready().map_or(0, reason))
}

/// # Safety
///
/// `buffer` is writable for `size` bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn edgepipe_read(
    instance: &Instance,
    buffer: *mut c_void,
    size: usize,
    timeout: k_timeout_t,
) -> isize {
    if size == 0 {
        // There may be no buffer.
        return with_reader(instance, |_| 0) as isize;
    }
    // SAFETY: by the duty above. Bytes need no alignment.
    let bytes = unsafe { core::slice::from_raw_parts_mut(buffer.cast::<u8>(), size) };
    let mut length = 0;
    let status = with_reader(instance, |reader| {
        match reader.read_timeout(bytes, Timeout(timeout)) {
            Ok(read) => {
                length = read;
                0
            }
            Err(error) => again(error),
        }
    });
    if status < 0 {
        status as isize
    } else {
        // A slice is never longer than `isize::MAX`.
        length as isize
    }
}

#[unsafe(no_mangle)]
extern "C" fn edgepipe_set_threshold(instance: &Instance, records: u32) -> c_int {
    let readiness = match records {
        WHEN_FULL => Readiness::Full,
        records => Readiness::Records(records),
    };
    with_reader(instance, |reader| {
        let set = reader.set_readiness(readiness).map_err(Error::from);
        set.map_or_else(code, |()| 0)
    })
}

/// # Safety
///
/// `stats` can be written.
#[unsafe(no_mangle)]
unsafe extern "C" fn edgepipe_stats(instance: &Instance, stats: *mut Stats) -> c_int {
    with_reader(instance, |reader| {
        // SAFETY: by the duty above.
        unsafe { stats.write(reader.ledger().into()) };
        0
    })
}

#[cfg(feature = "fd")]
#[unsafe(no_mangle)]
extern "C" fn edgepipe_fd(instance: &Instance) -> c_int {
    with_reader(instance, |reader| reader.open_fd().unwrap_or_else(code))
}

fn with_reader(instance: &Instance, body: impl FnOnce(&Reader<u8>) -> c_int) -> c_int {
    match instance.slot() {
        Ok(slot) => slot.with_reader(body).unwrap_or(NOT_OPEN),
        Err(error) => code(error),
    }
}

/// A time-out is `-EAGAIN` in Zephyr, whether there was a wait or not.
fn again(error: Error) -> c_int {
    match error {
        Error::TIMED_OUT | Error::WOULD_BLOCK => AGAIN,
        error => code(error),
    }
}

/// `enum edgepipe_reason`.
const fn reason(wake: Wake) -> c_int {
    match wake {
        Wake::Overflow => 1,
        Wake::Full => 2,
        Wake::Threshold => 3,
        Wake::Deadline => 4,
        Wake::Closed => 5,
    }
}
