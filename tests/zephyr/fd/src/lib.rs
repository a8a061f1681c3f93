//! The Rust side of the captures that the C tests use: two devices with their captures.
#![no_std]

use core::{ffi::c_int, ptr::NonNull};

use edgepipe::{
    Capture, Config, Delivery, EdgeDevice, Error, OpenError, RECORD_BYTES, Reader, Readiness,
    StrobeDevice, Trigger,
};
use edgepipe_app::EmulatedPin;
use embedded_io::Read;
use zephyr::{
    raw::{device, k_pipe},
    sync::SpinMutex,
    time::Forever,
};

const RECORDS: usize = 8;

/// A device on one pin, and the two ends of its capture while it is open.
struct Bench {
    device: EdgeDevice<RECORDS, 1, 0, RECORDS>,
    capture: SpinMutex<Option<Capture>>,
    reader: SpinMutex<Option<Reader>>,
}

static BENCHES: [Bench; 2] = [const {
    Bench {
        device: EdgeDevice::new(),
        capture: SpinMutex::new(None),
        reader: SpinMutex::new(None),
    }
}; 2];

extern "C" {
    /// From `support.c`.
    static fd_test_port: &'static device;
}

fn exchange<T>(place: &SpinMutex<Option<T>>, value: Option<T>) -> Option<T> {
    let Ok(mut guard) = place.lock();
    core::mem::replace(&mut *guard, value)
}

/// Lends the reader, without a lock: only one thread uses it at a time.
fn with_reader<T>(index: c_int, body: impl FnOnce(&mut Reader) -> T) -> T {
    let place = &BENCHES[index as usize].reader;
    let mut reader = exchange(place, None).expect("the reader is open and nobody has it");
    let result = body(&mut reader);
    exchange(place, Some(reader));
    result
}

fn code(error: Error) -> c_int {
    -(error.errno() as c_int)
}

/// Opens the device on the pin of the same number. With a threshold of 0 it is ready when full.
#[no_mangle]
extern "C" fn capture_try_open(index: c_int, threshold: u32) -> c_int {
    open(index, threshold, Delivery::Direct)
}

/// Like `capture_try_open`, but the capture delivers through a pipe, which `capture_pipe` returns.
#[no_mangle]
extern "C" fn capture_try_open_piped(index: c_int, threshold: u32) -> c_int {
    open(index, threshold, Delivery::Pipe)
}

#[no_mangle]
extern "C" fn capture_pipe(index: c_int) -> Option<NonNull<k_pipe>> {
    with_reader(index, |reader| reader.pipe())
}

fn open(index: c_int, threshold: u32, deliver: Delivery) -> c_int {
    let bench = &BENCHES[index as usize];
    // SAFETY: a constant of `support.c`, and an emulated controller.
    let pin = unsafe { EmulatedPin::new(fd_test_port, index as u8) };
    let ready = if threshold == 0 {
        Readiness::Full
    } else {
        Readiness::Records(threshold)
    };
    match bench.device.open(
        &[pin.line()],
        Config {
            ready,
            headroom: Some(0),
            deliver,
            ..Config::default()
        },
    ) {
        Ok((capture, reader)) => {
            exchange(&bench.capture, Some(capture));
            exchange(&bench.reader, Some(reader));
            0
        }
        Err(OpenError::Other(error)) => code(error),
        Err(error) => panic!("{error}"),
    }
}

#[no_mangle]
extern "C" fn capture_fd(index: c_int) -> c_int {
    with_reader(index, |reader| reader.open_fd().unwrap_or_else(code))
}

/// Closes the capture; the reader stays.
#[no_mangle]
extern "C" fn capture_close(index: c_int) {
    drop(exchange(&BENCHES[index as usize].capture, None));
}

/// Drops the reader.
#[no_mangle]
extern "C" fn capture_drop_reader(index: c_int) {
    drop(exchange(&BENCHES[index as usize].reader, None));
}

#[no_mangle]
extern "C" fn capture_is_ready(index: c_int) -> bool {
    with_reader(index, |reader| reader.ready().is_some())
}

/// Sleeps until the capture is ready.
#[no_mangle]
extern "C" fn capture_wait_ready(index: c_int) {
    with_reader(index, |reader| reader.wait_ready(Forever)).expect("there is no time-out");
}

/// Makes the capture ready at `records` records.
#[no_mangle]
extern "C" fn capture_set_threshold(index: c_int, threshold: u32) -> c_int {
    let set = with_reader(index, |reader| {
        reader.set_readiness(Readiness::Records(threshold))
    });
    set.map_or_else(|error| code(error.into()), |()| 0)
}

/// Reads at most `records` records, without waiting; returns the number of bytes.
#[no_mangle]
extern "C" fn capture_try_read(index: c_int, records: usize) -> c_int {
    let mut bytes = [0; RECORDS * RECORD_BYTES];
    let bytes = &mut bytes[..records * RECORD_BYTES];
    with_reader(index, |reader| {
        reader
            .try_read(bytes)
            .map_or_else(code, |count| count as c_int)
    })
}

/// Like `capture_try_read`, but sleeps while nothing is pending.
#[no_mangle]
extern "C" fn capture_read(index: c_int, records: usize) -> c_int {
    let mut bytes = [0; RECORDS * RECORD_BYTES];
    let bytes = &mut bytes[..records * RECORD_BYTES];
    with_reader(index, |reader| {
        reader.read(bytes).map_or_else(code, |count| count as c_int)
    })
}

static STROBE: StrobeDevice<u8, RECORDS> = StrobeDevice::new();
static STROBE_ENDS: SpinMutex<Option<(Capture, Reader<u8>)>> = SpinMutex::new(None);

/// Opens a capture of bytes, data on pin 0, strobed by rising edges of pin 1, and a descriptor.
#[no_mangle]
extern "C" fn strobe_open() -> c_int {
    // SAFETY: as in `capture_try_open`.
    let line = |pin| unsafe { EmulatedPin::new(fd_test_port, pin) }.line();
    let strobe = line(1).with_trigger(Trigger::Rising);
    let (capture, reader) = STROBE
        .open(strobe, &[line(0)], Config::DEFAULT)
        .expect("the lines are right");
    let fd = reader.open_fd().unwrap_or_else(code);
    exchange(&STROBE_ENDS, Some((capture, reader)));
    fd
}

/// Closes the capture of bytes; the descriptor stays.
#[no_mangle]
extern "C" fn strobe_close() {
    drop(exchange(&STROBE_ENDS, None));
}

/// Never called (see `CMakeLists.txt`), but zephyr-lang-rust's `main.c` names it.
#[no_mangle]
extern "C" fn rust_main() {}
