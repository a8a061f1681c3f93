//! `edgepipe record`: a board's edges, in a file.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use edgepipe_host::{Error, interrupt};
use indicatif::{ProgressBar, ProgressStyle};

use super::device::Device;
use super::options::Record;
use super::recorder::{Limits, Recorder};
use super::tally::Tally;

/// Between two updates of the progress line.
const PROGRESS_PERIOD: Duration = Duration::from_millis(200);

/// How a recording ends.
enum End {
    /// A limit was reached; or the device has been silent at the time limit and since.
    Limit,
    Interrupt,
    /// The device went away.
    Gone(Error),
}

pub(super) fn run(options: &Record) -> Result<(), Error> {
    interrupt::catch();
    let limits = Limits {
        time: options.time,
        edges: options.edges,
    };
    let mut recorder = Recorder::new(&options.capture, limits);
    let progress = Progress::new();
    let end = listen(options, &mut recorder, &progress);
    progress.finish();
    let (end, capture) = (end?, options.capture.display());
    let early = match &end {
        End::Limit => None,
        End::Interrupt => Some("interrupted".to_string()),
        End::Gone(error) => Some(error.to_string()),
    };
    match early {
        Some(cause) if !recorder.has_begun() => return Err(Error::failure(&cause)),
        Some(cause) if options.discard => {
            return Err(Error::failure(&format!(
                "{cause}; {capture} is not written"
            )));
        }
        _ => {}
    }
    let tally = recorder.finish()?;
    print(&tally)?;
    match (end, tally.what_is_missing()) {
        (End::Gone(error), _) => Err(Error::failure(&format!(
            "{error}; {capture} has what came before"
        ))),
        (_, Some(cause)) if !options.allow_loss => Err(Error::loss(&cause)),
        _ => Ok(()),
    }
}

fn listen(
    options: &Record,
    recorder: &mut Recorder<'_>,
    progress: &Progress,
) -> Result<End, Error> {
    let mut device = Device::open(&options.port, options.baud)?;
    let mut shown = Instant::now();
    while !recorder.is_done() {
        let interrupted = interrupt::is_requested();
        if device.is_silent() && (interrupted || recorder.is_late()) {
            recorder.silence()?;
        }
        if interrupted {
            return Ok(End::Interrupt);
        }
        let mut failure = None;
        let heard = device.listen(|event| {
            if failure.is_none() {
                failure = recorder.take(event).err();
            }
        });
        if let Some(failure) = failure {
            return Err(failure);
        }
        match heard {
            Err(error) if !recorder.is_done() => return Ok(End::Gone(error)),
            _ => {}
        }
        if shown.elapsed() >= PROGRESS_PERIOD {
            progress.show(&recorder.tally, shown.elapsed());
            shown = Instant::now();
        }
    }
    Ok(End::Limit)
}

fn print(tally: &Tally) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    writeln!(out, "{tally}")
        .and_then(|()| out.flush())
        .map_err(|error| Error::failure(&format!("cannot print the summary: {error}")))
}

/// A line on standard error, if that is a terminal.
struct Progress {
    line: ProgressBar,
    /// Edges at the last update.
    edges: std::cell::Cell<u64>,
}

impl Progress {
    fn new() -> Self {
        let line = if io::stderr().is_terminal() {
            let style = ProgressStyle::with_template("{elapsed} {msg}");
            ProgressBar::new_spinner()
                .with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
        } else {
            ProgressBar::hidden()
        };
        Self {
            line,
            edges: 0.into(),
        }
    }

    fn show(&self, tally: &Tally, since: Duration) {
        let new = tally.edges - self.edges.replace(tally.edges);
        let rate = new as f64 / since.as_secs_f64();
        self.line.set_message(format!(
            "{} edges, {rate:.0}/s, {} lost, {} restarts",
            tally.edges,
            tally.lost(),
            tally.restarts
        ));
        self.line.tick();
    }

    /// Removes the line, so that the next output begins on a clean one.
    fn finish(self) {
        self.line.finish_and_clear();
    }
}
