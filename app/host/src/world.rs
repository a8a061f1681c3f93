//! What the application needs from the host: lines, a stimulus, and a destination for the edges.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};

use edgepipe::{Config, Delivery, EdgeDevice, Line, PollSet, Readiness};
use edgepipe_app::{Builtin, EmulatedPin, Event, Pins, Player, Stimulus, builtin, read_all};
use edgepipe_host::{CAPACITY_MAX, Counts, Deliver, Error, Lines, Progress, Ready, Session};
use zephyr::sim;

/// Records in the pipe.
const PIPE: usize = 64;

/// Room for the largest buffer that the options allow.
static DEVICE: EdgeDevice<{ CAPACITY_MAX as usize }, 1, 0, PIPE> = EdgeDevice::new();
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
    let lines: Vec<Line> = pins.iter().map(EmulatedPin::line).collect();
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
    let summary = read_all(capture, &mut reader, &poller, origin, |at_us, edge| {
        with(&host, |host| {
            host.session.edge(at_us, edge.line, edge.level.into());
            host.progress.edge();
        });
    });
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
    let counts = Counts {
        captured: summary.ledger.captured,
        delivered: summary.ledger.delivered,
        pending: summary.ledger.pending,
        lost: summary.ledger.lost.total(),
        wakes: summary.ledger.wakes,
        edges_per_line: summary.edges_per_line,
    };
    session.finish(&counts, &mut io::stdout())
}

fn config(session: &Session) -> Config {
    let ready = match session.options().ready {
        Ready::Full => Readiness::Full,
        Ready::Records(records) => Readiness::Records(records),
    };
    let options = session.options();
    Config {
        capacity: Some(options.capacity + options.headroom()),
        headroom: Some(options.headroom()),
        ready,
        deliver: match options.deliver {
            Deliver::Direct => Delivery::Direct,
            Deliver::Pipe => Delivery::Pipe,
        },
        ..Config::DEFAULT
    }
}

fn with<T>(host: &Shared, f: impl FnOnce(&mut Host) -> T) -> T {
    f(&mut host.lock().unwrap_or_else(PoisonError::into_inner))
}
