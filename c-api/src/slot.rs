//! What is open of one instance, shared by all threads that use it.

use core::cell::UnsafeCell;

use edgepipe::{Capture, Error, Reader};
use zephyr::sync::SpinMutex;

pub(crate) struct Slot {
    state: SpinMutex<State>,
    /// INVARIANT: written only by who has made the state `Opening`, which needs that no call uses it;
    /// there in the state `Open`.
    reader: UnsafeCell<Option<Reader<u8>>>,
}

struct State {
    stage: Stage,
    /// The capture, until it is closed.
    capture: Option<Capture>,
    /// Calls that use the reader now.
    calls: u32,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// There is no reader.
    New,
    /// Somebody is in `open`.
    Opening,
    /// There is a reader. The capture may have been closed.
    Open,
}

// SAFETY: by the invariant above, whoever writes `reader` is alone with it; all others only share it,
// and a `Reader<u8>` can be shared and sent between contexts.
unsafe impl Sync for Slot {}

impl Slot {
    pub(crate) const fn new() -> Self {
        Self {
            state: SpinMutex::new(State {
                stage: Stage::New,
                capture: None,
                calls: 0,
            }),
            reader: UnsafeCell::new(None),
        }
    }

    /// Puts in what `open` opens, in place of what was closed.
    ///
    /// # Errors
    ///
    /// [`Error::BUSY`] while a capture runs or a call has not returned; what `open` says.
    pub(crate) fn open(
        &self,
        open: impl FnOnce() -> Result<(Capture, Reader<u8>), Error>,
    ) -> Result<(), Error> {
        self.with_state(|state| {
            if state.stage == Stage::Opening || state.capture.is_some() || state.calls > 0 {
                return Err(Error::BUSY);
            }
            state.stage = Stage::Opening;
            Ok(())
        })?;
        // The old reader goes first, or the device would be busy.
        self.replace(None);
        let opened = open().map(|(capture, reader)| {
            self.replace(Some(reader));
            capture
        });
        self.with_state(|state| match opened {
            Ok(capture) => {
                state.capture = Some(capture);
                state.stage = Stage::Open;
                Ok(())
            }
            Err(error) => {
                state.stage = Stage::New;
                Err(error)
            }
        })
    }

    /// Ends the capture; the reader stays.
    ///
    /// # Errors
    ///
    /// `None` if it does not run.
    pub(crate) fn close(&self) -> Option<()> {
        let capture = self.with_state(|state| state.capture.take())?;
        // Without the lock: this wakes waiters.
        capture.close();
        Some(())
    }

    /// Lends the reader; `None` if the instance was not opened.
    pub(crate) fn with_reader<T>(&self, body: impl FnOnce(&Reader<u8>) -> T) -> Option<T> {
        self.with_state(|state| {
            let is_open = state.stage == Stage::Open;
            state.calls += u32::from(is_open);
            is_open.then_some(())
        })?;
        // SAFETY: the state was `Open`, and as long as `calls` is not 0, nobody makes it `Opening`.
        let reader = unsafe { (*self.reader.get()).as_ref() };
        let result = reader.map(body);
        self.with_state(|state| state.calls -= 1);
        result
    }

    /// To be called by who has made the state `Opening`.
    fn replace(&self, reader: Option<Reader<u8>>) {
        // SAFETY: in the state `Opening` nobody else reads or writes it.
        drop(unsafe { core::mem::replace(&mut *self.reader.get(), reader) });
    }

    fn with_state<T>(&self, body: impl FnOnce(&mut State) -> T) -> T {
        let Ok(mut state) = self.state.lock();
        body(&mut state)
    }
}
