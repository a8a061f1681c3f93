//! A recording as samples, in the `.sr` of sigrok and PulseView: a zip with the samples in pieces, and what they are.

use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use edgepipe_host::Error;
use edgepipe_recording::Output;
use zip::write::{SimpleFileOptions, StreamWriter};
use zip::{CompressionMethod, ZipWriter};

use super::sampler::{Sampler, Step};

/// The most samples in a second: with more, a few seconds do not fit into PulseView's memory.
const RATE_MAX: u32 = 100_000_000;
/// About as many bytes of samples are in a piece.
const PIECE: usize = 4 << 20;

/// One sample for each tick of the device. A channel `LOSS`, which is there if edges were lost, is high meanwhile.
pub(super) struct SrFile {
    path: PathBuf,
    zip: ZipWriter<StreamWriter<Output>>,
    names: Vec<String>,
    rate_hz: u32,
    sampler: Sampler,
    levels: u32,
    /// Bytes of a sample.
    width: usize,
    piece: Vec<u8>,
    pieces: u32,
    has_loss: bool,
    /// Edges are lost from the last step to the end.
    lost_to_end: bool,
}

impl SrFile {
    pub(super) fn create(
        path: &Path,
        names: &[String],
        rate_hz: u32,
        levels: u32,
    ) -> Result<Self, Error> {
        if rate_hz > RATE_MAX {
            let cause = format!(
                "the device's clock has {rate_hz} Hz, and an .sr a sample for each tick; up to {RATE_MAX} Hz are possible. \
                 Record it as .vcd"
            );
            return Err(Error::file(path, cause));
        }
        let output = Output::create(path).map_err(|error| cannot_write(path, &error))?;
        let now = Step {
            time: 0,
            levels,
            lost: false,
        };
        Ok(Self {
            path: path.to_path_buf(),
            zip: ZipWriter::new_stream(output),
            names: names.to_vec(),
            rate_hz,
            sampler: Sampler::new(now, rate_hz, rate_hz.into(), names.len() as u32),
            levels,
            width: names.len() / 8 + 1,
            piece: Vec::new(),
            pieces: 0,
            has_loss: false,
            lost_to_end: false,
        })
    }

    pub(super) fn edge(&mut self, time: u64, line: u8, high: bool) -> Result<(), Error> {
        let bit = 1_u32.checked_shl(line.into()).unwrap_or(0);
        let levels = if high {
            self.levels | bit
        } else {
            self.levels & !bit
        };
        self.step(time, levels, false)
    }

    pub(super) fn loss(&mut self, from: u64, to: Option<(u64, u32)>) -> Result<(), Error> {
        self.has_loss = true;
        self.step(from, self.levels, false)?;
        match to {
            Some((to, levels)) => self.step(to, levels, true),
            None => {
                self.lost_to_end = true;
                Ok(())
            }
        }
    }

    pub(super) fn finish(mut self, end: u64) -> Result<(), Error> {
        // With the sample at the end.
        self.step(end.saturating_add(1), self.levels, self.lost_to_end)?;
        let written = self.write_end();
        written
            .and_then(|()| self.zip.finish()?.into_inner().commit())
            .map_err(|error| cannot_write(&self.path, &error))
    }

    fn step(&mut self, time: u64, levels: u32, lost: bool) -> Result<(), Error> {
        self.levels = levels;
        for (word, count) in self.sampler.advance(Step { time, levels, lost }) {
            let written = self.add(word, count);
            written.map_err(|error| cannot_write(&self.path, &error))?;
        }
        Ok(())
    }

    fn add(&mut self, word: u64, mut count: u64) -> io::Result<()> {
        let bytes = word.to_le_bytes();
        let sample = bytes.get(..self.width).unwrap_or_default();
        while count > 0 {
            let room = PIECE.saturating_sub(self.piece.len()) / self.width;
            let now = count.min(room as u64);
            self.piece.extend(sample.repeat(now as usize));
            count -= now;
            if count > 0 {
                self.write_piece()?;
            }
        }
        Ok(())
    }

    fn write_piece(&mut self) -> io::Result<()> {
        self.pieces += 1;
        let name = format!("logic-1-{}", self.pieces);
        self.zip.start_file(name, deflated())?;
        self.zip.write_all(&self.piece)?;
        self.piece.clear();
        Ok(())
    }

    fn write_end(&mut self) -> io::Result<()> {
        self.write_piece()?;
        let mut names = self.names.clone();
        if self.has_loss {
            names.push("LOSS".into());
        }
        let mut text = format!(
            "[global]\nsigrok version=0.5.2\n\n[device 1]\ncapturefile=logic-1\ntotal probes={}\n\
             samplerate={} Hz\ntotal analog=0\n",
            names.len(),
            self.rate_hz
        );
        for (number, name) in (1..).zip(&names) {
            text += &format!("probe{number}={name}\n");
        }
        text += &format!("unitsize={}\n", self.width);
        self.zip.start_file("metadata", deflated())?;
        self.zip.write_all(text.as_bytes())?;
        self.zip.start_file(
            "version",
            SimpleFileOptions::default().compression_method(CompressionMethod::Stored),
        )?;
        self.zip.write_all(b"2")
    }
}

fn deflated() -> SimpleFileOptions {
    SimpleFileOptions::default().compression_method(CompressionMethod::Deflated)
}

fn cannot_write(path: &Path, error: &io::Error) -> Error {
    Error::file(path, format_args!("cannot write: {error}"))
}

// The zip has no `Debug`.
impl fmt::Debug for SrFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SrFile")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}
