//! The command line, the same in both worlds.

use std::ffi::{OsStr, OsString};
use std::fmt::{self, Display};
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Parser;
use clap::error::ErrorKind;
use edgepipe_recording::{Stretch, Wires};

use crate::Error;

/// The largest default of `--headroom`, in records.
const HEADROOM_DEFAULT_MAX: u32 = 64;

/// The largest sum of `--capacity` and `--headroom`, in records. That is half a megabyte, more than any board has.
pub const CAPACITY_MAX: u32 = 65_536;

/// The longest deadline and the longest debouncing.
const TIME_MAX: Duration = Duration::from_secs(3_600);

/// Captures GPIO edges in interrupt context and reads them when the buffer is ready.
///
#[derive(Debug, Clone, Parser)]
#[command(
    name = "edgepipe",
    version,
    after_help = "Commands, each with its own --help:
  edgepipe record PORT  record the edges of a board
  edgepipe serve PORT   show them live in PulseView
  edgepipe view FILE    look at a recording"
)]
pub struct Options {
    /// Replay this recording into the GPIO lines, one line for each single-bit wire: VCD, also with
    /// gzip, or .sr; - is standard input; without it the application plays its own
    #[arg(long, value_name = "FILE")]
    pub stimulus: Option<PathBuf>,

    /// Replay only these wires, in this order: names, NEW=NAME to rename, or patterns with * and ?
    #[arg(long, value_name = "A,B,...", requires = "stimulus", value_parser = str::parse::<Wires>)]
    pub wires: Option<Wires>,

    /// Print the recording's wires, with their edges and shortest pulses, and end
    #[arg(
        long,
        requires = "stimulus",
        conflicts_with_all = ["wires", "capture", "report", "json"]
    )]
    pub list: bool,

    /// Play the recording this many times slower; auto is as fast as the clock can tell its times
    /// apart
    #[arg(long, value_name = "auto|N", default_value = "auto", requires = "stimulus", value_parser = str::parse::<Stretch>)]
    pub stretch: Stretch,

    /// Write the captured edges here; the file appears only when it is complete
    #[arg(long, value_name = "OUT.vcd")]
    pub capture: Option<PathBuf>,

    /// Write a page to look at: waveforms, fill level, wakes, pulse widths, losses
    #[arg(long, value_name = "OUT.html")]
    pub report: Option<PathBuf>,

    /// Print a waveform of each line after the summary; auto is on if standard output is a terminal
    #[arg(
        long,
        value_name = "auto|always|never",
        default_value = "auto",
        default_missing_value = "always",
        num_args = 0..=1,
        require_equals = true,
        value_parser = one_of(&PLOT)
    )]
    pub plot: Plot,

    /// Wake the reader when the buffer is full, or when it holds this many records
    #[arg(
        long,
        value_name = "full|N",
        default_value = "full",
        value_parser = ready,
        allow_negative_numbers = true
    )]
    pub ready: Ready,

    /// Size of the capture buffer, in records: this many make it full
    #[arg(
        long,
        value_name = "N",
        default_value = "16",
        value_parser = capacity,
        allow_negative_numbers = true
    )]
    pub capacity: u32,

    /// Room for records that arrive until the woken reader runs; by default as much as the
    /// capacity, at most 64
    #[arg(
        long,
        value_name = "N",
        value_parser = headroom,
        allow_negative_numbers = true
    )]
    headroom: Option<u32>,

    /// How records get to the reader
    #[arg(long, value_name = "pipe|direct", default_value = "pipe", value_parser = one_of(&DELIVER))]
    pub deliver: Deliver,

    /// What is lost when there is no room: the newest edges, or all until the buffer is read empty
    #[arg(
        long,
        value_name = "drop-newest|freeze",
        default_value = "drop-newest",
        value_parser = one_of(&OVERFLOW)
    )]
    pub overflow: Overflow,

    /// Wake the reader also when the oldest record has waited this long, such as 5ms
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub flush_after: Option<Duration>,

    /// Wake the reader also when records are pending and no edge came for this long, such as 5ms
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub idle_after: Option<Duration>,

    /// Capture a level only when it has been stable this long, such as 5ms
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub debounce: Option<Duration>,

    /// Which edges to capture
    #[arg(
        long,
        value_name = "both|rising|falling",
        default_value = "both",
        value_parser = one_of(&TRIGGER)
    )]
    pub trigger: Trigger,

    /// Exit with status 0 even if edges were lost
    #[arg(long)]
    pub allow_loss: bool,

    /// Print the summary as one line of JSON
    #[arg(long)]
    pub json: bool,
}

