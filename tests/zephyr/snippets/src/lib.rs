//! The snippets of the documents, each run to its end. One that does not end hangs the run; one that fails panics.
#![no_std]

use core::ffi::c_int;

use edgepipe::{Capture, Config, Edge};
use edgepipe_c_api as _;
use edgepipe_devicetree::edges;
use zephyr::printkln;

// A module for each snippet in Rust.
include!(concat!(env!("BUILD_DIR"), "/snippets/snippets.rs"));

extern "C" {
    /// From `run.c`: an interrupt has a pin go high and low so often; returns after the last time.
    fn pulses(pin: c_int, count: c_int);
    /// From `run.c`: runs the snippets in C. 0, or what one returned that did not end as it should.
    fn run_c() -> c_int;
}

#[no_mangle]
extern "C" fn rust_main() {
    readme();
    linux();
    devicetree();
    // SAFETY: as declared.
    assert_eq!(unsafe { run_c() }, 0);
    printkln!("every snippet has ended");
}

fn readme() {
    // Without the first line, which is debounced.
    let lines = &edges!(labels::buttons).lines()[1..];
    let (capture, mut reader) = readme_1::BUTTONS
        .open(lines, Config::DEFAULT)
        .expect("the line is there");
    pulse(3, Some(capture)).start();
    readme_1::watch(&mut reader).expect("it ends with the capture");
}

fn linux() {
    let (capture, mut reader) = edges!(labels::capture).open().expect("the line is there");
    pulse(4, Some(capture)).start();
    linux_1::three_ways(&mut reader, &mut [Edge::default(); 64]).expect("each way ends");
}

fn devicetree() {
    pulse(3, None).start();
    zephyr_1::one_batch().expect("the lines are there");
}

/// Has a pin pulse, and then closes the capture.
#[zephyr::thread(stack_size = 2048, pool_size = 3)]
fn pulse(pin: c_int, capture: Option<Capture>) {
    // SAFETY: as declared.
    unsafe { pulses(pin, 60) };
    drop(capture);
}
