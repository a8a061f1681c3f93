//! A logic analyser on a pseudo-terminal, whose lines play a recording.
//!
//! ```text
//! device RECORDING TTY [LINES [FIRST [LOST_FROM LOST_TO]]]
//! ```
//!
//! `TTY` becomes a link to the terminal. There are `LINES` lines, 7 if not said; the recording's wires are those from
//! `FIRST` on, 0 if not said; all others are low. The recording begins with the acquisition, and runs as fast as it can.
//! Edges from `LOST_FROM` to just before `LOST_TO`, in nanoseconds, are lost.
//!
//! While no client has opened the terminal, what is sent is lost, as on a serial port.

use std::{
    env, error::Error, fs, ops::Range, os::fd::OwnedFd, os::unix::fs::symlink, path::Path, thread,
    time::Duration,
};

use edgepipe_recording::{Recording, Wires};
use edgepipe_sump::{Analyzer, Memory, Probe};
use rustix::{
    event::{PollFd, PollFlags, poll},
    fs::{Mode, OFlags, open},
    io::{read, write},
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{OptionalActions, tcgetattr, tcsetattr},
};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [recording, tty, numbers @ ..] = &arguments[..] else {
        return Err("usage: device RECORDING TTY [LINES [FIRST [LOST_FROM LOST_TO]]]".into());
    };
    let numbers = numbers.iter().map(|number| number.parse());
    let numbers: Vec<u64> = numbers.collect::<Result<_, _>>()?;
    let number = |place: usize, default| numbers.get(place).copied().unwrap_or(default);
    let probe = Probe {
        name: "edgepipe",
        lines: number(0, 7).try_into()?,
        rate_max: 10_000_000,
        memory: 1 << 28,
    };
    // 4 KiB of edges.
    let mut memory = Memory::<512>::new();
    let mut device = Analyzer::new(probe, &mut memory);
    let first = number(1, 0).try_into()?;
    let lost = number(2, 0)..number(3, 0);
    let terminal = open_terminal(Path::new(tty))?;
    let mut out = [0; 256];
    let mut pending = 0..0;
    loop {
        if pending.is_empty() {
            pending = 0..device.transmit(&mut out);
        }
        let ready = wait(&terminal, !pending.is_empty())?;
        if ready.contains(PollFlags::HUP) {
            pending = 0..0;
            thread::sleep(Duration::from_millis(1));
            continue;
        }
        if ready.contains(PollFlags::OUT) {
            pending.start += write(&terminal, &out[pending.clone()])?;
        }
        if ready.contains(PollFlags::IN) {
            let mut bytes = [0; 64];
            let count = read(&terminal, &mut bytes)?;
            device.receive(&bytes[..count]);
            if device.wants_begin() {
                play(&mut device, Path::new(recording), first, &lost)?;
            }
        }
    }
}

/// The controlling side of a new terminal, and a link to the other.
fn open_terminal(link: &Path) -> Result<OwnedFd, Box<dyn Error>> {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
    grantpt(&terminal)?;
    unlockpt(&terminal)?;
    let name = ptsname(&terminal, Vec::new())?.into_string()?;
    let client = open(&name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty())?;
    let mut raw = tcgetattr(&client)?;
    raw.make_raw();
    tcsetattr(&client, OptionalActions::Now, &raw)?;
    let _ = fs::remove_file(link);
    symlink(name, link)?;
    Ok(terminal)
}

fn wait(terminal: &OwnedFd, wants_out: bool) -> Result<PollFlags, Box<dyn Error>> {
    let mut events = PollFlags::IN;
    events.set(PollFlags::OUT, wants_out);
    let mut ready = [PollFd::new(terminal, events)];
    poll(&mut ready, None)?;
    Ok(ready[0].revents())
}

/// Plays all of the recording, and then waits for as long as the acquisition takes.
fn play(
    device: &mut Analyzer<'_>,
    path: &Path,
    first: u8,
    lost: &Range<u64>,
) -> Result<(), Box<dyn Error>> {
    let mut recording = Recording::open(path, &Wires::default())?;
    let (numerator, denominator) = recording.unit().fraction();
    let scale = u128::from(numerator) * 1_000_000_000;
    let mut levels = recording.initial_levels() << first;
    device.begin(0, levels);
    let mut missing = 0;
    while let Some(event) = recording.next_event()? {
        let time_ns = u64::try_from(u128::from(event.time) * scale / u128::from(denominator))?;
        if missing > 0 && time_ns >= lost.end {
            device.gap(lost.end, missing, levels);
            missing = 0;
        }
        let line = first + event.wire;
        let bit = 1 << line;
        levels = if event.level {
            levels | bit
        } else {
            levels & !bit
        };
        if lost.contains(&time_ns) {
            missing += 1;
        } else {
            device.edge(time_ns, line, event.level);
        }
    }
    device.advance(u64::MAX);
    Ok(())
}
