//! Measures with a DHT22, every two seconds.
#![no_std]

mod decoder;

use edgepipe::{Capture, Edge, Error, Level, Line, OpenError, Reader, Wake};
use edgepipe_devicetree::edges;
use zephyr::printkln;
use zephyr::time::{Duration, sleep};

#[no_mangle]
extern "C" fn rust_main() {
    if let Err(error) = run() {
        printkln!("{error}");
    }
}

fn run() -> Result<(), OpenError> {
    let node = edges!(labels::sensor);
    let line = node.lines().first().ok_or(Error::INVALID_INPUT)?;
    let (mut capture, mut reader) = node.open()?;
    // More than the 84 of an answer.
    let mut edges = [Edge::default(); 96];
    loop {
        // The sensor takes that long to measure.
        sleep(Duration::millis_at_least(2_000));
        match ask(&mut capture, &mut reader, line, &mut edges)? {
            [] => printkln!("no answer"),
            answer => match decoder::decode(answer) {
                Ok(measurement) => printkln!("{measurement}"),
                Err(wrong) => printkln!("no measurement: {wrong}"),
            },
        }
    }
}

/// Starts the sensor at `line`, and returns its answer.
fn ask<'a>(
    capture: &mut Capture,
    reader: &mut Reader,
    line: &Line,
    edges: &'a mut [Edge],
) -> Result<&'a [Edge], Error> {
    capture.drive(line, Level::Low)?;
    sleep(Duration::millis_at_least(1));
    // What is left belongs to no answer.
    reader.discard();
    capture.release(line)?;
    let mut count = 0;
    while count < edges.len() {
        let why = match reader.wait_ready(Duration::millis_at_least(50)) {
            Err(Error::TIMED_OUT) => break,
            why => why?,
        };
        match reader.try_read_edges(&mut edges[count..]) {
            Ok(more) => count += more,
            // Only the hole from `drive` to `release` was pending.
            Err(Error::WOULD_BLOCK) => {}
            Err(error) => return Err(error),
        }
        if why == Wake::Idle {
            break;
        }
    }
    Ok(&edges[..count])
}
