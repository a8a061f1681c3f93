//! The C interface that the runner calls; `edgepipe_player_host.h` is its other half.
//!
//! There is one session per process, behind a mutex. A panic does not cross into C: it is reported like any other
//! failure. After a failure there is no session any more, and so no file.

use std::ffi::{CStr, OsStr, c_char, c_int};
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use crate::session::list;
use crate::{Driven, Error, PINS_MAX, Session, Setup};

/// `struct edgepipe_player_setup`.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct PlayerSetup {
    /// The value of `--stimulus`, or null.
    pub stimulus: *const c_char,
    /// The value of `--wires`, or null.
    pub wires: *const c_char,
    /// The value of `--stretch`, or null.
    pub stretch: *const c_char,
    /// The value of `--watch`, or null.
    pub watch: *const c_char,
    /// A name for each of the pins, or null.
    pub wire_names: *const *const c_char,
    /// A name for each of the watched pins.
    pub watch_names: *const *const c_char,
    /// How many pins are driven.
    pub pins: u32,
    /// How many are watched.
    pub watched: u32,
    /// 1 for `--list`.
    pub list: u32,
}

/// `struct edgepipe_player_start`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(C)]
pub struct PlayerStart {
    /// Edges of the stimulus.
    pub edges: u64,
    /// Its wires, 0 without a stimulus.
    pub wires: u32,
    /// Their levels at time 0, bit *n* for wire *n*.
    pub initial_levels: u32,
    /// 1 if there is a watch file.
    pub watches: u32,
}

/// `struct edgepipe_player_event`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[repr(C)]
pub struct PlayerEvent {
    /// When, in microseconds of simulated time.
    pub at_us: u64,
    /// Which wire, counted from 0.
    pub wire: u8,
    /// 1 for high, 0 for low.
    pub level: u8,
}

// The header asserts the same numbers.
#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<PlayerSetup>() == 64);
#[cfg(target_pointer_width = "64")]
const _: () = assert!(size_of::<PlayerStart>() == 24 && size_of::<PlayerEvent>() == 16);
#[cfg(target_pointer_width = "32")]
const _: () = assert!(size_of::<PlayerSetup>() == 36);
#[cfg(target_pointer_width = "32")]
const _: () = assert!(size_of::<PlayerStart>() == 20 && size_of::<PlayerEvent>() == 12);

static SESSION: Mutex<Option<Session>> = Mutex::new(None);

/// Runs `body` on the process's session. After an error or a panic there is none.
fn with_session<T>(
    body: impl FnOnce(&mut Option<Session>) -> Result<T, Error>,
) -> Result<T, Error> {
    let result = catch_unwind(AssertUnwindSafe(|| {
        // A session that a panic left half changed does no harm: it is dropped below.
        body(&mut SESSION.lock().unwrap_or_else(PoisonError::into_inner))
    }))
    .unwrap_or_else(|_| {
        let cause = "internal error: please report the lines above";
        Err(Error::failure(cause))
    });
    if result.is_err() {
        *SESSION.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
    result
}

/// Prints the error, and returns its exit status.
fn report(error: &Error) -> c_int {
    // If standard error itself fails, there is nowhere to report it.
    let _ = writeln!(io::stderr(), "{error}");
    c_int::from(error.exit_status())
}

/// 0 or, after printing the error, its exit status.
fn status(result: Result<(), Error>) -> c_int {
    result.map_or_else(|error| report(&error), |()| 0)
}

/// Opens the stimulus and the watch file; see `edgepipe_player_host.h`.
///
/// # Safety
///
/// `setup` is valid for reading, with strings and arrays as its fields say. `start` is valid for writing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn edgepipe_player_open(
    setup: *const PlayerSetup,
    start: *mut PlayerStart,
) -> c_int {
    // SAFETY: valid for reading, the caller's duty.
    let c_setup = unsafe { *setup };
    let opened = with_session(|session| {
        // SAFETY: its strings and arrays are what they should be, the caller's duty.
        let setup = unsafe { c_setup.to_rust() }?;
        if c_setup.list != 0 {
            return list(&setup).and_then(|text| print(&text)).map(|()| None);
        }
        let opened = session.insert(Session::open(&setup)?);
        let watches = u32::from(opened.watches());
        let start = opened
            .recording()
            .map_or_else(PlayerStart::default, |it| PlayerStart {
                edges: it.edges(),
                // At most 32.
                wires: it.names().len() as u32,
                initial_levels: it.initial_levels(),
                watches: 0,
            });
        Ok(Some(PlayerStart { watches, ..start }))
    });
    match opened {
        Ok(Some(started)) => {
            // SAFETY: valid for writing, the caller's duty.
            unsafe { start.write(started) };
            0
        }
        // 0 would mean "go on".
        Ok(None) => -1,
        Err(error) => report(&error),
    }
}

