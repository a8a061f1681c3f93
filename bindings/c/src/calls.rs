//! The functions of the header. Each `unsafe` here rests on a promise that the header demands of
//! the caller.

use core::{
    ffi::{c_int, c_void},
    ptr,
};

use edgepipe::{Capture, Error, Level, Readiness, Trigger, Wake, WeakReader, record::Record};
use zephyr::{
    raw::{self, k_timeout_t},
    time::{Duration, Timeout},
};

use crate::{
    edge::CEdge,
    instance::{Device, Instance, code},
    sample::{CGap, CSample},
    slot::Slot,
    stats::Stats,
    together,
};

/// `EDGEPIPE_WHEN_FULL`.
const WHEN_FULL: u32 = u32::MAX;

/// The time in a sample's record.
const SAMPLE_TIME: u64 = (1 << 48) - 1;

/// `enum edgepipe_trigger`.
const RISING: c_int = 1;
const FALLING: c_int = 2;
const BOTH: c_int = RISING | FALLING;

#[unsafe(no_mangle)]
extern "C" fn z_impl_edgepipe_open(device: Device) -> c_int {
    let opened = slot(device)
        .and_then(|(instance, slot)| slot.open(|| has_fds(instance), || instance.open()));
    opened.map_or_else(code, |()| 0)
}

#[unsafe(no_mangle)]
extern "C" fn z_impl_edgepipe_close(device: Device) -> c_int {
    let closed = slot(device).and_then(|(_, slot)| slot.close());
    closed.map_or_else(code, |()| 0)
}

#[unsafe(no_mangle)]
extern "C" fn z_impl_edgepipe_wait(device: Device, timeout: k_timeout_t) -> c_int {
    let wake = reader(device).and_then(|reader| reader.wait_ready(Timeout(timeout)));
    wake.map_or_else(code_or_again, reason)
}

/// # Safety
///
/// `devs` is null, or readable for `count` pointers to instances, and `reasons` is null, or writable for `count`
/// numbers.
#[unsafe(no_mangle)]
unsafe extern "C" fn z_impl_edgepipe_wait_any(
    devs: *mut Device,
    reasons: *mut c_int,
    count: usize,
    timeout: k_timeout_t,
) -> c_int {
    // SAFETY: by the duty above.
    let arrays = unsafe { slice(devs, count) }
        .and_then(|devs| Ok((&*devs, unsafe { slice(reasons, count) }?)));
    let ready = arrays.and_then(|(devs, reasons)| together::wait(devs, reasons, Timeout(timeout)));
    ready.map_or_else(code_or_again, |ready| ready as c_int)
}

#[unsafe(no_mangle)]
extern "C" fn edgepipe_wake(device: Device) -> c_int {
    let woken = slot(device).and_then(|(_, slot)| together::wake(slot));
    woken.map_or_else(code, |()| 0)
}

#[unsafe(no_mangle)]
extern "C" fn edgepipe_flush(device: Device) -> c_int {
    let flushed = reader(device).and_then(WeakReader::flush);
    flushed.map_or_else(code, |()| 0)
}

#[unsafe(no_mangle)]
extern "C" fn z_impl_edgepipe_ready(device: Device) -> c_int {
    let ready = reader(device).and_then(WeakReader::ready);
    ready.map_or_else(code, |wake| wake.map_or(0, reason))
}

/// # Safety
///
/// `buffer` is null, or writable for `size` bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn z_impl_edgepipe_read(
    device: Device,
    buffer: *mut c_void,
    size: usize,
    timeout: k_timeout_t,
) -> isize {
    let read = reader(device).and_then(|reader| {
        // SAFETY: by the duty above.
        let bytes = unsafe { slice(buffer.cast::<u8>(), size) }?;
        if bytes.is_empty() {
            // There is nothing to wait for either.
            return Ok(0);
        }
        reader.read_timeout(bytes, Timeout(timeout))
    });
    // A slice is never longer than `isize::MAX`.
    read.map_or_else(|error| code_or_again(error) as isize, |size| size as isize)
}

/// # Safety
///
/// `edges` is null, or writable for `count` edges.
#[unsafe(no_mangle)]
unsafe extern "C" fn z_impl_edgepipe_read_edges(
    device: Device,
    edges: *mut CEdge,
    count: usize,
    timeout: k_timeout_t,
) -> isize {
    let read = slot(device).and_then(|(instance, slot)| {
        let (reader, _) = slot.reader()?;
        if !instance.has_edges() {
            return Err(Error::INVALID_INPUT);
        }
        // SAFETY: by the duty above.
        let edges = unsafe { slice(edges, count) }?;
        let decode = |record| slot.decode(record).map(CEdge::from);
        reader.read_decoded(edges, Timeout(timeout), decode)
    });
    read.map_or_else(
        |error| code_or_again(error) as isize,
        |count| count as isize,
    )
}

