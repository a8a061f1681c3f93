//! A board on a line.

use std::time::{Duration, Instant};

use edgepipe_host::Error;
use edgepipe_stream::{Decoder, Event};

use super::port::{Port, PortName};

/// Ends whatever the device may be waiting for, and starts the stream.
const START: &[u8] = &[STOP, STOP, STOP, STOP, STOP, START_AGAIN];
/// Has a device that streams send its head, and any other one start.
const START_AGAIN: u8 = b'S';
const STOP: u8 = 0;

/// A device that streams says something at least four times a second.
const SILENCE: Duration = Duration::from_secs(1);
/// A device sends its head within this time.
const HEAD_WAIT: Duration = Duration::from_secs(2);
/// While it is not there, it is asked this often.
const ASK_PERIOD: Duration = Duration::from_millis(500);

/// A device whose stream was started. It is stopped when this is dropped.
#[derive(Debug)]
pub(super) struct Device {
    name: PortName,
    port: Port,
    decoder: Decoder,
    opened: Instant,
    asked: Instant,
    /// The last time that something was understood.
    heard: Option<Instant>,
    /// Bytes that came.
    bytes: u64,
}

impl Device {
    pub(super) fn open(name: &PortName, baud: u32) -> Result<Self, Error> {
        let opened = Port::open(name, baud).and_then(|mut port| {
            port.write(START)?;
            Ok(port)
        });
        let port = opened.map_err(|error| Error::failure(&format!("{name}: {error}")))?;
        Ok(Self {
            name: name.clone(),
            port,
            decoder: Decoder::new(),
            opened: Instant::now(),
            asked: Instant::now(),
            heard: None,
            bytes: 0,
        })
    }

    /// Waits a moment for the device, and tells what it said. A device that is silent is asked again: it may have been
    /// reset.
    ///
    /// # Errors
    ///
    /// The device went away, has not sent a head in time, or speaks another version.
    pub(super) fn listen(&mut self, mut sink: impl FnMut(Event<'_>)) -> Result<(), Error> {
        let mut bytes = [0; 4_096];
        let gone = |name: &PortName, error| {
            Error::failure(&format!("{name}: the device went away: {error}"))
        };
        let count = self.port.read(&mut bytes);
        let count = count.map_err(|error| gone(&self.name, error))?;
        self.bytes += count as u64;
        let (mut understood, mut other_version) = (false, None);
        self.decoder.decode(&bytes[..count], |event| {
            understood = true;
            match event {
                Event::Version(version) => other_version = Some(version),
                event => sink(event),
            }
        });
        if let Some(version) = other_version {
            let cause = "an edgepipe with another version of the stream";
            return Err(Error::failure(&format!(
                "{}: {cause}: {version}",
                self.name
            )));
        }
        let now = Instant::now();
        if understood {
            self.heard = Some(now);
        }
        if self.heard.is_none() && now - self.opened >= HEAD_WAIT {
            return Err(self.not_an_edgepipe());
        }
        if self.is_silent() && now - self.asked >= ASK_PERIOD {
            self.asked = now;
            let asked = self.port.write(&[START_AGAIN]);
            asked.map_err(|error| gone(&self.name, error))?;
        }
        Ok(())
    }

    /// Whether nothing was understood for a while.
    pub(super) fn is_silent(&self) -> bool {
        self.heard.is_none_or(|heard| heard.elapsed() >= SILENCE)
    }

    fn not_an_edgepipe(&self) -> Error {
        let seconds = HEAD_WAIT.as_secs();
        let came = match self.bytes {
            0 => "nothing came".to_string(),
            bytes => format!("of the {bytes} bytes that came, none made sense"),
        };
        Error::failure(&format!(
            "{}: no edgepipe streams here: in {seconds} s {came}; check the port, --baud, and that the firmware can \
             stream (an analyser that speaks only SUMP cannot)",
            self.name
        ))
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        // A device that is not there any more needs no stop.
        let _ = self.port.write(&[STOP]);
    }
}
