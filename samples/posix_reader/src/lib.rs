//! Opens a capture on emulated lines, plays a stimulus into them from a timer's interrupt, and
//! hands the capture to a C program as a file descriptor.
#![no_std]

use core::ffi::c_int;

use edgepipe::{Capture, RawFd};
use edgepipe_app::{Builtin, EmulatedPin, Event, Pins, Player, Stimulus, builtin};
use edgepipe_devicetree::edges;

static PLAYER: Player<Slow> = Player::new();

/// The built-in stimulus, slow enough for the program to print while it reads.
struct Slow(Builtin);

impl Stimulus for Slow {
    fn next(&mut self) -> Option<Event> {
        self.0.next().map(|event| Event {
            at_us: event.at_us * 20,
            ..event
        })
    }
}

extern "C" {
    /// The program: `posix_reader.c`.
    fn posix_reader(fd: RawFd) -> c_int;
}

#[no_mangle]
extern "C" fn rust_main() {
    let node = edges!(labels::capture);
    // SAFETY: the overlays of this sample put only emulated lines into the node.
    let pins: Pins = node
        .lines()
        .iter()
        .map(|line| unsafe { EmulatedPin::new(line.port(), line.pin()) })
        .collect();
    for (index, pin) in pins.iter().enumerate() {
        pin.prepare(builtin::INITIAL_LEVELS >> index & 1 == 1);
    }

    // The node has no threshold, so the capture is ready when its buffer is full.
    let (capture, reader) = node.open().expect("the lines are there");
    let fd = reader.open_fd().expect("there is a file descriptor for it");
    PLAYER.start(&capture, pins, Slow(Builtin::default()));
    close_at_end(capture).start();

    // SAFETY: any number is allowed; one that is no open file descriptor gives an error.
    unsafe { posix_reader(fd) };
}

/// Ends the capture when the stimulus has ended: the program sees a hang-up.
#[zephyr::thread(stack_size = 1024)]
fn close_at_end(capture: Capture) {
    PLAYER.wait_end();
    capture.close();
}
