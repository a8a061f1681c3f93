//! Waiting for several captures at once: register once, wait often.

mod set;

use zephyr::time::Timeout;

pub use set::{PollSet, Waker};

use set::{Registration, Set};

use crate::{Error, Reader, Wake, WeakReader, channel::Queue, sys::clock::Remaining, sys::list};

/// The application's own name for a capture that it registers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(pub usize);

/// A capture that is ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Event {
    /// The token that the capture was registered with.
    pub token: Token,
    /// Why it is ready.
    pub wake: Wake,
}

/// What a wait does about a registered reader that was dropped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gone {
    Forget,
    Fail,
}

/// Waits for any of up to `N` captures; made by [`PollSet::open`].
///
/// Its clones are one poller: each thread that waits, waits for all captures. It is safe to register, to deregister,
/// and to drop a registered reader while another thread waits.
///
/// # Portability
///
/// A wait may return events of captures that another thread has drained meanwhile, so read without blocking. A capture
/// whose reader was dropped is forgotten.
///
/// # Context
///
/// [`register`](Self::register) and [`deregister`](Self::deregister): thread only, never block.
/// [`wait`](Self::wait): thread only, blocks up to its `timeout`.
#[derive(Debug)]
pub struct Poller<const N: usize> {
    set: &'static PollSet<N>,
}

impl<const N: usize> Poller<N> {
    /// Reports `reader`'s capture as `token` while it is ready. A reader that is registered already gets the new token.
    ///
    /// # Errors
    ///
    /// [`Error::NO_SPACE`] when `N` captures are registered.
    pub fn register<T>(&self, reader: &Reader<T>, token: Token) -> Result<(), Error> {
        self.register_weak(reader.capture, token)
    }

    /// As [`register`](Self::register), for C.
    #[doc(hidden)]
    pub fn register_weak(&self, capture: WeakReader, token: Token) -> Result<(), Error> {
        let mut set = self.set.state.lock();
        let index = find(&set, capture).or_else(|| set.registered.iter().position(is_free));
        let index = index.ok_or(Error::NO_SPACE)?;
        let new = Some(Registration { capture, token });
        self.set.put(&mut set, index, new);
        drop(set);
        self.set.news.give();
        Ok(())
    }

    /// Stops reporting `reader`'s capture.
    ///
    /// # Errors
    ///
    /// [`Error::INVALID_INPUT`] when it is not registered.
    pub fn deregister<T>(&self, reader: &Reader<T>) -> Result<(), Error> {
        let mut set = self.set.state.lock();
        let index = find(&set, reader.capture).ok_or(Error::INVALID_INPUT)?;
        self.set.put(&mut set, index, None);
        drop(set);
        self.set.news.give();
        Ok(())
    }

    /// Waits until at least one registered capture is ready, and returns which are.
    ///
    /// Level-triggered: every wait reports a capture as long as it is ready. A closed one is ready for ever, so
    /// deregister it. If there is no event, a [`Waker`] ended the wait.
    ///
    /// ```
    /// # zephyr::sim::run(|| {
    /// use edgepipe::{Config, EdgeDevice, Event, Line, PollSet, Token, Wake};
    ///
    /// static SET: PollSet<2> = PollSet::new();
    /// static LEFT: EdgeDevice<8> = EdgeDevice::new();
    /// static RIGHT: EdgeDevice<8> = EdgeDevice::new();
    /// # let port = zephyr::sim::gpio(0);
    /// # let (left_line, right_line) = ([Line::new(port, 0, 0)], [Line::new(port, 1, 0)]);
    /// let (left_capture, left) = LEFT.open(&left_line, Config::DEFAULT)?;
    /// let (right_capture, right) = RIGHT.open(&right_line, Config::DEFAULT)?;
    ///
    /// let poller = SET.open()?;
    /// poller.register(&left, Token(0))?;
    /// poller.register(&right, Token(1))?;
    /// # right_capture.close();
    /// let events = poller.wait(zephyr::time::Forever)?;
    /// assert_eq!(events.as_slice(), [Event { token: Token(1), wake: Wake::Closed }]);
    /// # Ok::<(), edgepipe::OpenError>(())
    /// # }).unwrap();
    /// ```
    ///
    /// A `Duration` is never early, and up to a tick late. One of zero is written `NoWait`: see
    /// [`Reader::wait_ready`].
    ///
    /// # Errors
    ///
    /// [`Error::TIMED_OUT`] when the time passed first.
    pub fn wait(&self, timeout: impl Into<Timeout>) -> Result<heapless::Vec<Event, N>, Error> {
        let is_woken = || core::mem::take(&mut self.set.state.lock().woken);
        self.wait_or(timeout.into(), Gone::Forget, is_woken)
    }

