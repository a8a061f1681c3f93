//! Where a poller lives: what is registered, and who waits.

use core::fmt;

use super::{Poller, Token};
use crate::{
    Error,
    channel::Channel,
    sys::{
        lock::{Guard, Lock},
        sem::Semaphore,
    },
};

/// Where a [`Poller`] of up to `N` captures lives; it goes into a `static`.
///
/// ```
/// # zephyr::sim::run(|| {
/// use edgepipe::{Config, EdgeDevice, Event, Line, PollSet, Token, Wake};
/// use zephyr::time::Forever;
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
/// let events = poller.wait(Forever)?;
/// assert_eq!(events.as_slice(), [Event { token: Token(1), wake: Wake::Closed }]);
/// # Ok::<(), edgepipe::OpenError>(())
/// # }).unwrap();
/// ```
pub struct PollSet<const N: usize> {
    pub(super) set: Lock<Set<N>>,
    /// Up when waiters are to look again: woken by a `Waker`, or the set has changed.
    pub(super) look: Semaphore,
}

pub(super) struct Set<const N: usize> {
    /// Pollers that exist.
    pub(super) handles: u32,
    pub(super) registered: [Option<Registration>; N],
    /// Goes up with each change of `registered`.
    pub(super) version: u32,
    /// A `Waker` asks for the end of a wait.
    pub(super) woken: bool,
    /// Threads asleep.
    pub(super) waiters: u32,
}

#[derive(Clone, Copy)]
pub(super) struct Registration {
    pub(super) channel: &'static Channel,
    /// The channel's when it was registered: with another reader it is another capture.
    pub(super) generation: u32,
    pub(super) token: Token,
}

impl<const N: usize> PollSet<N> {
    /// A set that is not open.
    pub const fn new() -> Self {
        const { assert!(N > 0, "a poller needs room for at least one capture") }
        let set = Set {
            handles: 0,
            registered: [None; N],
            version: 0,
            woken: false,
            waiters: 0,
        };
        Self {
            set: Lock::new(set),
            look: Semaphore::new(),
        }
    }

    /// Takes the set into use, with nothing registered.
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
    /// assert_eq!(SET.open().err(), Some(Error::BUSY));
    /// drop(poller);
    /// assert!(SET.open().is_ok());
    /// # });
    /// ```
    ///
    /// # Context
    ///
    /// Thread only.
    ///
    /// # Errors
    ///
    /// [`Error::BUSY`] while an earlier poller of this set exists.
    pub fn open(&'static self) -> Result<Poller<N>, Error> {
        let mut set = self.lock();
        if set.handles != 0 {
            return Err(Error::BUSY);
        }
        set.handles = 1;
        set.registered = [None; N];
        set.woken = false;
        drop(set);
        // The poller is ours alone until this returns, so nobody waits.
        self.look.init();
        Ok(Poller { set: self })
    }

    pub(super) fn lock(&self) -> Guard<'_, Set<N>> {
        self.set.lock()
    }
}

impl Registration {
    pub(super) fn is_of(&self, channel: &'static Channel) -> bool {
        core::ptr::eq(self.channel, channel)
    }
}

/// Whether the registered reader still exists.
pub(super) fn is_alive(place: &Option<Registration>) -> bool {
    place.is_some_and(|it| it.channel.generation() == it.generation)
}

impl<const N: usize> Default for PollSet<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> fmt::Debug for PollSet<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PollSet").finish_non_exhaustive()
    }
}