/// # Safety
///
/// `samples` is null, or writable for `count` samples.
#[unsafe(no_mangle)]
unsafe extern "C" fn z_impl_edgepipe_read_samples(
    device: Device,
    samples: *mut CSample,
    count: usize,
    timeout: k_timeout_t,
) -> isize {
    let read = slot(device).and_then(|(instance, slot)| {
        let (reader, _) = slot.reader()?;
        if instance.has_edges() {
            return Err(Error::INVALID_INPUT);
        }
        // SAFETY: by the duty above.
        let samples = unsafe { slice(samples, count) }?;
        reader.read_samples(samples, Timeout(timeout), |value, cycles, gap| {
            CSample::new(value, slot.sample_ns(cycles), gap)
        })
    });
    read.map_or_else(
        |error| code_or_again(error) as isize,
        |count| count as isize,
    )
}

/// # Safety
///
/// `gap` is null, or can be written.
#[unsafe(no_mangle)]
unsafe extern "C" fn z_impl_edgepipe_gap(device: Device, gap: *mut CGap) -> c_int {
    if gap.is_null() {
        return code(Error::INVALID_INPUT);
    }
    let found = reader(device).and_then(WeakReader::gap);
    found.map_or_else(code, |found| {
        // SAFETY: by the duty above, and it is not null.
        unsafe { gap.write(found.unwrap_or_default().into()) };
        found.is_some().into()
    })
}

#[unsafe(no_mangle)]
extern "C" fn z_impl_edgepipe_discard(device: Device) -> isize {
    let discarded = slot(device).and_then(|(_, slot)| {
        let (reader, _) = slot.reader()?;
        reader.discard_decoded(|record| slot.decode(record).is_some())
    });
    discarded.map_or_else(|error| code(error) as isize, |count| count as isize)
}

#[unsafe(no_mangle)]
extern "C" fn z_impl_edgepipe_record_ns(device: Device, record: u64) -> u64 {
    // A sample's record has its value where that of an edge has its kind.
    let record = match Instance::of(device) {
        Ok(instance) if !instance.has_edges() => record & SAMPLE_TIME,
        _ => record,
    };
    let Ok(Record::Edge { cycles, .. }) = Record::decode(record.to_le_bytes()) else {
        return 0;
    };
    let ns = reader(device).and_then(|reader| reader.record_ns(cycles));
    ns.unwrap_or(0)
}

#[unsafe(no_mangle)]
extern "C" fn z_impl_edgepipe_now_ns(device: Device) -> u64 {
    reader(device).and_then(WeakReader::now_ns).unwrap_or(0)
}

/// # Safety
///
/// `levels` is null, or can be written.
#[unsafe(no_mangle)]
unsafe extern "C" fn z_impl_edgepipe_levels(device: Device, levels: *mut u32) -> c_int {
    if levels.is_null() {
        return code(Error::INVALID_INPUT);
    }
    let found = reader(device).and_then(WeakReader::levels);
    found.map_or_else(code, |found| {
        // SAFETY: by the duty above, and it is not null.
        unsafe { levels.write(found) };
        0
    })
}

/// # Safety
///
/// `levels` is null, or can be written.
#[unsafe(no_mangle)]
unsafe extern "C" fn z_impl_edgepipe_levels_before(device: Device, levels: *mut u32) -> c_int {
    if levels.is_null() {
        return code(Error::INVALID_INPUT);
    }
    let found = slot(device).and_then(|(instance, slot)| {
        let found = slot.levels()?;
        instance
            .has_edges()
            .then_some(found)
            .ok_or(Error::INVALID_INPUT)
    });
    found.map_or_else(code, |found| {
        // SAFETY: by the duty above, and it is not null.
        unsafe { levels.write(found) };
        0
    })
}

#[unsafe(no_mangle)]
extern "C" fn z_impl_edgepipe_set_threshold(device: Device, records: u32) -> c_int {
    let readiness = match records {
        WHEN_FULL => Readiness::Full,
        records => Readiness::Records(records),
    };
    let set = reader(device).and_then(|reader| reader.set_readiness(readiness));
    set.map_or_else(code, |()| 0)
}

#[unsafe(no_mangle)]
extern "C" fn edgepipe_set_idle(device: Device, us: u32) -> c_int {
    let time = (us > 0).then(|| Duration::micros_at_least(us.into()));
    let set = reader(device).and_then(|reader| reader.set_idle_after(time));
    set.map_or_else(code, |()| 0)
}

#[unsafe(no_mangle)]
extern "C" fn edgepipe_pause(device: Device) -> c_int {
    with_capture(device, |_, capture| {
        capture.pause();
        Ok(())
    })
}

#[unsafe(no_mangle)]
extern "C" fn edgepipe_resume(device: Device) -> c_int {
    with_capture(device, |_, capture| capture.resume())
}

#[unsafe(no_mangle)]
extern "C" fn edgepipe_drive(device: Device, line: u32, level: bool) -> c_int {
    with_capture(device, |instance, capture| {
        capture.drive(instance.line(line)?, Level::from(level))
    })
}

#[unsafe(no_mangle)]
extern "C" fn edgepipe_release(device: Device, line: u32) -> c_int {
    with_capture(device, |instance, capture| {
        capture.release(instance.line(line)?)
    })
}

