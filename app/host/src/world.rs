//! What the application needs from the host: lines, a stimulus, and a destination for the edges.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};

use edgepipe::{Config, Delivery, Edge, EdgeDevice, Line, PollSet, Readiness, Wake};
use edgepipe_app::{Builtin, EmulatedPin, Event, Pins, Player, Sink, Stimulus, builtin, read_all};
use edgepipe_host::{
    CAPACITY_MAX, Captured, Counts, Deliver, Error, LINES_MAX, Lines, LostBy, Missed, Overflow,
    Progress, Ready, Session, Trigger, Woken,
};
use zephyr::{sim, time::Duration};

/// Records in the pipe.
const PIPE: usize = 64;

/// Room for the largest buffer that the options allow.
static DEVICE: EdgeDevice<{ CAPACITY_MAX as usize }, 1, LINES_MAX, PIPE> = EdgeDevice::new();
static POLLER: PollSet<1> = PollSet::new();
static PLAYER: Player<Input> = Player::new();

/// The session, used by the reading thread and by the stimulus' interrupt.
type Shared = Arc<Mutex<Host>>;

struct Host {
    session: Session,
    progress: Progress,
    /// Why the stimulus ended early, if it did.
    failed: Option<Error>,
}

/// The source of the stimulus.
enum Input {
    File(Shared),
    Builtin(Builtin),
}

impl Stimulus for Input {
    fn next(&mut self) -> Option<Event> {
        match self {
            Self::File(host) => with(host, Host::next_event),
            Self::Builtin(builtin) => builtin.next(),
        }
    }

    fn end_us(&self) -> u64 {
        match self {
            Self::File(host) => with(host, |host| host.session.end_us()),
            Self::Builtin(builtin) => builtin.end_us(),
        }
    }
}

/// Where the edges go that are read.
struct Edges<'a>(&'a Shared);

impl Sink for Edges<'_> {
    fn edge(&mut self, at_us: u64, edge: &Edge) -> u64 {
        with(self.0, |host| {
            host.progress.edge();
            host.session.edge(at_us, &captured(edge))
        })
    }

    fn batch(&mut self, edges: u64, wake: Wake, now_us: impl FnOnce() -> u64) {
        if with(self.0, |host| host.session.watches()) {
            let now_us = now_us();
            with(self.0, |host| {
                host.session.woken(now_us, edges, woken(wake))
            });
        }
    }
}

impl Host {
    fn next_event(&mut self) -> Option<Event> {
        let event = self.session.next_event().unwrap_or_else(|error| {
            self.failed = Some(error);
            None
        })?;
        Some(Event {
            at_us: event.at_us,
            line: event.line,
            high: event.level,
        })
    }
}

/// Runs the application, as the main thread of the simulated kernel.
pub(crate) fn run(mut session: Session) -> Result<(), Error> {
    let recorded = session
        .stimulus()
        .map(|s| (s.names().len(), s.initial_levels(), s.edges()));
    let own = Lines {
        names: builtin::LINES.map(String::from).to_vec(),
        initial_levels: builtin::INITIAL_LEVELS,
    };
    session.begin(Some(own))?;
    let config = config(&session);
    let (count, initial_levels, edges) =
        recorded.unwrap_or((builtin::LINES.len(), builtin::INITIAL_LEVELS, 0));

    // SAFETY: the simulated kernel's ports are emulated controllers.
    let pins: Pins = (0..count)
        .map(|pin| unsafe { EmulatedPin::new(sim::gpio(0), pin as u8) })
        .collect();
    for (index, pin) in pins.iter().enumerate() {
        assert!(
            pin.prepare(initial_levels >> index & 1 == 1),
            "the port has 32 pins"
        );
    }
    let lines: Vec<Line> = pins.iter().map(|pin| line(pin, &session)).collect();
    let unit = session.unit_text();
    let (capture, mut reader) = DEVICE
        .open(&lines, config)
        .expect("the options were checked, and the lines are emulated");

    let host = Host {
        session,
        progress: Progress::new(edges),
        failed: None,
    };
    let host = Arc::new(Mutex::new(host));
    let input = match recorded {
        Some(_) => Input::File(Arc::clone(&host)),
        None => Input::Builtin(Builtin::default()),
    };
    let poller = POLLER.open().expect("nobody else has it");
    PLAYER.wake_at_end(poller.waker());
    let origin = PLAYER.start(&capture, pins, input);
    let summary = read_all(capture, &mut reader, &poller, origin, &unit, Edges(&host));
    PLAYER.stop();
    let host = Arc::into_inner(host).expect("the player let go of it");
    let Host {
        session,
        progress,
        failed,
    } = host.into_inner().unwrap_or_else(PoisonError::into_inner);
    progress.finish();
    let summary = summary.expect("a capture gives no error");
    if let Some(error) = failed {
        return Err(error);
    }
    session.finish(&counts(&summary), &mut io::stdout())
}

