//! How long does it take until a driven line is captured again?

use edgepipe::{Config, EdgeDevice, Level, Line};
use zephyr::{printkln, raw::device};

use crate::{
    harness::cost_of,
    kind::{close, opened},
};

extern "C" {
    static noting_port: &'static device;
    /// Instructions from the beginning of `body` to the last read of the port's levels in it.
    fn cost_until_read(body: extern "C" fn()) -> u32;
}

const LINES: usize = 32;

static DEVICE: EdgeDevice<16, 1> = EdgeDevice::new();

fn line(pin: usize) -> Line {
    // SAFETY: a constant of `release.c`.
    Line::new(unsafe { noting_port }, pin as u8, 0)
}

fn drive() {
    let driven = opened().capture().drive(&line(LINES - 1), Level::Low);
    driven.expect("the driver returns no error");
}

extern "C" fn release() {
    let released = opened().capture().release(&line(LINES - 1));
    released.expect("the driver returns no error");
}

/// Measures `release` of the last of 32 lines: the whole call, and until its level is read with interrupts masked. From
/// there on each of its edges is captured. What the port's driver does is included: next to nothing.
pub fn measure() {
    extern "C" fn nothing() {}
    let (capture, reader) = DEVICE
        .open(&core::array::from_fn::<_, LINES, _>(line), Config::DEFAULT)
        .expect("nobody else has it");
    opened().capture = Some(capture);
    opened().reader = Some(reader);
    let empty = cost_of(nothing);
    drive();
    let whole = cost_of(release) - empty;
    drive();
    // SAFETY: it only calls `release`.
    let captured = unsafe { cost_until_read(release) } - empty;
    close();
    for (figure, cost) in [("cost", whole), ("captured", captured)] {
        printkln!("bench: release edgepipe lines={LINES} {figure} {cost}");
    }
}