/// Fetches the next edge of the stimulus; see `edgepipe_player_host.h`.
///
/// # Safety
///
/// `event` is valid for writing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn edgepipe_player_next(event: *mut PlayerEvent) -> c_int {
    let next = with_session(|session| match session {
        Some(session) => session.next_event(),
        None => Ok(None),
    });
    match next {
        Ok(Some(next)) => {
            let next = PlayerEvent {
                at_us: next.at_us,
                wire: next.wire,
                level: u8::from(next.level),
            };
            // SAFETY: valid for writing, the caller's duty.
            unsafe { event.write(next) };
            1
        }
        Ok(None) => 0,
        Err(error) => {
            report(&error);
            -1
        }
    }
}

/// Begins the stimulus again; see `edgepipe_player_host.h`.
#[unsafe(no_mangle)]
pub extern "C" fn edgepipe_player_rewind() -> c_int {
    status(with_session(|session| match session {
        Some(session) => session.rewind(),
        None => Ok(()),
    }))
}

/// Tells what the firmware does to a watched pin; see `edgepipe_player_host.h`.
#[unsafe(no_mangle)]
pub extern "C" fn edgepipe_player_driven(at_us: u64, pin: u8, driven: u8) -> c_int {
    let driven = match driven {
        0 => Driven::Low,
        1 => Driven::High,
        _ => Driven::Not,
    };
    status(with_session(|session| match session {
        Some(session) => session.driven(at_us, pin, driven),
        None => Ok(()),
    }))
}

/// Completes the watch file; see `edgepipe_player_host.h`.
#[unsafe(no_mangle)]
pub extern "C" fn edgepipe_player_close(end_us: u64) -> c_int {
    status(with_session(|session| match session.take() {
        Some(session) => session.close(end_us),
        None => Ok(()),
    }))
}

fn print(text: &str) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    let printed = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    printed.map_err(|error| Error::failure(format_args!("cannot write: {error}")))
}

impl PlayerSetup {
    /// # Safety
    ///
    /// Pointers are null, or to strings and arrays that outlive the call, as the fields say.
    unsafe fn to_rust(self) -> Result<Setup, Error> {
        // One more than is allowed is enough to be refused.
        let count = |count: u32| (count as usize).min(PINS_MAX + 1);
        // SAFETY: the caller's duty, here and below.
        let path =
            |text| unsafe { string(text) }.map(|text| OsStr::from_bytes(text.to_bytes()).into());
        let text = |option: &str, text| {
            // SAFETY: as above.
            let Some(text) = (unsafe { string(text) }) else {
                return Ok(None);
            };
            let utf8 = text.to_str().map(|text| Some(text.to_string()));
            utf8.map_err(|_| Error::usage(format_args!("{option}: not UTF-8")))
        };
        // SAFETY: as above.
        let names = |array, count| unsafe { strings(array, count) };
        let pins = count(self.pins);
        Ok(Setup {
            stimulus: path(self.stimulus),
            wires: text("--wires", self.wires)?,
            stretch: text("--stretch", self.stretch)?,
            watch: path(self.watch),
            pins,
            wire_names: (!self.wire_names.is_null()).then(|| names(self.wire_names, pins)),
            watch_names: names(self.watch_names, count(self.watched)),
        })
    }
}

/// # Safety
///
/// `text` is null or points to a C string that outlives `'a`.
unsafe fn string<'a>(text: *const c_char) -> Option<&'a CStr> {
    // SAFETY: not null, hence a C string, the caller's duty.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) })
}

/// The C strings of an array.
///
/// # Safety
///
/// `array` is null or points to `count` pointers, each null or to a C string.
unsafe fn strings(array: *const *const c_char, count: usize) -> Vec<String> {
    if array.is_null() {
        return Vec::new();
    }
    (0..count)
        // SAFETY: `index` is below `count`, the length of the array; a pointer that is not null is to a C string.
        .filter_map(|index| unsafe { string(*array.add(index)) })
        .map(|text| text.to_string_lossy().into_owned())
        .collect()
}