#[unsafe(no_mangle)]
extern "C" fn edgepipe_set_trigger(device: Device, line: u32, trigger: c_int) -> c_int {
    with_capture(device, |instance, capture| {
        let trigger = match trigger {
            RISING => Trigger::Rising,
            FALLING => Trigger::Falling,
            BOTH => Trigger::Both,
            _ => return Err(Error::INVALID_INPUT),
        };
        capture.set_trigger(instance.line(line)?, trigger)
    })
}

#[unsafe(no_mangle)]
extern "C" fn edgepipe_pipe(device: Device) -> *mut raw::k_pipe {
    let pipe = reader(device).ok().and_then(WeakReader::pipe);
    pipe.map_or(ptr::null_mut(), ptr::NonNull::as_ptr)
}

#[unsafe(no_mangle)]
extern "C" fn z_impl_edgepipe_hertz(device: Device) -> u32 {
    let hertz = reader(device).and_then(WeakReader::hertz);
    hertz.unwrap_or(0)
}

/// # Safety
///
/// `stats` is null, or can be written.
#[unsafe(no_mangle)]
unsafe extern "C" fn z_impl_edgepipe_stats(device: Device, stats: *mut Stats) -> c_int {
    if stats.is_null() {
        return code(Error::INVALID_INPUT);
    }
    let books = slot(device).and_then(|(_, slot)| {
        let (reader, opened) = slot.reader()?;
        Ok(Stats::new(&reader.ledger()?, opened))
    });
    books.map_or_else(code, |books| {
        // SAFETY: by the duty above, and it is not null.
        unsafe { stats.write(books) };
        0
    })
}

#[cfg(feature = "fd")]
#[unsafe(no_mangle)]
extern "C" fn edgepipe_fd(device: Device) -> c_int {
    let fd = slot(device).and_then(|(instance, slot)| {
        let (reader, _) = slot.reader()?;
        let fd = reader.open_fd()?;
        // SAFETY: the address is only compared.
        unsafe { edgepipe_fd_set_owner(fd, instance.device) };
        Ok(fd)
    });
    fd.unwrap_or_else(code)
}

#[cfg(feature = "fd")]
unsafe extern "C" {
    // From `zephyr/fd.c`.
    fn edgepipe_fd_set_owner(fd: c_int, owner: *const raw::device);
    fn edgepipe_fd_has_owner(owner: *const raw::device) -> bool;
}

/// Whether a file descriptor keeps the device of an instance.
fn has_fds(instance: Instance) -> bool {
    #[cfg(feature = "fd")]
    // SAFETY: the address is only compared.
    return unsafe { edgepipe_fd_has_owner(instance.device) };
    #[cfg(not(feature = "fd"))]
    {
        let _ = instance;
        false
    }
}

/// The instance, if the device is one, and its slot.
fn slot(device: Device) -> Result<(Instance, &'static Slot), Error> {
    let instance = Instance::of(device)?;
    Ok((instance, instance.slot()?))
}

/// Calls `body` with the instance and its running capture; returns 0, or a negative errno.
fn with_capture(
    device: Device,
    body: impl FnOnce(Instance, &mut Capture) -> Result<(), Error>,
) -> c_int {
    let done = slot(device)
        .and_then(|(instance, slot)| slot.with_capture(|capture| body(instance, capture)));
    done.map_or_else(code, |()| 0)
}

pub(crate) fn reader(device: Device) -> Result<WeakReader, Error> {
    let (reader, _) = slot(device)?.1.reader()?;
    Ok(reader)
}

/// The `count` elements at `start`, or as many of them as can exist.
///
/// # Errors
///
/// [`Error::INVALID_INPUT`] if there are elements, but `start` is null or not aligned.
///
/// # Safety
///
/// `start` is null, or writable for `count` elements, of which any bytes are a valid value.
unsafe fn slice<'a, T>(start: *mut T, count: usize) -> Result<&'a mut [T], Error> {
    if count == 0 {
        // It may be null.
        return Ok(&mut []);
    }
    if start.is_null() || !start.is_aligned() {
        return Err(Error::INVALID_INPUT);
    }
    // Up to the end of the address space, and no longer than a slice can be.
    let most = (usize::MAX - start.addr()).min(isize::MAX as usize) / size_of::<T>();
    // SAFETY: by the duty above, and within the limits of a slice.
    Ok(unsafe { core::slice::from_raw_parts_mut(start, count.min(most)) })
}

/// A time-out is `-EAGAIN` in Zephyr, with or without a wait.
fn code_or_again(error: Error) -> c_int {
    match error {
        Error::TIMED_OUT => code(Error::WOULD_BLOCK),
        error => code(error),
    }
}

/// `enum edgepipe_reason`.
pub(crate) const fn reason(wake: Wake) -> c_int {
    match wake {
        Wake::Overflow => 1,
        Wake::Full => 2,
        Wake::Threshold => 3,
        Wake::Deadline => 4,
        Wake::Idle => 5,
        Wake::Closed => 6,
    }
}
