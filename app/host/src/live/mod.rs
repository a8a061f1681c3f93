//! A board that streams its edges: recorded, or served to PulseView.

mod device;
mod file;
mod options;
mod port;
mod record;
mod recorder;
mod sampler;
mod serve;
mod sr_file;
mod tally;
mod timeline;

use std::ffi::OsString;

use clap::Parser;
use edgepipe_host::{Error, check_ending};

/// `record PORT ...`: the first argument is `record`.
pub(crate) fn record(arguments: &[OsString]) -> Result<(), Error> {
    let options = options::Record::try_parse_from(arguments)?;
    check_ending(
        &options.capture,
        "--capture <OUT.vcd|OUT.sr>",
        &["vcd", "sr"],
    )?;
    record::run(&options)
}

/// `serve PORT ...`: the first argument is `serve`.
pub(crate) fn serve(arguments: &[OsString]) -> Result<(), Error> {
    serve::run(&options::Serve::try_parse_from(arguments)?)
}
