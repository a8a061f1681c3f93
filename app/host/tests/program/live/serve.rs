//! What a client of `serve` sees: no sample is wrong, and a loss is one of the channels.

use std::env;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::os::unix::net::{UnixListener, UnixStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use edgepipe_stream::{Encoder, Head};
use tempfile::TempDir;

use super::board::HEAD;

const BAUD: u64 = 9_600;
/// Bits of a character, with start and stop.
const CHARACTER: u64 = 10;

/// The level of the line TX at a bit: characters that count from 0, without a pause.
fn bit(number: u64) -> bool {
    let character = number / CHARACTER % 256;
    match number % CHARACTER {
        0 => false,
        9 => true,
        data => character >> (data - 1) & 1 == 1,
    }
}

/// The tick of a bit's beginning, a while after the start.
fn tick(bit: u64) -> u64 {
    100_000 + bit * u64::from(HEAD.rate_hz) / BAUD
}

/// Sends the line TX, as it happens.
struct Uart {
    began: Instant,
    bits: u64,
    high: bool,
}

impl Uart {
    /// Gives the edges up to now, and tells the time.
    fn catch_up(
        &mut self,
        encoder: &mut Encoder<'_>,
        line: &mut UnixStream,
    ) -> std::io::Result<()> {
        let now = self.began.elapsed().as_micros() as u64;
        while tick(self.bits) <= now {
            if bit(self.bits) != self.high {
                self.high = !self.high;
                while !encoder.has_room() {
                    send(encoder, line)?;
                }
                encoder.edge(tick(self.bits), 0, self.high).unwrap();
            }
            self.bits += 1;
        }
        encoder.tick(now);
        send(encoder, line)
    }

    /// Loses the edges up to now.
    fn skip(&mut self) {
        let now = self.began.elapsed().as_micros() as u64;
        while tick(self.bits) <= now {
            self.high = bit(self.bits);
            self.bits += 1;
        }
    }
}

fn send(encoder: &mut Encoder<'_>, line: &mut UnixStream) -> std::io::Result<()> {
    let mut bytes = [0; 1_000];
    while let count @ 1.. = encoder.transmit(&mut bytes) {
        line.write_all(&bytes[..count])?;
    }
    Ok(())
}

/// A board that sends for as long as there is a host. After `gap`, and only once, it loses 7 edges.
fn live_board(listener: &UnixListener, gap: Option<Duration>) -> std::io::Result<()> {
    let (mut line, _) = listener.accept()?;
    line.set_nonblocking(true)?;
    let mut encoder = Encoder::new(HEAD, 0, 1).unwrap();
    let mut uart = Uart {
        began: Instant::now(),
        bits: 0,
        high: true,
    };
    let mut gap = gap;
    loop {
        match line.read(&mut [0; 100]) {
            Ok(0) => return Ok(()),
            Err(error) if error.kind() != ErrorKind::WouldBlock => return Err(error),
            _ => {}
        }
        line.set_nonblocking(false)?;
        uart.catch_up(&mut encoder, &mut line)?;
        if gap.is_some_and(|gap| uart.began.elapsed() > gap) {
            gap = None;
            thread::sleep(Duration::from_millis(50));
            uart.skip();
            encoder.gap(7, uart.high.into()).unwrap();
        }
        line.set_nonblocking(true)?;
        thread::sleep(Duration::from_millis(15));
    }
}

struct Server {
    child: Child,
    port: u16,
    told: Vec<String>,
    _folder: TempDir,
}

impl Server {
    fn start(gap: Option<Duration>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("board");
        let listener = UnixListener::bind(&path).unwrap();
        // The host may be ended at any time.
        thread::spawn(move || while live_board(&listener, gap).is_ok() {});
        let mut child = Command::new(env!("CARGO_BIN_EXE_edgepipe"))
            .args([
                "serve",
                &format!("unix:{}", path.display()),
                "--listen",
                "127.0.0.1:0",
            ])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let told: Vec<_> = out.lines().take(3).map(Result::unwrap).collect();
        let port = told[0].rsplit(':').next().unwrap().parse().unwrap();
        Self {
            child,
            port,
            told,
            _folder: folder,
        }
    }

    /// A client that has asked for samples of one byte at this rate.
    fn connect(&self, rate: u64) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        for (command, answer) in [
            ("version\n", "BeagleLogic 1.0 edgepipe\n"),
            (&format!("samplerate {rate}\n"), "ok\n"),
            ("sampleunit 1\n", "ok\n"),
        ] {
            stream.write_all(command.as_bytes()).unwrap();
            let mut told = vec![0; answer.len()];
            stream.read_exact(&mut told).unwrap();
            assert_eq!(told, answer.as_bytes());
        }
        stream.write_all(b"get\n").unwrap();
        stream
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// The runs of equal samples.
fn runs(samples: &[u8]) -> Vec<(u8, usize)> {
    samples
        .chunk_by(|a, b| a == b)
        .map(|run| (run[0], run.len()))
        .collect()
}

#[test]
fn every_sample_is_the_level_of_its_time() {
    let server = Server::start(None);
    for rate in [1_000_000, 50_000, 3_000_000] {
        let mut samples = vec![0; rate as usize];
        let began = Instant::now();
        server.connect(rate).read_exact(&mut samples).unwrap();
        let took = began.elapsed();
        assert!(
            took > Duration::from_millis(700),
            "a second is a second: {took:?}"
        );
        // A start bit after the last bit of a character, 0xff, which is high for nine bits.
        let half_bits = |count: usize| 2 * count as u64 * BAUD / rate;
        let runs = runs(&samples);
        let after_ff = runs
            .iter()
            .position(|run| run.0 == 1 && half_bits(run.1) >= 17 && run.1 < rate as usize / 20);
        let first = after_ff.expect("255 comes every 267 ms") + 1;
        let before: usize = runs[..first].iter().map(|run| run.1).sum();
        // From here on, every edge is where it belongs, to a sample.
        let (mut at, mut number) = (before, 0);
        for run in &runs[first..runs.len() - 1] {
            assert_eq!(run.0, u8::from(bit(number)), "bit {number}");
            let mut next = number + 1;
            while bit(next) == bit(number) {
                next += 1;
            }
            at += run.1;
            let expected = (tick(next) - tick(0)) * rate / u64::from(HEAD.rate_hz);
            let difference = (at - before) as i64 - expected as i64;
            assert!(
                (-1..=3).contains(&difference),
                "bit {next}: {difference} samples"
            );
            number = next;
        }
        assert!(number > 5_000, "{number} bits");
    }
}

#[test]
fn a_loss_is_a_channel() {
    let server = Server::start(Some(Duration::from_millis(1_000)));
    let mut samples = vec![0; 2_000_000];
    server.connect(1_000_000).read_exact(&mut samples).unwrap();
    let lost: Vec<_> = samples
        .chunk_by(|a, b| a & 8 == b & 8)
        .filter(|run| run[0] & 8 != 0)
        .collect();
    assert_eq!(lost.len(), 1);
    assert!(
        (45_000..1_000_000).contains(&lost[0].len()),
        "{} us",
        lost[0].len()
    );
    assert_eq!(
        server.told[0],
        format!("listening on 127.0.0.1:{}", server.port)
    );
    assert!(
        server.told[2].contains("-C P8_45=TX,P8_46=RX,P8_43=IRQ,P8_44=LOSS "),
        "{}",
        server.told[2]
    );
}

#[test]
fn clients_come_and_go_and_speak_nonsense() {
    let server = Server::start(None);
    for _ in 0..3 {
        let mut client = server.connect(1_000_000);
        client.read_exact(&mut [0; 1_000]).unwrap();
        client.write_all(b"close\n").unwrap();
        // What was on its way still comes, and then nothing.
        client
            .set_read_timeout(Some(Duration::from_millis(600)))
            .unwrap();
        let mut rest = Vec::new();
        let end = client.read_to_end(&mut rest).unwrap_err();
        assert_eq!(
            end.kind(),
            ErrorKind::WouldBlock,
            "the server does not close"
        );
        client.write_all(b"get\n").unwrap();
        client.read_exact(&mut [0; 1_000]).unwrap();
        client.write_all(&[0xff; 5_000]).unwrap();
    }
    let mut two = [server.connect(1_000_000), server.connect(100_000)];
    for client in &mut two {
        client.read_exact(&mut [0; 30_000]).unwrap();
    }
}

/// As long as `EDGEPIPE_LIVE_SECONDS` says; `.ci/serve-live` sets it.
#[test]
fn sigrok_decodes_it_live() {
    if Command::new("sigrok-cli")
        .arg("--version")
        .output()
        .is_err()
    {
        println!("SKIP: no sigrok-cli");
        return;
    }
    let seconds = env::var("EDGEPIPE_LIVE_SECONDS").map_or(3, |text| text.parse().unwrap());
    let server = Server::start(None);
    decode(&server, seconds, "P8_45=TX,P8_44=LOSS");
    // With a channel above the first eight, samples have two bytes.
    decode(&server, 3, "P8_45=TX,P8_20=TOP");
}

fn decode(server: &Server, seconds: u64, channels: &str) {
    let began = Instant::now();
    let decoded = Command::new("sigrok-cli")
        .arg("-d")
        .arg(format!(
            "beaglelogic:conn=tcp-raw/127.0.0.1/{}",
            server.port
        ))
        .args(["-c", "samplerate=1m", "-C", channels])
        .args(["--samples", &(seconds * 1_000_000).to_string()])
        .args(["-P", "uart:rx=TX:baudrate=9600", "-A", "uart=rx-data"])
        .output()
        .unwrap();
    let took = began.elapsed().as_secs_f64();
    let text = String::from_utf8(decoded.stdout).unwrap();
    let values: Vec<u8> = text
        .lines()
        .map(|line| u8::from_str_radix(line.rsplit(' ').next().unwrap(), 16).unwrap())
        .collect();
    // The decoder may take the middle of a character for its start, until a pause: 0xff is high for nine bits.
    let synced = values
        .iter()
        .position(|value| *value == 0xff)
        .unwrap_or(values.len());
    println!(
        "{} characters in {took:.1} s, of which {synced} before the first ff",
        values.len()
    );
    assert!(values.len() as u64 > seconds * 900, "{}", values.len());
    for (number, pair) in values[synced..].windows(2).enumerate() {
        assert_eq!(pair[1], pair[0].wrapping_add(1), "character {number}");
    }
}

#[test]
fn a_board_that_goes_away_and_comes_back_is_served_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("board");
    let listener = UnixListener::bind(&path).unwrap();
    let board = thread::spawn(move || {
        for session in 1..=2 {
            let (mut line, _) = listener.accept().unwrap();
            let mut encoder = Encoder::new(Head { session, ..HEAD }, 0, 1).unwrap();
            for now in (0..3_000_000).step_by(20_000) {
                encoder.tick(now);
                let _ = send(&mut encoder, &mut line);
                thread::sleep(Duration::from_millis(20));
            }
        }
    });
    let mut child = Command::new(env!("CARGO_BIN_EXE_edgepipe"))
        .args([
            "serve",
            &format!("unix:{}", path.display()),
            "--listen",
            "127.0.0.1:0",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let out = BufReader::new(child.stdout.take().unwrap());
    let told: Vec<_> = out.lines().take(3).map(Result::unwrap).collect();
    let port = told[0].rsplit(':').next().unwrap().parse().unwrap();
    let server = Server {
        child,
        port,
        told,
        _folder: folder,
    };
    let mut samples = vec![0; 50_000];
    server.connect(10_000).read_exact(&mut samples).unwrap();
    let values: Vec<_> = runs(&samples).into_iter().map(|run| run.0).collect();
    assert_eq!(values, [1, 9, 1], "LOSS while it was away");
    drop(server);
    board.join().unwrap();
}
