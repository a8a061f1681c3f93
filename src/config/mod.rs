//! The configuration of a capture.

mod error;

use zephyr::time::Duration;

pub(crate) use error::LineError;
pub use error::{ConfigError, OpenError};

use crate::record::{Format, Kind};
use crate::{Clock, clock::Source, sys::pipe};

/// When a capture is ready, that is, when waiters wake. A deadline ([`Config::flush_after`]) and an idle time
/// ([`Config::idle_after`]) can make it ready, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Readiness {
    /// At least one record is pending.
    Any,
    /// At least this many records are pending.
    Records(u32),
    /// The buffer is full: as many records are pending as fit before the [headroom](Config::headroom).
    #[default]
    Full,
}

/// What is lost when an edge finds no room. The ledger counts it in all cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Overflow {
    /// The edge. Once a read has made room, edges are stored again.
    #[default]
    DropNewest,
    /// The edge, and all later ones, until everything pending has been read. So everything that is read up to then is one
    /// stretch without a gap.
    Freeze,
    /// The oldest pending edges, so that the buffer holds the newest history, such as what came before a trigger. A gap
    /// record stands in their place, and takes the room of one edge. It says how many they are, and the levels after them.
    /// The ledger counts them in [`Lost::oldest`](crate::Lost::oldest).
    ///
    /// A capture that drops edges stays ready with [`Wake::Full`](crate::Wake::Full), and never wakes with `Overflow`. If
    /// edges are dropped during a read, the gap record is in the middle of what the read returns.
    ///
    /// For edges that are read directly, and a capacity of at least 2 records. Samples have no gap records, and what was
    /// handed over to a pipe cannot be taken back: `open` refuses both.
    DropOldest,
}

/// How records get from the interrupt handler to a reader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// Reads take them from the buffer.
    #[default]
    Direct,
    /// When the capture becomes ready, its pending records are handed over to the device's `k_pipe`, in pieces of at
    /// most eight records. Reads take them from the pipe, and so can other code: [`Reader::pipe`](crate::Reader::pipe).
    /// A read by the library then also takes the records that are still in the buffer.
    ///
    /// Records that were handed over count as delivered. The capture stays ready until they have been read. Records
    /// that find no room in the pipe stay pending, so give the pipe room for the threshold at least.
    Pipe,
}

/// How a capture behaves.
///
/// `open` refuses a wrong configuration. For a constant, [`Config::assert_fits`] makes it an error of the compiler.
///
/// ```
/// use edgepipe::{Config, EdgeDevice, Overflow, Readiness};
///
/// static DEVICE: EdgeDevice<64> = EdgeDevice::new();
/// const EVERY_16: Config = Config { ready: Readiness::Records(16), ..Config::DEFAULT };
/// const ONE_STRETCH: Config = Config { overflow: Overflow::Freeze, ..EVERY_16 }.assert_fits(64);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Config {
    /// How many records the buffer holds; `None` for all that the device has room for.
    pub capacity: Option<u32>,
    /// How many of these are still free when the capture is [full](Readiness::Full): room for the edges that arrive
    /// until the woken reader runs. `None`, the default, is a quarter of the capacity, rounded down, but at most
    /// [`HEADROOM_MAX`]. With 0, the capture is full when the next edge would be lost. The headroom has no effect with
    /// another readiness than `Full`.
    pub headroom: Option<u32>,
    /// When waiters wake.
    pub ready: Readiness,
    /// The deadline: waiters also wake when the oldest unread record has waited for this long, so that the last few
    /// edges never wait for ever. `None`, the default, is no deadline.
    ///
    /// The resolution is one tick of Zephyr's system clock. A wake is never early, and up to two ticks late.
    pub flush_after: Option<Duration>,
    /// The idle time: waiters also wake when something is pending and no edge came for this long since the newest, or
    /// since the newest hole was marked, such as at the end of a frame. `None`, the default, is no idle time.
    ///
    /// Choose it longer than the longest pause within a frame and shorter than those between frames. A frame is one wake
    /// if it does not make the capture ready before its end: make the buffer larger, or set the threshold to the frame's
    /// number of edges. The capture stays ready until the next read, even if more edges come; what a read leaves is
    /// ready only if the pause still lasts. So read until nothing is pending. If the reader is late, the read has edges
    /// of the next frame, too.
    ///
    /// The resolution and the lateness are those of `flush_after`. A debounced edge comes when its debouncing time has
    /// passed. A sample may have no time, and no time of 2⁴⁶ cycles or more (12 days at 64 MHz) can be told from records:
    /// then the wake may come twice as late.
    ///
    /// ```
    /// use edgepipe::{Config, Readiness};
    /// use zephyr::time::Duration;
    ///
    /// // Frames of 34 edges, 2 ms apart: woken at the last edge, or 10 ms after the end of a shorter frame.
    /// const FRAMES: Config = Config {
    ///     ready: Readiness::Records(34),
    ///     idle_after: Some(Duration::millis_at_least(10)),
    ///     ..Config::DEFAULT
    /// };
    /// ```
    pub idle_after: Option<Duration>,
    /// What is lost when an edge finds no room.
    pub overflow: Overflow,
    /// How records get to a reader.
    pub deliver: Delivery,
    /// What counts the time; `None`, the default, is Zephyr's cycle counter. On Zephyr, another clock needs
    /// `CONFIG_EDGEPIPE_CLOCK`.
    pub clock: Option<&'static Clock>,
}

/// The most headroom that a capture has by default, in records: a buffer for 1,024 is full at 960.
pub const HEADROOM_MAX: u32 = 64;

