//! Executes a test's commands on one capture, one line of the console at a time, and prints the
//! results.
#![no_std]

use core::ffi::{CStr, c_char};

use edgepipe::{Capture, Config, Edge, Reader, Readiness};
use edgepipe_devicetree::edges;
use zephyr::{printkln, time::Forever};

extern "C" {
    // From Zephyr's console subsystem.
    fn console_getline_init();
    fn console_getline() -> *const c_char;
    // From `pl061.c`.
    fn pl061_witness();
    fn pl061_enable_interrupts(enable: bool);
}

/// Edges read at a time.
const RECORDS: usize = 16;

/// The capture while it runs, and its reader as long as there is one.
#[derive(Default)]
struct Ends {
    capture: Option<Capture>,
    reader: Option<Reader>,
}

#[no_mangle]
extern "C" fn rust_main() {
    // SAFETY: called once, and before any `console_getline`.
    unsafe {
        pl061_witness();
        console_getline_init();
    }
    printkln!("at your command");
    let mut ends = Ends::default();
    loop {
        // SAFETY: the line is a string, and belongs to this thread until it gets the next.
        let line = unsafe { CStr::from_ptr(console_getline()) };
        let words: heapless::Vec<&str, 3> = line.to_str().unwrap().split(' ').collect();
        ends.obey(&words);
    }
}

/// Sets the interrupt masks, which the driver sets wrong when a capture is opened or closed.
fn enable_interrupts(enable: bool) {
    // SAFETY: it writes registers that only the driver uses, on the same CPU, but not now.
    unsafe { pl061_enable_interrupts(enable) }
}

impl Ends {
    fn obey(&mut self, words: &[&str]) {
        let number = |word: &str| word.parse().expect("a number");
        match *words {
            ["open", capacity, threshold] => self.open(number(capacity), number(threshold)),
            ["close"] => self.capture = None,
            ["drop"] => {
                *self = Self::default();
                enable_interrupts(false);
            }
            ["wait"] => {
                printkln!("waiting");
                let wake = self.reader().wait_ready(Forever).unwrap();
                printkln!("ready: {wake:?}");
            }
            ["read", records] => self.read(number(records) as usize),
            ["ledger"] => printkln!("{:?}", self.reader().ledger()),
            _ => panic!("no such command: {words:?}"),
        }
        printkln!("done");
    }

    fn open(&mut self, capacity: u32, threshold: u32) {
        let node = edges!(labels::capture);
        let config = Config {
            capacity: Some(capacity),
            ready: Readiness::Records(threshold),
            ..Config::DEFAULT
        };
        let (capture, reader) = node.open_with(node.lines(), config).unwrap();
        self.capture = Some(capture);
        self.reader = Some(reader);
        enable_interrupts(true);
    }

    /// Prints the edges that can be read without waiting, or the error.
    fn read(&mut self, records: usize) {
        let mut edges = [Edge::default(); RECORDS];
        match self.reader().try_read_edges(&mut edges[..records]) {
            Ok(0) => printkln!("end of file"),
            Ok(count) => edges[..count].iter().for_each(|edge| printkln!("{edge:?}")),
            Err(error) => printkln!("{error}"),
        }
    }

    fn reader(&mut self) -> &mut Reader {
        self.reader.as_mut().expect("the capture was opened")
    }
}
