//! The command lines of `record` and `serve`.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

use super::port::PortName;

/// Records the edges of a board that runs edgepipe.
#[derive(Debug, Parser)]
#[command(name = "edgepipe record", bin_name = "edgepipe record")]
pub(super) struct Record {
    /// A serial port such as /dev/ttyACM0 or COM3, a pty, tcp:HOST:PORT or unix:PATH
    pub(super) port: PortName,

    /// Bits in a second, of a serial port
    #[arg(long, value_name = "RATE", default_value_t = 115_200, value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) baud: u32,

    /// Write the edges here, as VCD or as samples for PulseView; the file appears when the recording ends
    #[arg(long, value_name = "OUT.vcd|OUT.sr", required = true)]
    pub(super) capture: PathBuf,

    /// End after this time, such as 10s; without this and --edges, Ctrl-C ends it
    #[arg(long = "for", value_name = "TIME", value_parser = time)]
    pub(super) time: Option<Duration>,

    /// End after so many edges
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) edges: Option<u64>,

    /// Keep what has been recorded if it ends early, by Ctrl-C or because the device goes away (the default)
    #[arg(long = "keep", conflicts_with = "discard")]
    _keep: bool,

    /// Leave no file if it ends early
    #[arg(long)]
    pub(super) discard: bool,

    /// Exit with status 0 even if edges were lost
    #[arg(long)]
    pub(super) allow_loss: bool,
}

/// Offers the edges of a board to PulseView and sigrok-cli, live, as a BeagleLogic over TCP.
#[derive(Debug, Parser)]
#[command(name = "edgepipe serve", bin_name = "edgepipe serve")]
pub(super) struct Serve {
    /// A serial port such as /dev/ttyACM0 or COM3, a pty, tcp:HOST:PORT or unix:PATH
    pub(super) port: PortName,

    /// Bits in a second, of a serial port
    #[arg(long, value_name = "RATE", default_value_t = 115_200, value_parser = clap::value_parser!(u32).range(1..))]
    pub(super) baud: u32,

    /// Where clients connect, on this machine only; port 0 is any that is free
    #[arg(long, value_name = "127.0.0.1:PORT", default_value = "127.0.0.1:4000", value_parser = local)]
    pub(super) listen: SocketAddr,
}

fn time(text: &str) -> Result<Duration, String> {
    let time = text.parse::<humantime::Duration>().map(Duration::from);
    time.ok()
        .filter(|time| *time >= Duration::from_millis(1))
        .ok_or_else(|| "expected a time of 1ms or more, such as 10s".to_string())
}

/// Only this machine: whoever connects sees the board's signals.
fn local(text: &str) -> Result<SocketAddr, String> {
    text.parse()
        .ok()
        .filter(|address: &SocketAddr| address.ip() == Ipv4Addr::LOCALHOST)
        .ok_or_else(|| "expected 127.0.0.1 and a port, such as 127.0.0.1:4000".to_string())
}