impl Config {
    /// The default: the whole buffer, ready when full, default headroom, no deadline, no idle time, newest edges
    /// dropped, read directly.
    pub const DEFAULT: Self = Self {
        capacity: None,
        headroom: None,
        ready: Readiness::Full,
        flush_after: None,
        idle_after: None,
        overflow: Overflow::DropNewest,
        deliver: Delivery::Direct,
        clock: None,
    };

    /// Returns the same configuration, after checking it for a device with room for `records` records.
    ///
    /// # Panics
    ///
    /// If `open` of an [`EdgeDevice`](crate::EdgeDevice) would refuse it. In a constant, that is an error of the
    /// compiler. The lines, and whether the device has a pipe, are not checked.
    pub const fn assert_fits(self, records: usize) -> Self {
        // The size of the device's pipe is not known here.
        let Err(error) = self.resolve(Format::EDGES, records, 1) else {
            return self;
        };
        match error {
            ConfigError::CapacityZero => panic!("the capacity is 0 records"),
            ConfigError::CapacityTooLarge { .. } => {
                panic!("the capacity is larger than the device's buffer")
            }
            ConfigError::ThresholdZero => panic!("the threshold is 0 records"),
            ConfigError::ThresholdAboveCapacity { .. } => {
                panic!("the threshold is above the capacity")
            }
            ConfigError::FlushAfterZero => panic!("the flush deadline is 0 ticks"),
            ConfigError::IdleAfterZero => panic!("the idle time is 0 ticks"),
            ConfigError::HeadroomTooLarge { .. } => {
                panic!("the headroom is not below the capacity")
            }
            ConfigError::DropOldestCapacity => {
                panic!("with DropOldest the capacity must be at least 2 records")
            }
            ConfigError::DropOldestPipe => {
                panic!("DropOldest does not go with delivery through a pipe")
            }
            _ => panic!("the configuration is wrong"),
        }
    }

    /// Checks the configuration for a device with room for `room` records of this format, and `pipe` in its pipe.
    pub(crate) const fn resolve(
        &self,
        format: Format,
        room: usize,
        pipe: usize,
    ) -> Result<Setup, ConfigError> {
        let room = room as u32;
        let capacity = match self.capacity {
            Some(0) => return Err(ConfigError::CapacityZero),
            Some(capacity) if capacity > room => {
                return Err(ConfigError::CapacityTooLarge { capacity, room });
            }
            Some(capacity) => capacity,
            None => room,
        };
        let headroom = match self.headroom {
            Some(headroom) if headroom >= capacity => {
                return Err(ConfigError::HeadroomTooLarge { headroom, capacity });
            }
            Some(headroom) => headroom,
            None if capacity / 4 > HEADROOM_MAX => HEADROOM_MAX,
            None => capacity / 4,
        };
        if let Err(error) = self.ready.check(capacity) {
            return Err(error);
        }
        let flush_after = match self.flush_after {
            Some(duration) if duration.ticks() == 0 => return Err(ConfigError::FlushAfterZero),
            Some(duration) => duration.ticks(),
            None => 0,
        };
        let idle_after = match idle_ticks(self.idle_after) {
            Ok(ticks) => ticks,
            Err(error) => return Err(error),
        };
        let most = pipe::BYTES_MAX / format.bytes();
        match self.deliver {
            Delivery::Pipe if pipe == 0 => return Err(ConfigError::NoPipe),
            Delivery::Pipe if pipe > most => return Err(ConfigError::PipeTooLarge { most }),
            Delivery::Pipe | Delivery::Direct => {}
        }
        if matches!(self.overflow, Overflow::DropOldest) {
            match (format.kind, self.deliver) {
                (Kind::Samples | Kind::TimedSamples, _) => {
                    return Err(ConfigError::DropOldestSamples);
                }
                (Kind::Edges, Delivery::Pipe) => return Err(ConfigError::DropOldestPipe),
                (Kind::Edges, Delivery::Direct) if capacity < 2 => {
                    return Err(ConfigError::DropOldestCapacity);
                }
                (Kind::Edges, Delivery::Direct) => {}
            }
        }
        Ok(Setup {
            format,
            capacity,
            headroom,
            ready: self.ready,
            flush_after,
            idle_after,
            overflow: self.overflow,
            deliver: self.deliver,
            clock: Source::new(self.clock),
        })
    }
}

/// The idle time in ticks; 0 for none.
pub(crate) const fn idle_ticks(time: Option<Duration>) -> Result<u64, ConfigError> {
    match time {
        Some(duration) if duration.ticks() == 0 => Err(ConfigError::IdleAfterZero),
        Some(duration) => Ok(duration.ticks()),
        None => Ok(0),
    }
}

/// A checked configuration, with which a channel is opened.
#[derive(Clone, Copy)]
pub(crate) struct Setup {
    pub(crate) format: Format,
    /// Records that fit.
    pub(crate) capacity: u32,
    /// How many of them are headroom, fewer than `capacity`.
    pub(crate) headroom: u32,
    pub(crate) ready: Readiness,
    /// The deadline in ticks; 0 for none.
    pub(crate) flush_after: u64,
    /// The idle time in ticks; 0 for none.
    pub(crate) idle_after: u64,
    pub(crate) overflow: Overflow,
    pub(crate) deliver: Delivery,
    /// It runs before the channel is opened.
    pub(crate) clock: Source,
}

impl Readiness {
    /// Fails if a buffer of `capacity` records cannot become ready like this.
    pub(crate) const fn check(self, capacity: u32) -> Result<(), ConfigError> {
        match self {
            Self::Records(0) => Err(ConfigError::ThresholdZero),
            Self::Records(threshold) if threshold > capacity => {
                Err(ConfigError::ThresholdAboveCapacity {
                    threshold,
                    capacity,
                })
            }
            Self::Any | Self::Records(_) | Self::Full => Ok(()),
        }
    }
}
