//! A board, without the board.

use std::io::{ErrorKind, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};

use edgepipe_stream::{Encoder, Head};

use crate::common::Run;

pub(super) const HEAD: Head<'static> = Head {
    session: 1,
    rate_hz: 1_000_000,
    device: "test board",
    lines: &["TX", "RX", "IRQ"],
};

/// What happens on the board. Times are in ticks.
#[derive(Clone, Copy, Debug)]
pub(super) enum Given {
    Edge(u64, u8, bool),
    Gap(u32, u32),
    Tick(u64),
}

/// All bytes of a session.
pub(super) fn session(head: Head<'_>, given: &[Given]) -> Vec<u8> {
    let mut encoder = Encoder::new(head, 0, 0).unwrap();
    let mut bytes = Vec::new();
    let send = |encoder: &mut Encoder<'_>, bytes: &mut Vec<u8>| {
        let mut buffer = [0; 1_000];
        while let count @ 1.. = encoder.transmit(&mut buffer) {
            bytes.extend(&buffer[..count]);
        }
    };
    for &given in given {
        if !encoder.has_room() {
            send(&mut encoder, &mut bytes);
        }
        match given {
            Given::Edge(ticks, line, high) => encoder.edge(ticks, line, high).unwrap(),
            Given::Gap(lost, levels) => encoder.gap(lost, levels).unwrap(),
            Given::Tick(now) => {
                encoder.tick(now);
                send(&mut encoder, &mut bytes);
            }
        }
    }
    bytes
}

/// Edges of three lines, each a change of level, and the time of the end.
pub(super) fn edges(seed: u64, count: usize) -> (Vec<Given>, u64) {
    let mut random = fastrand::Rng::with_seed(seed);
    let (mut now, mut levels) = (0, 0_u32);
    let mut given = Vec::new();
    for _ in 0..count {
        now += random.u64(1..200);
        let line = random.u8(..3);
        levels ^= 1 << line;
        given.push(Given::Edge(now, line, levels >> line & 1 == 1));
    }
    given.push(Given::Tick(now + 1_000_000));
    (given, now + 1_000_000)
}

/// What a board does, one after the other.
#[derive(Clone, Debug)]
pub(super) enum Act {
    /// Waits until the host starts the stream.
    Await,
    Send(Vec<u8>),
    /// The cable is pulled.
    Pull,
}

/// A board on a socket. It keeps the line open until the host closes it, unless the cable is pulled.
pub(super) struct Board {
    folder: tempfile::TempDir,
    thread: JoinHandle<()>,
}

impl Board {
    pub(super) fn new(acts: Vec<Act>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join("board")).unwrap();
        let thread = thread::spawn(move || {
            let (line, _) = listener.accept().unwrap();
            // The host may be gone already.
            let _ = act(line, &acts);
        });
        Self { folder, thread }
    }

    pub(super) fn port(&self) -> String {
        format!("unix:{}", self.folder.path().join("board").display())
    }

    pub(super) fn capture(&self) -> PathBuf {
        self.folder.path().join("out.vcd")
    }

    /// Records it with these options.
    pub(super) fn record(self, options: &[&str]) -> (Run, Recorded) {
        let run = run(self.start(options));
        let file = std::fs::read_to_string(self.capture()).ok();
        self.thread.join().unwrap();
        (
            run,
            Recorded {
                file,
                folder: self.folder,
            },
        )
    }

    pub(super) fn start(&self, options: &[&str]) -> Child {
        start(&self.port(), &self.capture(), options)
    }
}

/// What a recording left.
pub(super) struct Recorded {
    /// The text of the file, if there is one.
    pub(super) file: Option<String>,
    folder: tempfile::TempDir,
}

impl Recorded {
    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("out.vcd")
    }
}

pub(super) fn act(mut line: impl Read + Write, acts: &[Act]) -> std::io::Result<()> {
    for act in acts {
        match act {
            Act::Await => {
                let mut byte = [0];
                while byte != *b"S" {
                    read_waiting(&mut line, &mut byte)?;
                }
            }
            Act::Send(bytes) => line.write_all(bytes)?,
            Act::Pull => return Ok(()),
        }
    }
    while read_waiting(&mut line, &mut [0; 100])? > 0 {}
    Ok(())
}

/// A pty's reads time out.
fn read_waiting(line: &mut impl Read, bytes: &mut [u8]) -> std::io::Result<usize> {
    loop {
        match line.read(bytes) {
            Err(error) if error.kind() == ErrorKind::TimedOut => {}
            other => return other,
        }
    }
}

pub(super) fn start(port: &str, capture: &Path, options: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_edgepipe"))
        .args(["record", port, "--capture"])
        .arg(capture)
        .args(options)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

pub(super) fn run(child: Child) -> Run {
    let output = child.wait_with_output().unwrap();
    Run {
        status: output.status.code().expect("no signal"),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
        json: serde_json::Value::Null,
    }
}

/// A line of a unix socket that nobody listens to any more.
pub(super) fn dead_socket(folder: &Path) -> String {
    let path = folder.join("dead");
    drop(UnixListener::bind(&path).unwrap());
    assert!(UnixStream::connect(&path).is_err());
    format!("unix:{}", path.display())
}
