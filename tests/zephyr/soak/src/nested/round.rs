//! A round: the capture is opened, read for some thousand edges, and closed.

use edgepipe::{Capture, Config, Edge, Error, Ledger, Missed, Overflow, Reader, Readiness};
use fastrand::Rng;
use zephyr::time::{Duration, Tick, sleep};

use super::{DEVICE, RECORDS, edges, order::Order};

/// The most edges that are read at a time.
const CHUNK: usize = 16;
/// No wait should be that long, because an edge arrives at every tick.
const PATIENCE_TICKS: Tick = 10 * RECORDS as Tick;

pub struct Round {
    seed: u64,
    random: Rng,
    capacity: u32,
    config: Config,
    /// The least number of edges to make.
    edges: u64,
    /// How rare the edges are.
    doublings: u32,
    /// The most ticks that the reader pauses after a step; 0 for no pauses.
    pause: Tick,
    /// The edges end before the capture is closed, and not after.
    ends_first: bool,
}

fn readiness(random: &mut Rng, capacity: u32) -> Readiness {
    match random.u8(0..4) {
        0 => Readiness::Any,
        1 => Readiness::Full,
        _ => Readiness::Records(random.u32(1..=capacity)),
    }
}

impl Round {
    pub fn draw(seed: u64) -> Self {
        let mut random = Rng::with_seed(seed);
        let halvings = random.u32(0..6);
        let capacity = random.u32(1..=RECORDS as u32 >> halvings);
        let config = Config {
            capacity: Some(capacity),
            ready: readiness(&mut random, capacity),
            flush_after: random
                .bool()
                .then(|| Duration::from_ticks(random.u64(1..8))),
            idle_after: random
                .bool()
                .then(|| Duration::from_ticks(random.u64(1..8))),
            overflow: if random.bool() {
                Overflow::DropNewest
            } else {
                Overflow::Freeze
            },
            ..Config::DEFAULT
        };
        Self {
            seed,
            capacity,
            config,
            edges: random.u64(1..=4_000),
            doublings: random.u32(7..=9),
            pause: random.u64(0..8).saturating_sub(4),
            ends_first: random.bool(),
            random,
        }
    }

    pub fn run(mut self) -> Ledger {
        let pins = edges::pins();
        assert!(pins.iter().all(|pin| pin.prepare(false)));
        let lines = pins.map(|pin| pin.line());
        let (capture, mut reader) = DEVICE.open(&lines, self.config).unwrap();
        let mut order = Order::new();
        edges::start(self.seed as u32, self.doublings);
        while reader.ledger().captured < self.edges {
            self.wait(&reader, &order);
            while self.read(&mut reader, &mut order) == CHUNK && self.random.bool() {}
            if self.random.u8(0..8) == 0 {
                let readiness = readiness(&mut self.random, self.capacity);
                reader.set_readiness(readiness).unwrap();
            }
            if self.pause > 0 {
                sleep(Duration::from_ticks(self.random.u64(1..=self.pause)));
            }
        }
        self.end(capture, &mut reader, &mut order);
        reader.ledger()
    }

    fn wait(&self, reader: &Reader, order: &Order) {
        let waited = reader.wait_ready(Duration::from_ticks(PATIENCE_TICKS));
        assert!(
            waited.is_ok(),
            "seed {}: nothing woke the reader of {:?}",
            self.seed,
            reader.ledger()
        );
        self.check(reader, order);
    }

    /// Returns the number of edges read.
    fn read(&self, reader: &mut Reader, order: &mut Order) -> usize {
        let mut edges = [Edge::default(); CHUNK];
        let read = match reader.try_read_edges(&mut edges) {
            Err(Error::WOULD_BLOCK) => 0,
            result => result.unwrap(),
        };
        edges[..read].iter().for_each(|edge| order.see(edge));
        self.check(reader, order);
        read
    }

    fn check(&self, reader: &Reader, order: &Order) {
        let ledger = reader.ledger();
        assert!(ledger.balances(), "seed {}: {ledger:?}", self.seed);
        assert_eq!(ledger.delivered, order.seen(), "seed {}", self.seed);
    }

    /// Closes, and reads what is left. Checks that every edge that was made is accounted for.
    fn end(&self, capture: Capture, reader: &mut Reader, order: &mut Order) {
        if self.ends_first {
            edges::stop();
        }
        capture.close();
        edges::stop();
        while self.read(reader, order) > 0 {}
        let ledger = reader.ledger();
        let made: u32 = edges::made().iter().sum();
        let captured = ledger.captured;
        assert_eq!(ledger.pending, 0, "seed {}", self.seed);
        assert_eq!(ledger.missed, Missed::default(), "seed {}", self.seed);
        if self.ends_first {
            assert_eq!(captured, u64::from(made), "seed {}", self.seed);
        } else {
            assert!(
                captured <= u64::from(made),
                "seed {}: {captured} of {made}",
                self.seed
            );
        }
        if self.ends_first && ledger.lost.total() == 0 {
            assert_eq!(order.read(), edges::made(), "seed {}", self.seed);
        }
    }
}
