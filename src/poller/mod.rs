//! Waiting for several captures at once: register once, wait often.

mod set;
mod waker;

use core::fmt;

use zephyr::time::Timeout;

pub use set::PollSet;
pub use waker::Waker;

use set::{Registration, is_alive};

use crate::{
    Error, Reader, Wake,
    channel::Channel,
    sys::{clock::Remaining, poll},
};

/// What a capture was registered as; its meaning is the application's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(pub usize);

/// A capture that is ready.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Event {
    /// What the capture was registered as.
    pub token: Token,
    /// Why it is ready.
    pub wake: Wake,
}

/// Waits for any of up to `N` captures; made by [`PollSet::open`].
///
/// Its clones are one poller: each thread that waits, waits for all captures. Registering,
/// deregistering, and dropping a registered reader are safe while another thread waits.
///
/// # Portability
///
/// Waits may end with events for captures that another thread has drained meanwhile; read without
/// blocking. A capture whose reader was dropped is forgotten.
pub struct Poller<const N: usize> {
    set: &'static PollSet<N>,
}

impl<const N: usize> Poller<N> {
    /// Has `reader`'s capture reported as `token`, as long as it is ready.
    ///
    /// A reader that is registered already gets the new token.
    ///
    /// ```
    /// # zephyr::sim::run(|| {
    /// # use edgepipe::{Config, EdgeDevice, Error, Event, Line, PollSet, Token, Wake};
    /// # use zephyr::time::{Duration, NoWait};
    /// # static SET: PollSet<2> = PollSet::new();
    /// # static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    /// # let lines = [Line::new(zephyr::sim::gpio(0), 0, 0)];
    /// # let (capture, reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
    /// # let poller = SET.open().unwrap();
    /// poller.register(&reader, Token(7))?;
    /// capture.close();
    /// assert_eq!(poller.wait(NoWait)?, [Event { token: Token(7), wake: Wake::Closed }]);
    /// # Ok::<(), Error>(())
    /// # }).unwrap();
    /// # zephyr::sim::run(|| {
    /// # });
    /// ```
    ///
    /// # Context
    ///
    /// Thread only, never blocks.
    ///
    /// # Errors
    ///
    /// [`Error::NO_SPACE`] when `N` captures are registered.
    pub fn register<T>(&self, reader: &Reader<T>, token: Token) -> Result<(), Error> {
        let channel = reader.channel;
        let registration = Registration {
            channel,
            generation: channel.generation(),
            token,
        };
        self.change(|registered| {
            let index = registered
                .iter()
                .position(|place| place.is_some_and(|it| it.is_of(channel)))
                .or_else(|| registered.iter().position(|place| !is_alive(place)))
                .ok_or(Error::NO_SPACE)?;
            registered[index] = Some(registration);
            Ok(())
        })
    }

    /// Stops reporting `reader`'s capture.
    ///
    /// ```
    /// # zephyr::sim::run(|| {
    /// # use edgepipe::{Config, EdgeDevice, Error, Event, Line, PollSet, Token, Wake};
    /// # use zephyr::time::{Duration, NoWait};
    /// # static SET: PollSet<2> = PollSet::new();
    /// # static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    /// # let lines = [Line::new(zephyr::sim::gpio(0), 0, 0)];
    /// # let (capture, reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
    /// # let poller = SET.open().unwrap();
    /// poller.register(&reader, Token(7)).unwrap();
    /// assert_eq!(poller.deregister(&reader), Ok(()));
    /// assert_eq!(poller.deregister(&reader), Err(Error::INVALID_INPUT));
    /// # });
    /// ```
    ///
    /// # Context
    ///
    /// Thread only, never blocks.
    ///
    /// # Errors
    ///
    /// [`Error::INVALID_INPUT`] when it is not registered.
    pub fn deregister<T>(&self, reader: &Reader<T>) -> Result<(), Error> {
        self.change(|registered| {
            let place = registered
                .iter_mut()
                .find(|place| place.is_some_and(|it| it.is_of(reader.channel)) && is_alive(place))
                .ok_or(Error::INVALID_INPUT)?;
            *place = None;
            Ok(())
        })
    }

