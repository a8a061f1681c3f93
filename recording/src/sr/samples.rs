//! The changes between samples.

use std::fs::File;
use std::io::{ErrorKind, Read};

use super::archive::{Archive, Content, Entry};
use super::metadata::{Metadata, SAMPLE_MAX_BYTES};
use crate::Error;
use crate::change::Change;
use crate::error::quoted;
use crate::names::{Declared, Wire, text};

const BUFFER_BYTES: usize = 64 << 10;
/// The most bytes of `metadata`.
const METADATA_MAX_BYTES: u64 = 1 << 20;

/// The samples of an `.sr`, as changes. Signal *n* is channel *n*, counted without those that were off.
pub(crate) struct Samples {
    /// The name for messages.
    name: String,
    file: File,
    entries: Vec<Entry>,
    sample_bytes: usize,
    /// The signal of each bit of a sample.
    signals: [u32; 64],
    /// The bits that matter.
    mask: u64,
    /// The entry that is read, or `None` before one is opened, and the number of the next one.
    content: Option<Content>,
    next_entry: usize,
    /// What is still to be looked at is from `next` to `end`.
    buffer: Box<[u8]>,
    next: usize,
    end: usize,
    /// The number of the sample at `next`.
    time: u64,
    /// The latest sample whose bits that matter were new; `None` before the first.
    sample: Option<u64>,
    /// Its bits that are still to be handed out.
    pending: u64,
    pending_time: u64,
}

impl Samples {
    pub(crate) fn open(name: String, file: File) -> Result<(Self, Declared), Error> {
        let (metadata, entries) = directory(&file).map_err(|cause| Error::file(&name, cause))?;
        let mut signals = [0; 64];
        let mut mask = 0;
        let mut wires = Vec::new();
        for (signal, (bit, channel)) in (0..).zip(metadata.channels) {
            signals[bit as usize] = signal;
            mask |= 1 << bit;
            wires.push(Wire {
                name: channel,
                scope: 0,
                signal,
            });
        }
        let samples = Self {
            name,
            file,
            entries,
            sample_bytes: metadata.sample_bytes,
            signals,
            mask,
            content: None,
            next_entry: 0,
            buffer: vec![0; BUFFER_BYTES].into(),
            next: 0,
            end: 0,
            time: 0,
            sample: None,
            pending: 0,
            pending_time: 0,
        };
        let declared = Declared {
            unit: metadata.unit,
            signals: wires.len(),
            wires,
            scopes: vec![String::new()],
        };
        Ok((samples, declared))
    }

    /// Says which signals matter.
    pub(crate) fn only(&mut self, matters: impl Fn(usize) -> bool) {
        for (bit, signal) in self.signals.into_iter().enumerate() {
            if self.mask >> bit & 1 == 1 && !matters(signal as usize) {
                self.mask &= !(1 << bit);
            }
        }
    }

    /// Starts over at the first sample.
    pub(crate) fn restart(&mut self) -> Result<(), Error> {
        self.content = None;
        self.next_entry = 0;
        (self.next, self.end) = (0, 0);
        self.time = 0;
        self.sample = None;
        self.pending = 0;
        Ok(())
    }

    /// The file's name, for messages.
    pub(crate) fn file(&self) -> &str {
        &self.name
    }

    /// The number of samples so far.
    pub(crate) fn time(&self) -> u64 {
        self.time
    }

    /// The next level that is given for a signal: the first of each, and then only those that are new.
    pub(crate) fn next_change(&mut self) -> Result<Option<Change>, Error> {
        while self.pending == 0 {
            if !self.next_sample()? {
                return Ok(None);
            }
        }
        let bit = self.pending.trailing_zeros();
        // Clears the lowest bit.
        self.pending &= self.pending - 1;
        Ok(Some(Change {
            time: self.pending_time,
            signal: self.signals[bit as usize],
            level: Some(self.sample.unwrap_or(0) >> bit & 1 == 1),
        }))
    }

    /// Goes past equal samples to one that is new, and past it too; `false` if there is none.
    fn next_sample(&mut self) -> Result<bool, Error> {
        loop {
            if let Some(sample) = self.sample {
                let bytes = &self.buffer[self.next..self.end];
                let equal = equal_samples(bytes, self.sample_bytes, sample, self.mask);
                self.next += equal * self.sample_bytes;
                self.time += equal as u64;
            }
            if self.end - self.next >= self.sample_bytes {
                break;
            }
            if !self.fill()? {
                return Ok(false);
            }
        }
        let mut bytes = [0; SAMPLE_MAX_BYTES];
        let end = self.next + self.sample_bytes;
        bytes[..self.sample_bytes].copy_from_slice(&self.buffer[self.next..end]);
        let sample = u64::from_le_bytes(bytes);
        self.pending = match self.sample {
            Some(before) => (before ^ sample) & self.mask,
            None => self.mask,
        };
        self.pending_time = self.time;
        self.sample = Some(sample);
        self.next = end;
        self.time += 1;
        Ok(true)
    }

