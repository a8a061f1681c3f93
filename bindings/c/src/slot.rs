//! What is open of one instance, shared by all threads that use it.

use edgepipe::{Capture, Error, Reader, WeakReader};
use zephyr::sync::SpinMutex;

pub(crate) struct Slot(SpinMutex<State>);

struct State {
    /// The capture, until it is closed.
    capture: Option<Capture>,
    /// The reader, until the instance is opened again. Calls use weak readers of it: whatever becomes of
    /// the threads that are in one, none of them keeps the device.
    reader: Option<Reader<u8>>,
    /// How often there was a new reader; it wraps.
    opened: u32,
}

impl Slot {
    pub(crate) const fn new() -> Self {
        Self(SpinMutex::new(State {
            capture: None,
            reader: None,
            opened: 0,
        }))
    }

    /// Puts in what `open` opens, in place of what was closed. What that had pending stays if something is
    /// still open.
    ///
    /// # Errors
    ///
    /// [`Error::BUSY`] while a capture runs, or `is_busy` says so; what `open` says.
    pub(crate) fn open(
        &self,
        is_busy: impl FnOnce() -> bool,
        open: impl FnOnce() -> Result<(Capture, Reader<u8>), Error>,
    ) -> Result<(), Error> {
        let old = self.with_state(|state| {
            if state.capture.is_some() || is_busy() {
                return Err(Error::BUSY);
            }
            Ok(state.reader.take())
        })?;
        // Without the lock: this wakes waiters. The device would be busy otherwise.
        drop(old);
        // Of several threads that come here, it lets one in.
        let (capture, reader) = open()?;
        self.with_state(|state| {
            state.capture = Some(capture);
            state.reader = Some(reader);
            state.opened = state.opened.wrapping_add(1);
        });
        Ok(())
    }

    /// Ends the capture; the reader stays.
    ///
    /// # Errors
    ///
    /// [`Error::BAD_HANDLE`] if it does not run.
    pub(crate) fn close(&self) -> Result<(), Error> {
        let capture = self.with_state(|state| state.capture.take());
        // Without the lock: this wakes waiters.
        capture.map(Capture::close).ok_or(Error::BAD_HANDLE)
    }

    /// A weak reader of what is open, and the how many-th it is.
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

    fn with_state<T>(&self, body: impl FnOnce(&mut State) -> T) -> T {
        let Ok(mut state) = self.0.lock();
        body(&mut state)
    }
}