/// How records get to the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deliver {
    /// It takes them from the buffer.
    Direct,
    /// They are handed over to a pipe, which it reads.
    Pipe,
}

/// What is lost when there is no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overflow {
    /// The edges that find none.
    DropNewest,
    /// They, and all later ones until everything has been read.
    Freeze,
}

/// Checks that the name of an output tells what is written into it: one of these endings, or none at all, as
/// `/dev/stdout` has.
///
/// # Errors
///
/// A usage error that names the endings.
pub fn check_ending(path: &Path, option: &str, endings: &[&str]) -> Result<(), Error> {
    let fits = |ending: &OsStr| endings.iter().any(|it| ending.eq_ignore_ascii_case(it));
    if path.extension().is_none_or(fits) {
        return Ok(());
    }
    Err(Error::usage(&format!(
        "invalid value '{}' for '{option}': expected a name that ends in .{}",
        path.display(),
        endings.join(" or .")
    )))
}

/// Which edges are captured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// All.
    Both,
    /// Those to high.
    Rising,
    /// Those to low.
    Falling,
}

/// Whether waveforms are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plot {
    /// If standard output is a terminal.
    Auto,
    /// Yes.
    Always,
    /// No.
    Never,
}

const PLOT: [(&str, Plot); 3] = [
    ("auto", Plot::Auto),
    ("always", Plot::Always),
    ("never", Plot::Never),
];
const DELIVER: [(&str, Deliver); 2] = [("pipe", Deliver::Pipe), ("direct", Deliver::Direct)];
const OVERFLOW: [(&str, Overflow); 2] = [
    ("drop-newest", Overflow::DropNewest),
    ("freeze", Overflow::Freeze),
];
const TRIGGER: [(&str, Trigger); 3] = [
    ("both", Trigger::Both),
    ("rising", Trigger::Rising),
    ("falling", Trigger::Falling),
];

/// When the reader is woken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ready {
    /// As many records are pending as the capacity.
    Full,
    /// At least this many records are pending; from 1 to the capacity.
    Records(u32),
}

impl Display for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ready::Full => write!(f, "full"),
            Ready::Records(records) => write!(f, "{records}"),
        }
    }
}

impl Options {
    /// Reads a command line whose first item is the program's name.
    ///
    /// # Errors
    ///
    /// A usage error (exit status 2): one line that says which option is wrong, its value, and what
    /// is expected. `--help` and `--version` are errors too, with exit status 0: [`Error::report`]
    /// prints them.
    pub fn try_parse_from<I, T>(args: I) -> Result<Self, Error>
    where
        I: IntoIterator<Item = T>,
        T: Into<OsString> + Clone,
    {
        let options = <Self as Parser>::try_parse_from(args)?;
        match options.ready {
            Ready::Records(records) if records > options.capacity => Err(Error::usage(&format!(
                "invalid value '{records}' for '--ready <full|N>': expected full, or 1 to {} records, \
                 the capacity",
                options.capacity
            ))),
            _ if options.capacity + options.headroom() > CAPACITY_MAX => {
                Err(Error::usage(&format!(
                    "invalid value '{}' for '--headroom <N>': expected 0 to {} records, so that it and the \
                 capacity are {CAPACITY_MAX} at most",
                    options.headroom(),
                    CAPACITY_MAX - options.capacity
                )))
            }
            _ if options.report.is_some() && options.report == options.capture => {
                Err(Error::usage("--report and --capture name the same file"))
            }
            _ if options.report_replaces_stimulus() => {
                Err(Error::usage("--report and --stimulus name the same file"))
            }
            _ => {
                if let Some(capture) = &options.capture {
                    check_ending(capture, "--capture <OUT.vcd>", &["vcd"])?;
                }
                Ok(options)
            }
        }
    }

