//! The kinds of delivery; each is measured in the same way.

use edgepipe::{
    Capture, Config, Delivery, EdgeDevice, Line, PollSet, Poller, Reader, Readiness, Token,
};
use zephyr::raw::device;
use zephyr::time::Duration;

use crate::shared::Shared;

/// The largest capacity that is measured.
const RECORDS: usize = 4096;

static DEVICE: EdgeDevice<RECORDS, 1, 0, 64> = EdgeDevice::new();
pub static SET: PollSet<1> = PollSet::new();

pub struct Kind {
    pub name: &'static str,
    /// The configuration of this kind. The measurement sets the rest.
    config: Config,
}

pub static KINDS: &[Kind] = &[
    Kind {
        name: "edgepipe",
        config: Config::DEFAULT,
    },
    Kind {
        name: "edgepipe:pipe",
        config: Config {
            deliver: Delivery::Pipe,
            ..Config::DEFAULT
        },
    },
];

/// An open capture. A part that a call has ended is `None`.
pub struct Open {
    pub capture: Option<Capture>,
    pub reader: Option<Reader>,
    pub poller: Option<Poller<1>>,
}

impl Open {
    pub fn capture(&mut self) -> &mut Capture {
        self.capture.as_mut().expect("it is open")
    }

    pub fn reader(&mut self) -> &mut Reader {
        self.reader.as_mut().expect("it is open")
    }

    pub fn poller(&self) -> &Poller<1> {
        self.poller.as_ref().expect("it is open")
    }

    /// Registers the reader with the poller.
    pub fn register(&mut self) {
        let poller = SET.open().expect("nobody else has it");
        let reader = self.reader.as_ref().expect("it is open");
        poller.register(reader, Token(0)).expect("there is room");
        self.poller = Some(poller);
    }
}

static OPEN: Shared<Open> = Shared::new(Open {
    capture: None,
    reader: None,
    poller: None,
});

pub fn opened() -> &'static mut Open {
    OPEN.get()
}

extern "C" {
    static bench_port: &'static device;
}

pub fn line(pin: u8) -> Line {
    // SAFETY: a constant of `port.c`.
    Line::new(unsafe { bench_port }, pin, 0)
}

pub struct Setup {
    pub kind: &'static Kind,
    pub capacity: u32,
    pub ready: Readiness,
    /// Ticks to a deadline.
    pub flush_after: Option<u32>,
    /// Ticks without an edge until it is idle.
    pub idle_after: Option<u32>,
}

impl Setup {
    pub fn new(kind: &'static Kind, capacity: u32) -> Self {
        Self {
            kind,
            capacity,
            ready: Readiness::Full,
            flush_after: None,
            idle_after: None,
        }
    }

    pub fn open(&self) -> &'static mut Open {
        let lines = core::array::from_fn::<_, 32, _>(|pin| line(pin as u8));
        let duration = |ticks: u32| Duration::from_ticks(ticks.into());
        let config = Config {
            capacity: Some(self.capacity),
            ready: self.ready,
            flush_after: self.flush_after.map(duration),
            idle_after: self.idle_after.map(duration),
            ..self.kind.config
        };
        let (capture, reader) = DEVICE.open(&lines, config).expect("the setup is right");
        let open = opened();
        open.capture = Some(capture);
        open.reader = Some(reader);
        open
    }
}

pub fn close() {
    let open = opened();
    open.poller = None;
    open.capture = None;
    open.reader = None;
}
