//! Events of captures, and operations on them.

use arbitrary::{Arbitrary, Result, Unstructured};
use edgepipe::{Config, Overflow, Readiness};
use zephyr::time::Duration;

/// Several of the blocks in which a reader takes records, and more edges than a sequence number can
/// count.
pub(super) const LARGE: usize = 300;

/// One of the devices.
#[derive(Arbitrary, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    /// Edges, in a large buffer.
    Edges,
    /// Strobed bytes, in a large buffer.
    Bytes,
    /// Edges, in a buffer for one.
    Small,
}

impl Which {
    pub(super) const ALL: [Self; 3] = [Self::Edges, Self::Bytes, Self::Small];

    /// The number of records that its buffer holds.
    pub(super) const fn room(self) -> u32 {
        match self {
            Self::Edges | Self::Bytes => LARGE as u32,
            Self::Small => 1,
        }
    }
}

/// A whole run.
#[derive(Debug)]
pub(super) struct Case {
    /// The cycle counter at the beginning.
    pub(super) cycles_start: u32,
    /// The configurations with which the devices are opened at the beginning.
    pub(super) setups: [Setup; 3],
    pub(super) ops: Vec<Op>,
}

impl Case {
    pub(super) fn of(data: &[u8]) -> Result<Self> {
        let mut bytes = Unstructured::new(data);
        let mut case = Self {
            cycles_start: bytes.arbitrary()?,
            setups: bytes.arbitrary()?,
            ops: Vec::new(),
        };
        while !bytes.is_empty() {
            case.ops.push(bytes.arbitrary()?);
        }
        Ok(case)
    }
}

/// A configuration to open a device with, valid or not.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(super) struct Setup {
    capacity: Option<u16>,
    readiness: Ready,
    flush_after: Option<Ticks>,
    /// Bits 0 and 7: what is lost when an edge finds no room. The others: the idle time in ticks, or 0 for none.
    overflow_and_idle: u8,
    headroom: Option<u16>,
}

impl Setup {
    /// The configuration for a device, mostly a valid one.
    pub(super) fn config(self, which: Which) -> Config {
        let room = which.room();
        let idle = u64::from(self.overflow_and_idle >> 1 & 0x3f);
        Config {
            capacity: self.capacity.map(|records| near(records, room)),
            ready: self.readiness.within(room),
            flush_after: self
                .flush_after
                .map(|ticks| Duration::from_ticks(ticks.get_or_max())),
            // When a strobed byte came is known only by the next look.
            idle_after: (idle > 0 && which != Which::Bytes).then(|| Duration::from_ticks(idle)),
            overflow: match self.overflow_and_idle & 0x81 {
                0x81 => Overflow::DropOldest,
                0x01 => Overflow::Freeze,
                _ => Overflow::DropNewest,
            },
            headroom: self.headroom.map(|records| near(records, room)),
            ..Config::DEFAULT
        }
    }
}

/// A number from 0 to one more than `room`, both of which are invalid.
fn near(records: u16, room: u32) -> u32 {
    u32::from(records) % (room + 2)
}

#[derive(Arbitrary, Clone, Copy, Debug)]
pub(super) enum Ready {
    Any,
    Records(u16),
    Full,
}

impl Ready {
    pub(super) fn within(self, room: u32) -> Readiness {
        match self {
            Self::Any => Readiness::Any,
            Self::Records(records) => Readiness::Records(near(records, room)),
            Self::Full => Readiness::Full,
        }
    }
}

/// A span of time: mostly short, but up to several wraps of the cycle counter.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(super) struct Ticks {
    count: u8,
    scale: u8,
}

impl Ticks {
    pub(super) fn get(self) -> u64 {
        u64::from(self.count) << (self.scale.saturating_sub(200) / 2)
    }

    /// Can also be the longest possible.
    fn get_or_max(self) -> u64 {
        if self.scale == u8::MAX {
            u64::MAX
        } else {
            self.get()
        }
    }
}

/// An event: something that happens to the lines, or in an interrupt.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(super) enum Event {
    /// A line of edges goes to a level, or stays there.
    Set { wire: u8, high: bool },
    /// The data lines take these levels, and the strobe rises and falls.
    Strobe(u8),
    /// The controllers call back for these wires, and the strobe, though no level changed.
    Spurious(u8),
    /// The same for one wire, and its level cannot be read.
    Unreadable { wire: u8 },
    /// The poller's waker is used.
    Wake,
}

/// An operation of a program.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(super) enum Op {
    Now(Event),
    /// A line changes its level again and again.
    Burst {
        wire: u8,
        edges: u8,
    },
    /// Schedules an event in an interrupt.
    Later {
        ticks: Ticks,
        event: Event,
    },
    Pass(Ticks),

    Open {
        which: Which,
        setup: Setup,
    },
    /// Opens while the controller refuses a call.
    Refused {
        which: Which,
        call: Call,
    },
    Close(Which),
    /// Lets another thread close later.
    CloseLater {
        which: Which,
        ticks: Ticks,
    },
    DropReader(Which),

    Read {
        which: Which,
        bytes: u8,
    },
    TryRead {
        which: Which,
        bytes: u8,
    },
    ReadEdges {
        which: Which,
        edges: u8,
    },
    TryReadEdges {
        which: Which,
        edges: u8,
    },
    Wait {
        which: Which,
        timeout: Option<Ticks>,
    },
    ReadTimeout {
        which: Which,
        bytes: u8,
        timeout: Option<Ticks>,
    },
    /// Uses a weak reader, of this use of the device or the one before.
    Weak {
        which: Which,
        earlier: bool,
        call: WeakCall,
    },
    /// Waits with a weak reader; another thread drops the reader later.
    WeakWaits {
        which: Which,
        timeout: Option<Ticks>,
        drop_after: Ticks,
    },
    SetReadiness {
        which: Which,
        readiness: Ready,
    },

    OpenSet,
    DropSet,
    Register {
        which: Which,
        token: u8,
    },
    Deregister(Which),
    Poll {
        timeout: Option<Ticks>,
    },

    TaskWaits(Which),
    TaskReads {
        which: Which,
        bytes: u8,
    },
    /// Polls a waiting task again.
    TaskAsks {
        which: Which,
        task: u8,
    },
    DropTask {
        which: Which,
        task: u8,
    },

    FdOpen(Which),
    FdPoll(Which),
    FdWant {
        which: Which,
        records: u8,
    },
    FdRead {
        which: Which,
        bytes: u8,
    },
    FdClose(Which),
}

/// An operation of a weak reader that does not wait.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(super) enum WeakCall {
    Ready,
    TryRead { bytes: u8 },
    SetReadiness(Ready),
    Ledger,
    Flush,
}

/// A call that a GPIO controller refuses.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(super) enum Call {
    Configure,
    AddCallback,
    ConfigureInterrupt,
    PortGet,
}
