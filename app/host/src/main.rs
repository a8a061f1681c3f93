//! The edgepipe application on the host: replays a recording, or a stimulus of its own, into
//! emulated GPIO on a simulated Zephyr kernel, and captures it. `view` shows a recording; `record` and
//! `serve` have a board at a port.

mod live;
mod view;
mod world;

use std::{env, ffi::OsString, process::ExitCode};

use edgepipe_host::{Error, Options, Session};
use zephyr::sim;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => ExitCode::from(error.report()),
    }
}

fn run() -> Result<(), Error> {
    let arguments: Vec<_> = env::args_os().collect();
    match arguments.get(1).and_then(|word| word.to_str()) {
        Some("record") => live::record(&arguments[1..]),
        Some("serve") => live::serve(&arguments[1..]),
        Some("view") => view::run(&arguments[1..]),
        _ => replay(&arguments),
    }
}

fn replay(arguments: &[OsString]) -> Result<(), Error> {
    let session = Session::open(Options::try_parse_from(arguments)?)?;
    if !session.options().json {
        // SAFETY: no other thread runs yet. The only error is that there is a logger.
        let _ = unsafe { zephyr::set_logger() };
    }
    // A recording may be of any length.
    let unlimited = sim::Options {
        ticks_max: u64::MAX,
        calls_max: u64::MAX,
        ..sim::Options::default()
    };
    sim::try_run(unlimited, || world::run(session)).unwrap_or_else(|fault| panic!("{fault}"))
}