    /// A capture may take the place of its stimulus, but a page is no recording.
    fn report_replaces_stimulus(&self) -> bool {
        let both = self.stimulus.as_deref().zip(self.report.as_deref());
        both.is_some_and(|(stimulus, report)| is_same_file(stimulus, report))
    }

    /// Whether a waveform of each line is printed. `--json` prints nothing else.
    pub fn plots(&self) -> bool {
        match self.plot {
            _ if self.json => false,
            Plot::Auto => io::stdout().is_terminal(),
            Plot::Always => true,
            Plot::Never => false,
        }
    }

    /// Room for records behind the capacity.
    pub fn headroom(&self) -> u32 {
        let room = CAPACITY_MAX - self.capacity;
        let default = self.capacity.min(HEADROOM_DEFAULT_MAX).min(room);
        self.headroom.unwrap_or(default)
    }

    /// The number of pending records that wakes the reader, 0 meaning a full buffer.
    pub fn threshold(&self) -> u32 {
        match self.ready {
            Ready::Full => 0,
            Ready::Records(records) => records,
        }
    }
}

/// Whether these are names of one regular file, which an output would replace.
pub fn is_same_file(input: &Path, output: &Path) -> bool {
    let file = |path: &Path| path.canonicalize().ok().filter(|path| path.is_file());
    file(input).is_some_and(|input| file(output) == Some(input))
}

/// Keeps the sentence of clap's message that states the mistake, and drops the usage text below it.
impl From<clap::Error> for Error {
    fn from(error: clap::Error) -> Self {
        let text = error.to_string();
        if matches!(
            error.kind(),
            ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
        ) {
            return Self::answer(text);
        }
        let sentence = text.split("\n\n").next().unwrap_or(&text);
        let sentence = sentence.trim_start_matches("error: ").trim_end();
        // A list of missing arguments is on lines of its own.
        Self::usage(&sentence.replace("\n  ", " "))
    }
}

fn capacity(text: &str) -> Result<u32, String> {
    records(text).ok_or_else(|| format!("expected 1 to {CAPACITY_MAX} records"))
}

fn headroom(text: &str) -> Result<u32, String> {
    text.parse()
        .ok()
        .filter(|records| (0..CAPACITY_MAX).contains(records))
        .ok_or_else(|| format!("expected 0 to {} records", CAPACITY_MAX - 1))
}

/// A parser of one of these words.
fn one_of<T: Copy>(
    choices: &'static [(&'static str, T)],
) -> impl Fn(&str) -> Result<T, String> + Clone {
    move |text| match choices.iter().find(|(word, _)| *word == text) {
        Some((_, choice)) => Ok(*choice),
        None => {
            let words: Vec<_> = choices.iter().map(|(word, _)| *word).collect();
            let (last, others) = words.split_last().unwrap_or((&"", &[]));
            Err(format!("expected {} or {last}", others.join(", ")))
        }
    }
}

/// A time on the clock of the recording, as in `5ms`.
fn time(text: &str) -> Result<Duration, String> {
    let time = text.parse::<humantime::Duration>().map(Duration::from);
    time.ok()
        .filter(|time| (Duration::from_micros(1)..=TIME_MAX).contains(time))
        .ok_or_else(|| "expected a time from 1us to 1h, such as 5ms".to_string())
}

fn ready(text: &str) -> Result<Ready, String> {
    match text {
        "full" => Ok(Ready::Full),
        _ => records(text)
            .map(Ready::Records)
            .ok_or_else(|| "expected full, or 1 to as many records as the capacity".to_string()),
    }
}

fn records(text: &str) -> Option<u32> {
    text.parse()
        .ok()
        .filter(|records| (1..=CAPACITY_MAX).contains(records))
}
