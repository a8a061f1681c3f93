//! Prints where a knob is, and how fast something flows. One thread waits for both: for the knob's few edges, which
//! must be seen soon, and for the many of the flow meter, which need not.
#![no_std]

mod encoder;
mod flow;

use edgepipe::{Edge, Error, OpenError, PollSet, Reader, Token, Wake};
use edgepipe_devicetree::edges;
use encoder::Encoder;
use flow::Flow;
use zephyr::{printkln, time::Forever};

static SET: PollSet<2> = PollSet::new();

const KNOB: Token = Token(0);
const FLOW: Token = Token(1);

/// The threshold of the flow meter.
const PULSES: usize = 64;

#[no_mangle]
extern "C" fn rust_main() {
    if let Err(error) = run() {
        printkln!("{error}");
    }
}

fn run() -> Result<(), OpenError> {
    let (_knob_capture, mut knob) = edges!(labels::knob).open()?;
    let (_flow_capture, mut pulses) = edges!(labels::flow).open()?;
    let poller = SET.open()?;
    poller.register(&knob, KNOB)?;
    poller.register(&pulses, FLOW)?;

    let mut encoder = Encoder::new(knob.levels());
    let mut flow = Flow::default();
    loop {
        for event in poller.wait(Forever)? {
            match event.token {
                KNOB => read_knob(&mut knob, &mut encoder)?,
                _ => read_flow(&mut pulses, event.wake, &mut flow)?,
            }
        }
    }
}

/// Reads all edges of the knob, and prints its position if it has moved.
fn read_knob(reader: &mut Reader, encoder: &mut Encoder) -> Result<(), Error> {
    let before = encoder.position;
    let mut edges = [Edge::default(); 16];
    while let count @ 1.. = read(reader, &mut edges)? {
        edges[..count].iter().for_each(|edge| encoder.turn(edge));
    }
    if encoder.position != before {
        let about = if encoder.is_vague { "about " } else { "" };
        printkln!("knob: position {about}{}", encoder.position);
    }
    Ok(())
}

/// Reads the pulses that were worth a wake, and prints the flow.
fn read_flow(reader: &mut Reader, wake: Wake, flow: &mut Flow) -> Result<(), Error> {
    let has_stopped = wake == Wake::Idle;
    // While it flows, one pulse is left: a capture is idle only if something is pending.
    let most = if has_stopped { PULSES } else { PULSES - 1 };
    let mut edges = [Edge::default(); PULSES];
    let count = read(reader, &mut edges[..most])?;
    edges[..count].iter().for_each(|edge| flow.pulse(edge));
    if count > 0 {
        print_flow(flow, has_stopped);
    }
    if has_stopped {
        flow.stop();
    }
    Ok(())
}

fn print_flow(flow: &mut Flow, has_stopped: bool) {
    let stopped = if has_stopped { ", stopped" } else { "" };
    match flow.take_period() {
        Some(period) => printkln!("flow: {} pulses, {period}{stopped}", flow.pulses),
        None => printkln!("flow: {} pulses{stopped}", flow.pulses),
    }
}

/// How many edges were pending, and fit.
fn read(reader: &mut Reader, edges: &mut [Edge]) -> Result<usize, Error> {
    match reader.try_read_edges(edges) {
        Err(Error::WOULD_BLOCK) => Ok(0),
        result => result,
    }
}
