//! Compares a capture with its recording, edge by edge; exits with 1 at the first difference.
//!
//! `compare RECORDING CAPTURE [WIRES]`

use std::{env, error::Error, path::Path, process::ExitCode};

use edgepipe_recording::{Recording, TimeUnit, Wires};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let difference = match &arguments[..] {
        [recording, capture] => compare(recording, capture, ""),
        [recording, capture, wires] => compare(recording, capture, wires),
        _ => Err("usage: compare RECORDING CAPTURE [WIRES]".into()),
    };
    match difference {
        Ok(None) => ExitCode::SUCCESS,
        Ok(Some(difference)) => {
            println!("{difference}");
            ExitCode::FAILURE
        }
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn compare(recording: &str, capture: &str, wires: &str) -> Result<Option<String>, Box<dyn Error>> {
    let wires = match wires {
        "" => Wires::default(),
        wires => wires.parse()?,
    };
    let mut recording = Recording::open(Path::new(recording), &wires)?;
    let mut capture = Recording::open(Path::new(capture), &Wires::default())?;
    if recording.names() != capture.names() {
        return Ok(Some("the wires have other names".into()));
    }
    if recording.initial_levels() != capture.initial_levels() {
        return Ok(Some("the first levels differ".into()));
    }
    let (unit, captured_unit) = (recording.unit(), capture.unit());
    for number in 1_u64.. {
        let (event, captured) = match (recording.next_event()?, capture.next_event()?) {
            (None, None) => break,
            (Some(event), Some(captured)) => (event, captured),
            (Some(_), None) => return Ok(Some(format!("edge {number} is missing"))),
            (None, Some(_)) => return Ok(Some(format!("edge {number} is too many"))),
        };
        if (event.wire, event.level) != (captured.wire, captured.level)
            || !is_same_time(event.time, unit, captured.time, captured_unit)
        {
            let difference = format!(
                "edge {number} differs: {event:?} x {unit}, {captured:?} x {captured_unit}"
            );
            return Ok(Some(difference));
        }
    }
    let ends = (recording.duration(), capture.duration());
    Ok((!is_same_time(ends.0, unit, ends.1, captured_unit)).then(|| "the ends differ".into()))
}

/// Whether two times differ by half a unit of the capture at most, which is less than half one of the recording.
fn is_same_time(time: u64, unit: TimeUnit, captured: u64, captured_unit: TimeUnit) -> bool {
    let (a, b) = unit.fraction();
    let (c, d) = captured_unit.fraction();
    let left = u128::from(time) * u128::from(a) * u128::from(d);
    let right = u128::from(captured) * u128::from(c) * u128::from(b);
    left.abs_diff(right) * 2 <= u128::from(c) * u128::from(b)
}
