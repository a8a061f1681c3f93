//! Waits for two captures together, and reads those that are ready.
#![no_std]

use edgepipe::{Edge, Error, OpenError, PollSet, Reader, Token};
use edgepipe_devicetree::edges;
use zephyr::{printkln, time::Forever};

static SET: PollSet<2> = PollSet::new();

const PULSES: Token = Token(0);
const KEYS: Token = Token(1);

#[no_mangle]
extern "C" fn rust_main() {
    if let Err(error) = run() {
        printkln!("{error}");
    }
}

fn run() -> Result<(), OpenError> {
    // By node label, and by alias.
    let (_pulses_capture, mut pulses) = edges!(labels::pulses).open()?;
    let (_keys_capture, mut keys) = edges!(aliases::keys).open()?;

    let poller = SET.open()?;
    poller.register(&pulses, PULSES)?;
    poller.register(&keys, KEYS)?;
    loop {
        // Sleeps until one of them has as many edges as its threshold.
        for event in poller.wait(Forever)? {
            match event.token {
                PULSES => read_all("pulses", &mut pulses)?,
                _ => read_all("keys", &mut keys)?,
            }
        }
    }
}

/// Reads the pending edges; prints their number, and the first.
fn read_all(name: &str, reader: &mut Reader) -> Result<(), Error> {
    let mut edges = [Edge::default(); 32];
    let count = reader.try_read_edges(&mut edges)?;
    printkln!("{name}: {count} edges, the first on line {}", edges[0].line);
    Ok(())
}