    /// Reads at least one byte more; `false` at the end. A sample may begin in one entry and end in the next.
    fn fill(&mut self) -> Result<bool, Error> {
        self.buffer.copy_within(self.next..self.end, 0);
        self.end -= self.next;
        self.next = 0;
        loop {
            let Some(content) = &mut self.content else {
                let Some(entry) = self.entries.get(self.next_entry) else {
                    if self.end > 0 {
                        return Err(self.error("truncated: the last sample is not whole".into()));
                    }
                    return Ok(false);
                };
                let content = entry.open(&self.file);
                self.content =
                    Some(content.map_err(|error| self.error(format!("cannot read: {error}")))?);
                self.next_entry += 1;
                continue;
            };
            match content.read(&mut self.buffer[self.end..]) {
                Ok(0) => self.content = None,
                Ok(read) => {
                    self.end += read;
                    return Ok(true);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    let entry = quoted(&self.entries[self.next_entry - 1].name);
                    return Err(self.error(format!("{entry} is damaged: {error}")));
                }
            }
        }
    }

    fn error(&self, cause: String) -> Error {
        Error::file(&self.name, cause)
    }
}

/// What the samples are, and where. The error is the cause.
fn directory(file: &File) -> Result<(Metadata, Vec<Entry>), String> {
    let cannot = |error: std::io::Error| format!("cannot read 'metadata': {error}");
    let mut archive = Archive::open(file.try_clone().map_err(cannot)?)?;
    let Some(entry) = archive.entry("metadata")? else {
        return Err(match archive.has("meta.json") {
            true => "a capture of Saleae Logic, not sigrok's .sr".into(),
            false => "a zip, but not sigrok's .sr: it has no 'metadata'".into(),
        });
    };
    let mut metadata = Vec::new();
    let content = entry.open(file).map_err(cannot)?;
    content
        .take(METADATA_MAX_BYTES + 1)
        .read_to_end(&mut metadata)
        .map_err(cannot)?;
    if metadata.len() as u64 > METADATA_MAX_BYTES {
        return Err(format!(
            "'metadata' has more than {METADATA_MAX_BYTES} bytes"
        ));
    }
    let metadata = Metadata::parse(&text(&metadata))?;
    let capture = &metadata.capture_file;
    if let Some(entry) = archive.entry(capture)? {
        return Ok((metadata, vec![entry]));
    }
    let pieces = archive
        .names()
        .filter_map(|name| {
            name.strip_prefix(capture)?
                .strip_prefix('-')?
                .parse::<u64>()
                .ok()
        })
        .count();
    let mut entries = Vec::new();
    for piece in 1..=pieces {
        let name = format!("{capture}-{piece}");
        let Some(entry) = archive.entry(&name)? else {
            return Err(format!("{} is missing", quoted(&name)));
        };
        entries.push(entry);
    }
    if entries.is_empty() {
        return Err(format!("{} is missing", quoted(capture)));
    }
    Ok((metadata, entries))
}

/// The number of samples at the beginning of `bytes` that equal `sample` in the bits of `mask`.
fn equal_samples(bytes: &[u8], sample_bytes: usize, sample: u64, mask: u64) -> usize {
    match sample_bytes {
        1 => equal::<1>(bytes, sample, mask),
        2 => equal::<2>(bytes, sample, mask),
        3 => equal::<3>(bytes, sample, mask),
        4 => equal::<4>(bytes, sample, mask),
        5 => equal::<5>(bytes, sample, mask),
        6 => equal::<6>(bytes, sample, mask),
        7 => equal::<7>(bytes, sample, mask),
        _ => equal::<8>(bytes, sample, mask),
    }
}

/// The samples that are compared one by one. In a longer run, blocks of this many are compared at once, which the compiler
/// makes fast.
const BLOCK: usize = 64;

fn equal<const N: usize>(bytes: &[u8], sample: u64, mask: u64) -> usize {
    let (samples, _) = bytes.as_chunks::<N>();
    let (sample, mask) = (sample.to_le_bytes(), mask.to_le_bytes());
    let is_new = |other: &[u8; N]| (0..N).any(|n| (other[n] ^ sample[n]) & mask[n] != 0);
    let mut equal = samples.len().min(BLOCK / 4);
    if let Some(new) = samples[..equal].iter().position(is_new) {
        return new;
    }
    for block in samples[equal..].chunks(BLOCK) {
        let mut new = [0; N];
        for other in block {
            for n in 0..N {
                new[n] |= (other[n] ^ sample[n]) & mask[n];
            }
        }
        if new != [0; N] {
            return equal + block.iter().position(is_new).unwrap_or(0);
        }
        equal += block.len();
    }
    equal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_any_length_and_sample_size_are_found() {
        for sample_bytes in 1..=SAMPLE_MAX_BYTES {
            for run in [0, 1, 15, 16, 17, 79, 80, 81, 200] {
                let mut bytes = [5; 8][..sample_bytes].repeat(run);
                let sample = u64::from_le_bytes([5; 8]);
                let count = |bytes: &[u8], mask| equal_samples(bytes, sample_bytes, sample, mask);
                assert_eq!(count(&bytes, u64::MAX), run);
                // One that differs in bit 0, and one that does not.
                bytes.push(4);
                bytes.resize((run + 1) * sample_bytes, 5);
                bytes.extend([5; 8]);
                assert_eq!(count(&bytes, u64::MAX), run);
                assert!(count(&bytes, 0x4) > run, "a bit that does not matter");
            }
        }
    }
}