    /// Waits until at least one registered capture is ready, and says which are.
    ///
    /// Level-triggered: a capture is reported by every wait as long as it is ready. No events mean
    /// that a [`Waker`] ended the wait.
    ///
    /// ```
    /// # zephyr::sim::run(|| {
    /// # use edgepipe::{Config, EdgeDevice, Error, Event, Line, PollSet, Token, Wake};
    /// # use zephyr::time::{Duration, NoWait};
    /// # static SET: PollSet<2> = PollSet::new();
    /// # static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    /// # let lines = [Line::new(zephyr::sim::gpio(0), 0, 0)];
    /// # let (capture, reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
    /// # let poller = SET.open().unwrap();
    /// assert_eq!(poller.wait(Duration::millis_at_least(20)), Err(Error::TIMED_OUT));
    /// # });
    /// ```
    ///
    /// # Context
    ///
    /// Thread only, blocks up to `timeout`.
    ///
    /// # Errors
    ///
    /// [`Error::TIMED_OUT`] when the time passed first.
    pub fn wait(&self, timeout: impl Into<Timeout>) -> Result<heapless::Vec<Event, N>, Error> {
        let remaining = Remaining::start(timeout.into());
        let mut fired = [false; N];
        loop {
            let (registered, version, woken) = self.look();
            let left = remaining.next();
            let may_wait = left.is_some() && !woken;
            let (events, enlisted) = self.enlist(&registered, fired, may_wait);
            if woken || !events.is_empty() {
                self.delist(&enlisted);
                self.pass_on();
                return Ok(events);
            }
            let Some(left) = left else {
                self.pass_on();
                return Err(Error::TIMED_OUT);
            };
            fired = self.sleep(&enlisted, version, left);
            self.delist(&enlisted);
        }
    }

    /// A handle that ends a wait from any context.
    ///
    /// ```
    /// # zephyr::sim::run(|| {
    /// # use edgepipe::{Config, EdgeDevice, Error, Event, Line, PollSet, Token, Wake};
    /// # use zephyr::time::{Duration, NoWait};
    /// # static SET: PollSet<2> = PollSet::new();
    /// # static DEVICE: EdgeDevice<8> = EdgeDevice::new();
    /// # let lines = [Line::new(zephyr::sim::gpio(0), 0, 0)];
    /// # let (capture, reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
    /// # let poller = SET.open().unwrap();
    /// let waker = poller.waker();
    /// waker.wake();
    /// assert!(poller.wait(zephyr::time::Forever).unwrap().is_empty());
    /// # });
    /// ```
    pub const fn waker(&self) -> Waker<N> {
        Waker { set: self.set }
    }

    /// What is registered, and whether a `Waker` has asked for the end of a wait; if so, this wait
    /// is the one that ends.
    fn look(&self) -> ([Option<Registration>; N], u32, bool) {
        let mut set = self.set.lock();
        let woken = core::mem::take(&mut set.woken);
        for place in &mut set.registered {
            if !is_alive(place) {
                *place = None;
            }
        }
        (set.registered, set.version, woken)
    }

    /// Looks at every capture: those that are ready give an event; at the others, if the caller
    /// `may_wait`, it counts as a waiter until [`delist`](Self::delist).
    fn enlist(
        &self,
        registered: &[Option<Registration>; N],
        fired: [bool; N],
        may_wait: bool,
    ) -> (heapless::Vec<Event, N>, [Option<&'static Channel>; N]) {
        let mut events = heapless::Vec::new();
        let mut enlisted = [None; N];
        for (index, registration) in registered.iter().enumerate() {
            let Some(Registration { channel, token, .. }) = *registration else {
                continue;
            };
            match channel.enlist_ready(fired[index], may_wait) {
                // There is room: the events are at most as many as the registrations.
                Some(wake) => drop(events.push(Event { token, wake })),
                None if may_wait => enlisted[index] = Some(channel),
                None => {}
            }
        }
        (events, enlisted)
    }

    fn delist(&self, enlisted: &[Option<&'static Channel>; N]) {
        enlisted
            .iter()
            .flatten()
            .for_each(|channel| channel.leave_ready());
    }

    /// Sleeps until a capture's flag or the set's is up, or the time is over; says which captures'
    /// flags are up.
    fn sleep(
        &self,
        enlisted: &[Option<&'static Channel>; N],
        version: u32,
        timeout: Timeout,
    ) -> [bool; N] {
        let mut set = self.set.lock();
        if set.woken || set.version != version {
            return [false; N];
        }
        // Nothing has changed, so a raised flag is a stale one.
        self.set.look.lower();
        set.waiters += 1;
        drop(set);
        let semaphores = enlisted.map(|channel| channel.map(Channel::ready_flag));
        let fired = poll::wait_any(&semaphores, &self.set.look, timeout);
        self.set.lock().waiters -= 1;
        fired
    }

    /// Wakes the next waiter to look for itself.
    fn pass_on(&self) {
        let set = self.set.lock();
        let others = set.waiters > 0;
        drop(set);
        if others {
            self.set.look.give();
        }
    }

    fn change(
        &self,
        change: impl FnOnce(&mut [Option<Registration>; N]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut set = self.set.lock();
        change(&mut set.registered)?;
        set.version = set.version.wrapping_add(1);
        drop(set);
        self.set.look.give();
        Ok(())
    }
}

impl<const N: usize> Clone for Poller<N> {
    /// Another handle on the same poller, for another thread.
    fn clone(&self) -> Self {
        self.set.lock().handles += 1;
        Self { set: self.set }
    }
}

impl<const N: usize> Drop for Poller<N> {
    fn drop(&mut self) {
        self.set.lock().handles -= 1;
    }
}

impl<const N: usize> fmt::Debug for Poller<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Poller").finish_non_exhaustive()
    }
}
