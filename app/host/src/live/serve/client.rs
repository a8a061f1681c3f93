//! One client.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use super::commands::{Command, Commands};
use super::hub::Hub;
use crate::live::sampler::{Sampler, Step};

/// The most bytes of samples in one piece.
const PIECE: usize = 32_768;
/// A client that has nothing to say, or takes nothing, is asked again after this time.
const MOMENT: Duration = Duration::from_millis(2);

/// Serves a client until it goes away. The server never closes first: libsigrok 0.5.2 would wait for ever.
pub(super) fn serve(stream: TcpStream, hub: &Hub, loss_channel: u32) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_nonblocking(true)?;
    let mut client = Client {
        stream,
        hub,
        loss_channel,
        commands: Commands::new(),
        samples: Vec::with_capacity(PIECE),
        running: None,
        starts: 0,
    };
    loop {
        client.obey()?;
        client.pass_on()?;
    }
}

struct Client<'a> {
    stream: TcpStream,
    hub: &'a Hub,
    loss_channel: u32,
    commands: Commands,
    /// Samples that were not sent yet.
    samples: Vec<u8>,
    /// While samples are sent: the steps, and what makes samples of them.
    running: Option<(Receiver<Step>, Sampler)>,
    /// How often the client has started or stopped.
    starts: u32,
}

impl Client<'_> {
    /// Does what the client said, if anything.
    fn obey(&mut self) -> io::Result<()> {
        let mut bytes = [0; 1_024];
        let count = match self.stream.read(&mut bytes) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            read => read?,
        };
        for &byte in &bytes[..count] {
            match self.commands.take(byte) {
                Some(Command::Answer(text)) => self.stream.write_all(text.as_bytes())?,
                Some(Command::Start) => self.start(),
                Some(Command::Stop) => self.stop(),
                None => {}
            }
        }
        Ok(())
    }

    fn start(&mut self) {
        self.stop();
        let (steps, now, ticks_hz) = self.hub.listen();
        let sampler = Sampler::new(now, ticks_hz, self.commands.rate(), self.loss_channel);
        self.running = Some((steps, sampler));
    }

    fn stop(&mut self) {
        self.starts = self.starts.wrapping_add(1);
        self.samples.clear();
        self.running = None;
    }

    /// Sends the samples of the steps that came, or waits a moment.
    fn pass_on(&mut self) -> io::Result<()> {
        let starts = self.starts;
        while let Some((steps, sampler)) = &mut self.running
            && starts == self.starts
        {
            let wait = if self.samples.is_empty() {
                MOMENT
            } else {
                Duration::ZERO
            };
            let step = match steps.recv_timeout(wait) {
                Ok(step) => step,
                Err(RecvTimeoutError::Timeout) => return self.send(),
                // The hub lives as long as the program.
                Err(RecvTimeoutError::Disconnected) => return Err(ErrorKind::BrokenPipe.into()),
            };
            for (word, mut count) in sampler.advance(step) {
                while count > 0 && starts == self.starts {
                    count -= self.add(word, count);
                    if self.samples.len() >= PIECE {
                        self.send()?;
                    }
                }
            }
        }
        thread::sleep(MOMENT);
        Ok(())
    }

    /// Adds a sample so many times, or fewer. Returns how many.
    fn add(&mut self, word: u64, count: u64) -> u64 {
        let sample = &word.to_le_bytes()[..self.commands.width()];
        let room = (PIECE / sample.len()) as u64;
        let count = count.min(room);
        self.samples.extend(sample.repeat(count as usize));
        count
    }

    /// Sends the samples, unless the client stops it.
    fn send(&mut self) -> io::Result<()> {
        let (starts, mut sent) = (self.starts, 0);
        while starts == self.starts && sent < self.samples.len() {
            match self.stream.write(&self.samples[sent..]) {
                Ok(count) => sent += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(MOMENT),
                Err(error) => return Err(error),
            }
            self.obey()?;
        }
        self.samples.clear();
        Ok(())
    }
}