fn captured(edge: &Edge) -> Captured {
    Captured {
        lost_before: edge.lost_before(),
        levels_before: edge.gap.map_or(0, |gap| gap.levels),
        line: edge.line,
        level: bool::from(edge.level).into(),
    }
}

// On `native_sim` the number alone crosses into C.
const _: () = assert!(Woken::Overflow as u8 == Wake::Overflow as u8);
const _: () = assert!(Woken::Closed as u8 == Wake::Closed as u8);

fn woken(wake: Wake) -> Woken {
    match wake {
        Wake::Overflow => Woken::Overflow,
        Wake::Full => Woken::Full,
        Wake::Threshold => Woken::Threshold,
        Wake::Deadline => Woken::Deadline,
        Wake::Idle => Woken::Idle,
        Wake::Closed => Woken::Closed,
    }
}

fn counts(summary: &edgepipe_app::Summary) -> Counts {
    let ledger = &summary.ledger;
    Counts {
        captured: ledger.captured,
        delivered: ledger.delivered,
        pending: ledger.pending,
        lost_by: LostBy {
            full: ledger.lost.full,
            frozen: ledger.lost.frozen,
            closed: ledger.lost.closed,
            unreadable: ledger.lost.unreadable,
        },
        missed: Missed {
            rising: ledger.missed.rising,
            falling: ledger.missed.falling,
        },
        high_water: ledger.high_water.into(),
        wakes: ledger.wakes,
        edges_per_line: summary.edges_per_line,
    }
}

fn line(pin: &EmulatedPin, session: &Session) -> Line {
    let trigger = match session.options().trigger {
        Trigger::Both => edgepipe::Trigger::Both,
        Trigger::Rising => edgepipe::Trigger::Rising,
        Trigger::Falling => edgepipe::Trigger::Falling,
    };
    pin.line()
        .with_trigger(trigger)
        .with_debounce_us(session.debounce_us())
}

/// A time in microseconds; 0 is none.
fn time(us: u64) -> Option<Duration> {
    (us > 0).then(|| Duration::micros_at_least(us))
}

fn config(session: &Session) -> Config {
    let options = session.options();
    Config {
        capacity: Some(options.capacity + options.headroom()),
        headroom: Some(options.headroom()),
        ready: match options.ready {
            Ready::Full => Readiness::Full,
            Ready::Records(records) => Readiness::Records(records),
        },
        flush_after: time(session.flush_after_us()),
        idle_after: time(session.idle_after_us()),
        overflow: match options.overflow {
            Overflow::DropNewest => edgepipe::Overflow::DropNewest,
            Overflow::Freeze => edgepipe::Overflow::Freeze,
        },
        deliver: match options.deliver {
            Deliver::Direct => Delivery::Direct,
            Deliver::Pipe => Delivery::Pipe,
        },
        clock: None,
    }
}

fn with<T>(host: &Shared, f: impl FnOnce(&mut Host) -> T) -> T {
    f(&mut host.lock().unwrap_or_else(PoisonError::into_inner))
}
