//! What a stream costs: bytes an edge, and the edges in a second that a serial line then carries.
//!
//! `cost [RECORDING...]`: each recording's edges, with a clock of 1 MHz, and some signals of its own.

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use edgepipe_recording::{Recording, Wires};
use edgepipe_stream::{Encoder, Head, LINES_MAX};

/// Ticks in a second.
const RATE_HZ: u32 = 1_000_000;
/// Bits of a byte on a serial line.
const BITS: f64 = 10.0;

struct Signal {
    name: String,
    lines: usize,
    /// Ticks, line and level.
    edges: Vec<(u64, u8, bool)>,
}

fn main() -> ExitCode {
    let mut signals = vec![clock(), uart(1), uart(8), bus(8), bus(32)];
    for path in std::env::args().skip(1) {
        match recording(Path::new(&path)) {
            Ok(signal) => signals.push(signal),
            Err(error) => {
                eprintln!("{error}");
                return ExitCode::FAILURE;
            }
        }
    }
    println!("bytes an edge, full frames   edges/s at 115,200   at 1,000,000 baud");
    for signal in signals {
        let cost = cost(&signal);
        let at = |baud: f64| baud / BITS / cost;
        println!(
            "{cost:7.2}  {:26} {:12.0} {:19.0}",
            signal.name,
            at(115_200.0),
            at(1_000_000.0)
        );
    }
    ExitCode::SUCCESS
}

/// Bytes an edge when the line is always busy, without the head.
fn cost(signal: &Signal) -> f64 {
    let head = Head {
        session: 1,
        rate_hz: RATE_HZ,
        device: "cost",
        lines: &["D"; LINES_MAX][..signal.lines],
    };
    let mut encoder = Encoder::new(head, 0, 0).expect("a good head");
    let mut bytes = [0; 1_000];
    while encoder.has_output() {
        encoder.transmit(&mut bytes);
    }
    let mut sent = 0;
    for &(ticks, line, high) in &signal.edges {
        if !encoder.has_room() {
            sent += encoder.transmit(&mut bytes);
        }
        encoder.edge(ticks, line, high).expect("there is room");
    }
    encoder.flush();
    sent += encoder.transmit(&mut bytes);
    sent as f64 / signal.edges.len() as f64
}

/// One line that changes every 50 us.
fn clock() -> Signal {
    let edges = (1..10_000).map(|n| (n * 50, 0, n % 2 == 1)).collect();
    Signal {
        name: "a clock of 10 kHz".into(),
        lines: 1,
        edges,
    }
}

/// Text at 115,200 baud on the first of so many lines.
fn uart(lines: usize) -> Signal {
    let text = b"The quick brown fox jumps over the lazy dog. ".repeat(20);
    let bits = text.iter().flat_map(|byte| {
        (0..10).map(move |bit| match bit {
            0 => false,
            9 => true,
            data => byte >> (data - 1) & 1 == 1,
        })
    });
    let (mut edges, mut high) = (Vec::new(), true);
    for (number, bit) in (0_u64..).zip(bits) {
        if bit != high {
            high = bit;
            edges.push((number * u64::from(RATE_HZ) / 115_200, 0, high));
        }
    }
    Signal {
        name: format!("serial text, 1 of {lines} lines"),
        lines,
        edges,
    }
}

/// A counter on all lines, one step each 20 us.
fn bus(lines: usize) -> Signal {
    let mut edges = Vec::new();
    for step in 1..2_000_u64 {
        let changed = step ^ (step - 1);
        let lines = (0..lines as u8).filter(|line| changed >> line & 1 == 1);
        edges.extend(lines.map(|line| (step * 20, line, step >> line & 1 == 1)));
    }
    Signal {
        name: format!("a counter on {lines} lines"),
        lines,
        edges,
    }
}

fn recording(path: &Path) -> Result<Signal, Box<dyn Error>> {
    let mut recording = Recording::open(path, &Wires::default())?;
    let (numerator, denominator) = recording.unit().fraction();
    let to_ticks = |time: u64| {
        let ticks = u128::from(time) * u128::from(numerator) * u128::from(RATE_HZ);
        (ticks / u128::from(denominator)) as u64
    };
    let mut edges = Vec::new();
    while let Some(event) = recording.next_event()? {
        edges.push((to_ticks(event.time), event.wire, event.level));
    }
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    Ok(Signal {
        name: name.unwrap_or_default(),
        lines: recording.names().len(),
        edges,
    })
}
