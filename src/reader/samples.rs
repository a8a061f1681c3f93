//! Reading samples.

use zephyr::time::{Forever, Timeout};

use crate::channel::Reading;
use crate::sys::clock::Ratio;
use crate::{Bytes, Error, Gap, Reader, Sample, WeakReader};

/// Bytes of records that are decoded at once. They are on the thread's stack.
const AT_ONCE: usize = 256;

/// A sample as it is read, and its place.
pub(crate) struct Raw {
    value: u32,
    /// The low bits of its time, in cycles, if it has one.
    cycles: Option<u64>,
    /// The hole directly before it.
    gap: Option<Gap>,
}

impl<T: Sample> Reader<T> {
    /// Reads pending samples; blocks only while none is pending.
    ///
    /// Returns how many samples it put into `samples`; 0 means end of file, or an empty slice. It ends before a hole, and
    /// [`gap`](Self::gap) tells of the one directly before the first sample.
    ///
    /// # Context
    ///
    /// Thread only, blocks while the capture is open and no sample is pending.
    ///
    /// # Errors
    ///
    /// None at present.
    pub fn read_samples(&mut self, samples: &mut [T]) -> Result<usize, Error> {
        self.read_samples_timeout(samples, Forever)
    }

    /// As [`read_samples`](Self::read_samples), for as long as `timeout` lasts. A `Duration` of zero is written `NoWait`:
    /// see [`wait_ready`](Self::wait_ready).
    ///
    /// # Errors
    ///
    /// [`Error::TIMED_OUT`] when the time passed first.
    pub fn read_samples_timeout(
        &mut self,
        samples: &mut [T],
        timeout: impl Into<Timeout>,
    ) -> Result<usize, Error> {
        let capture = self.capture;
        capture.until_read(timeout.into(), || self.try_read_samples(samples))
    }

    /// Reads pending samples without waiting; otherwise as [`read_samples`](Self::read_samples).
    ///
    /// # Errors
    ///
    /// [`Error::WOULD_BLOCK`] when no sample is pending.
    pub fn try_read_samples(&mut self, samples: &mut [T]) -> Result<usize, Error> {
        let capture = self.capture;
        capture.try_take_samples(samples.len(), |index, raw, clock| {
            let time_ns = raw.cycles.map(|cycles| self.time_ns(cycles, clock));
            if let Some(place) = samples.get_mut(index) {
                *place = T::of(raw.value, time_ns.unwrap_or(0));
            }
        })
    }
}

impl<T> Reader<T> {
    /// The time of a sample in nanoseconds, with what `WeakReader::clock_end` returned after it was read.
    fn time_ns(&mut self, cycles: u64, (end, to_ns): (u64, Ratio)) -> u64 {
        to_ns.scale(self.decoder.time(0, cycles, end))
    }
}

impl WeakReader {
    /// Reads pending samples until there are `most`, none is pending, or there is a hole. `put` gets the index of each, and
    /// also what [`clock_end`](Self::clock_end) returned after the sample was read.
    fn try_take_samples(
        self,
        most: usize,
        mut put: impl FnMut(usize, Raw, (u64, Ratio)),
    ) -> Result<usize, Error> {
        let format = self.format()?;
        let size = format.bytes();
        let mut bytes = [0; AT_ONCE];
        let mut reading = Reading::new();
        let mut count = 0;
        // Only the first read may find end of file, because the call returns either that or samples.
        while count < most && (count == 0 || self.has_unread()) {
            let room = (most - count).min(AT_ONCE / size) * size;
            let taken = bytes.get_mut(..room).unwrap_or_default();
            let length = match self.take_on(taken, &mut reading) {
                Err(_) if count > 0 => break,
                result => result?,
            };
            if length == 0 {
                break;
            }
            let clock = self.clock_end()?;
            let taken = taken.get(..length).unwrap_or_default();
            for record in taken.chunks_exact(size) {
                let (value, cycles) = format.sample(record);
                let gap = reading.gap.take();
                put(count, Raw { value, cycles, gap }, clock);
                count += 1;
            }
        }
        Ok(count)
    }

    /// Reads at most `most` samples of any kind, for C: `put` gets the index of each, its value, its time in cycles and the
    /// hole before it.
    #[doc(hidden)]
    pub fn read_samples(
        self,
        most: usize,
        timeout: Timeout,
        mut put: impl FnMut(usize, u32, Option<u64>, Option<Gap>),
    ) -> Result<usize, Error> {
        let mut put = |index, raw: Raw, _clock| put(index, raw.value, raw.cycles, raw.gap);
        self.until_read(timeout, || self.try_take_samples(most, &mut put))
    }
}

impl Reader<Bytes> {
    /// The same reader for samples of type `T`.
    ///
    /// # Errors
    ///
    /// [`Error::INVALID_INPUT`] if the capture has records of another kind; then the reader is dropped.
    pub fn into_samples<T: Sample>(self) -> Result<Reader<T>, Error> {
        match self.capture.format()? == T::FORMAT {
            true => Ok(self.into_other()),
            false => Err(Error::INVALID_INPUT),
        }
    }

    /// The time of a sample in nanoseconds, monotonic, for C, with the reader's own decoder.
    #[doc(hidden)]
    pub fn sample_ns(&mut self, cycles: u64) -> Result<u64, Error> {
        let clock = self.capture.clock_end()?;
        Ok(self.time_ns(cycles, clock))
    }
}
