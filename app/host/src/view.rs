//! `edgepipe view`: a recording to look at.

use std::{
    ffi::OsString,
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
};

use clap::Parser;
use edgepipe_host::{Error, Recording, Report, Wires, is_same_file, waveforms};
use edgepipe_page::Trace;

/// Makes a page to look at of a recording: waveforms with zoom and cursors, pulse widths, counts.
///
/// Prints where the page is. If standard output is a terminal, a waveform of each wire comes first.
#[derive(Debug, Parser)]
#[command(name = "view", bin_name = "edgepipe view", version)]
struct Options {
    /// VCD, also with gzip, or .sr; - is standard input
    file: PathBuf,

    /// Show only these wires, in this order: names, NEW=NAME to rename, or patterns with * and ?
    #[arg(long, value_name = "A,B,...", value_parser = str::parse::<Wires>)]
    wires: Option<Wires>,

    /// Where to write the page; by default beside the recording, as FILE.html
    #[arg(long, value_name = "OUT.html")]
    report: Option<PathBuf>,
}

pub(crate) fn run(arguments: &[OsString]) -> Result<(), Error> {
    let Options {
        file,
        wires,
        report,
    } = Options::try_parse_from(arguments)?;
    if report
        .as_ref()
        .is_some_and(|path| is_same_file(&file, path))
    {
        return Err(Error::usage("--report names the recording itself"));
    }
    let path = report.unwrap_or_else(|| beside(&file));
    let mut recording = Recording::open(&file, &wires.unwrap_or_default())?;
    let report = Report::create(&path)?;
    let trace = Trace::of(&mut recording)?;
    report.finish(&file, &trace, None)?;
    let mut out = io::stdout();
    let plot = match out.is_terminal() {
        true => waveforms(&trace),
        false => String::new(),
    };
    writeln!(out, "{plot}{}", path.display())
        .and_then(|()| out.flush())
        .map_err(|error| Error::failure(&format!("cannot print: {error}")))
}

/// `capture.vcd.html` for `capture.vcd`. For standard input, a page in this folder.
fn beside(file: &Path) -> PathBuf {
    if file == Path::new("-") {
        return "capture.html".into();
    }
    let mut path = file.as_os_str().to_owned();
    path.push(".html");
    path.into()
}
