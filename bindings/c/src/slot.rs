//! The open capture of one instance, shared by all threads that use it.

use edgepipe::{Bytes, Capture, Edge, Error, RECORD_BYTES, Reader, WeakReader};
use zephyr::sync::SpinMutex;

pub(crate) struct Slot(SpinMutex<State>);

struct State {
    /// The capture, until it is closed, and except while a call uses it.
    capture: Option<Capture>,
    /// A call uses the capture.
    in_use: bool,
    /// The reader, until the instance is opened again. Calls use weak readers of it, so a thread in a
    /// call does not keep the device open, even if it is aborted.
    reader: Option<Reader<Bytes>>,
    /// One wait for it is to end.
    woken: bool,
    /// How often the instance was opened; it wraps.
    opened: u32,
}

impl Slot {
    pub(crate) const fn new() -> Self {
        Self(SpinMutex::new(State {
            capture: None,
            in_use: false,
            reader: None,
            woken: false,
            opened: 0,
        }))
    }

    /// Calls `open` and keeps its result, in place of the closed capture. If it fails because something is
    /// still open, the old capture's pending records stay.
    ///
    /// # Errors
    ///
    /// [`Error::BUSY`] while a capture runs or if `is_busy`; the errors of `open`.
    pub(crate) fn open(
        &self,
        is_busy: impl FnOnce() -> bool,
        open: impl FnOnce() -> Result<(Capture, Reader<Bytes>), Error>,
    ) -> Result<(), Error> {
        let old = self.with_state(|state| {
            if state.capture.is_some() || state.in_use || is_busy() {
                return Err(Error::BUSY);
            }
            Ok(state.reader.take())
        })?;
        // Dropped without the lock, because it wakes waiters, and before `open`, because the device
        // would be busy.
        drop(old);
        // If several threads arrive here, `open` succeeds in one.
        let (capture, reader) = open()?;
        self.with_state(|state| {
            state.capture = Some(capture);
            state.reader = Some(reader);
            state.woken = false;
            state.opened = state.opened.wrapping_add(1);
        });
        Ok(())
    }

    /// Closes the capture; the reader stays.
    ///
    /// # Errors
    ///
    /// As [`take`](Self::take).
    pub(crate) fn close(&self) -> Result<(), Error> {
        let capture = self.with_state(Self::take)?;
        // Without the lock: this wakes waiters.
        capture.close();
        Ok(())
    }

    /// Calls `body` with the running capture, without the lock, because it may take long.
    ///
    /// # Errors
    ///
    /// As [`take`](Self::take); the errors of `body`.
    pub(crate) fn with_capture(
        &self,
        body: impl FnOnce(&mut Capture) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut capture = self.with_state(|state| {
            let capture = Self::take(state)?;
            state.in_use = true;
            Ok::<_, Error>(capture)
        })?;
        let done = body(&mut capture);
        self.with_state(|state| {
            state.capture = Some(capture);
            state.in_use = false;
        });
        done
    }

    /// Takes the running capture out.
    ///
    /// # Errors
    ///
    /// [`Error::BUSY`] while another call uses it, [`Error::BAD_HANDLE`] if no capture runs.
    fn take(state: &mut State) -> Result<Capture, Error> {
        match state.in_use {
            true => Err(Error::BUSY),
            false => state.capture.take().ok_or(Error::BAD_HANDLE),
        }
    }

    /// A weak reader of the open capture, and its `opened`.
    ///
    /// # Errors
    ///
    /// [`Error::BAD_HANDLE`] if the instance is not open.
    pub(crate) fn reader(&self) -> Result<(WeakReader, u32), Error> {
        self.with_state(|state| {
            let reader = state.reader.as_ref().ok_or(Error::BAD_HANDLE)?;
            Ok((reader.weak(), state.opened))
        })
    }

    /// Notes that one wait for it is to end.
    ///
    /// # Errors
    ///
    /// [`Error::BAD_HANDLE`] if the instance is not open.
    pub(crate) fn wake(&self) -> Result<(), Error> {
        self.with_state(|state| match state.reader {
            None => Err(Error::BAD_HANDLE),
            Some(_) => {
                state.woken = true;
                Ok(())
            }
        })
    }

    /// Whether one wait is to end; that is then no longer noted.
    pub(crate) fn take_wake(&self) -> bool {
        self.with_state(|state| core::mem::take(&mut state.woken))
    }

    /// The edge of a record of edges, if it is one, and if the instance is still open.
    pub(crate) fn decode(&self, record: [u8; RECORD_BYTES]) -> Option<Edge> {
        self.with_state(|state| state.reader.as_mut()?.decode(record).ok()?)
    }

    /// The level of each line before the next record that [`decode`](Self::decode) gets.
    ///
    /// # Errors
    ///
    /// [`Error::BAD_HANDLE`] if the instance is not open.
    pub(crate) fn levels(&self) -> Result<u32, Error> {
        let levels = |state: &mut State| Some(state.reader.as_ref()?.decoded_levels());
        self.with_state(levels).ok_or(Error::BAD_HANDLE)
    }

    /// The time of a sample in nanoseconds; 0 if it has none, or if the instance is not open any more.
    pub(crate) fn sample_ns(&self, cycles: Option<u64>) -> u64 {
        let ns = |state: &mut State| state.reader.as_mut()?.sample_ns(cycles?).ok();
        self.with_state(ns).unwrap_or(0)
    }

    fn with_state<T>(&self, body: impl FnOnce(&mut State) -> T) -> T {
        let Ok(mut state) = self.0.lock();
        body(&mut state)
    }
}