    /// As [`wait`](Self::wait), for C: it fails with [`Error::BAD_HANDLE`] once a registered reader is gone. A
    /// [`Waker`] has it ask `is_woken` whether to end without an event.
    #[doc(hidden)]
    pub fn wait_all(
        &self,
        timeout: Timeout,
        is_woken: impl FnMut() -> bool,
    ) -> Result<heapless::Vec<Event, N>, Error> {
        self.wait_or(timeout, Gone::Fail, is_woken)
    }

    fn wait_or(
        &self,
        timeout: Timeout,
        gone: Gone,
        is_woken: impl FnMut() -> bool,
    ) -> Result<heapless::Vec<Event, N>, Error> {
        let remaining = Remaining::start(timeout);
        self.set.state.lock().waiters += 1;
        let result = self.wait_counted(remaining, gone, is_woken);
        let mut set = self.set.state.lock();
        set.waiters -= 1;
        let others = set.waiters > 0;
        drop(set);
        if others {
            // Whatever ended this wait, the next thread checks for itself.
            self.set.news.give();
        } else {
            self.delist();
        }
        result
    }

    fn wait_counted(
        &self,
        remaining: Remaining,
        gone: Gone,
        mut is_woken: impl FnMut() -> bool,
    ) -> Result<heapless::Vec<Event, N>, Error> {
        loop {
            // A change after this gives the semaphore again, or is seen below.
            self.set.news.lower();
            let left = remaining.next();
            let events = self.collect_events(left.is_some(), gone)?;
            if !events.is_empty() || is_woken() {
                return Ok(events);
            }
            let left = left.ok_or(Error::TIMED_OUT)?;
            match gone {
                Gone::Forget => self.set.news.poll(left),
                // A thread of C may be aborted here. `k_poll` would leave the semaphore with a pointer to its stack.
                Gone::Fail => drop(self.set.news.take(left)),
            }
        }
    }

    /// A handle that ends a wait from any context.
    pub const fn waker(&self) -> Waker<N> {
        self.set.waker()
    }

    /// Checks every capture: a ready one gives an event; at the others the set is enlisted, if the caller `may_wait`.
    fn collect_events(&self, may_wait: bool, gone: Gone) -> Result<heapless::Vec<Event, N>, Error> {
        let news = &self.set.news;
        let mut events = heapless::Vec::new();
        for index in 0..N {
            // One capture at a time, so that interrupts are not masked for long.
            let mut set = self.set.state.lock();
            let Some(Registration { capture, token }) = set.registered[index] else {
                continue;
            };
            let wake = may_wait.then_some(list::Wake::Semaphore(news));
            match capture.ready_or_enlist(self.set.place(index), wake) {
                // There is room, because there are no more events than registrations.
                Ok(Some(wake)) => drop(events.push(Event { token, wake })),
                Ok(None) => {}
                Err(_) if gone == Gone::Forget => self.set.put(&mut set, index, None),
                Err(error) => return Err(error),
            }
        }
        Ok(events)
    }

    /// Removes the set from the queues of all captures.
    fn delist(&self) {
        for index in 0..N {
            let set = self.set.state.lock();
            // Another thread may have begun to wait.
            if set.waiters == 0
                && let Some(Registration { capture, .. }) = set.registered[index]
            {
                capture.delist(Queue::Ready, self.set.place(index));
            }
        }
    }
}

/// Where the reader of `capture` is registered.
fn find<const N: usize>(set: &Set<N>, capture: WeakReader) -> Option<usize> {
    let is_it = |it: Registration| it.capture.is_same(capture);
    let mut places = set.registered.iter();
    places.position(|place| place.is_some_and(is_it))
}

/// Whether nothing is registered there, or only a reader that is gone.
fn is_free(place: &Option<Registration>) -> bool {
    place.is_none_or(|registration| registration.capture.is_over())
}

impl<const N: usize> Clone for Poller<N> {
    /// Another handle on the same poller, for another thread.
    fn clone(&self) -> Self {
        let mut set = self.set.state.lock();
        set.handles = set.handles.saturating_add(1);
        drop(set);
        Self { set: self.set }
    }
}

impl<const N: usize> Drop for Poller<N> {
    fn drop(&mut self) {
        let mut set = self.set.state.lock();
        if set.handles == u32::MAX {
            return;
        }
        set.handles -= 1;
        if set.handles == 0 {
            for index in 0..N {
                self.set.put(&mut set, index, None);
            }
        }
    }
}
