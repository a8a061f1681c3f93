//! A reader that waits and reads in every way, at random, and checks the results.

use edgepipe::{
    Edge, Error, Ledger, Lost, Poller, RECORD_BYTES, Reader, Readiness, Token, record::Record,
    sys::clock::uptime_ticks,
};
use edgepipe_app::Origin;
use embedded_io::Read;
use fastrand::Rng;
use zephyr::time::{Forever, Timeout, sleep};

use super::{
    CHUNK, LATE, SET,
    look::Look,
    order::Order,
    round::{Round, readiness, skewed, ticks},
};

pub(super) struct Reading<'a> {
    round: &'a Round,
    reader: Reader,
    poller: Poller<1>,
    origin: Origin,
    random: Rng,
    order: Order<'a>,
    readiness: Readiness,
    /// Waits begun, with or without sleep.
    waits: u64,
}

impl<'a> Reading<'a> {
    pub(super) fn new(round: &'a Round, reader: Reader, origin: Origin) -> Self {
        let poller = SET.open().expect("the round before dropped its own");
        poller.register(&reader, Token(0)).expect("there is room");
        Self {
            round,
            reader,
            poller,
            origin,
            random: round.random.clone(),
            order: Order::new(round),
            readiness: round.config.ready,
            waits: 0,
        }
    }

    /// Reads to the end of file. Returns the ledger, and how often it waited.
    pub(super) fn run(mut self) -> (Ledger, u64) {
        while self.step() {
            self.check_books();
            if self.round.pause > 0 {
                sleep(ticks(self.random.u32(1..=self.round.pause)));
            }
        }
        self.check_end();
        (self.reader.ledger(), self.waits)
    }

    /// Returns false at the end of file.
    fn step(&mut self) -> bool {
        match self.random.u8(0..8) {
            0 => {
                self.readiness = readiness(&mut self.random, self.round.capacity);
                self.reader.set_readiness(self.readiness).unwrap();
            }
            1 => return self.read(true),
            2 if self.round.raw => return self.read_timeout(),
            2 => {}
            3 | 4 => {
                let limit = skewed(&mut self.random, 256);
                self.wait_for(limit);
            }
            _ => self.wait(Forever.into()).unwrap(),
        }
        self.read(false)
    }

    fn wait_for(&mut self, limit: u32) {
        let begin = uptime_ticks();
        if self.wait(ticks(limit).into()) == Err(Error::TIMED_OUT) {
            self.check_waited(begin, limit);
        }
    }

    /// Checks a wait that began at `begin` and timed out now, after `limit` ticks.
    fn check_waited(&self, begin: u64, limit: u32) {
        let waited = uptime_ticks() - begin;
        let limit = u64::from(limit);
        assert!(
            (limit..limit + u64::from(LATE)).contains(&waited),
            "waited {waited} ticks, not {limit}; {}",
            self.round
        );
    }

    fn wait(&mut self, timeout: Timeout) -> Result<(), Error> {
        self.waits += 1;
        let before = self.look();
        let result = if self.random.bool() {
            self.reader.wait_ready(timeout)
        } else {
            self.poller.wait(timeout).map(|events| events[0].wake)
        };
        self.look()
            .check_wait_since(&before, result.ok(), self.round);
        result.map(drop)
    }

    fn look(&self) -> Look {
        Look::now(
            &self.reader,
            self.readiness,
            &self.order,
            self.origin,
            self.round,
        )
    }

    /// Returns false at the end of file.
    fn read(&mut self, may_block: bool) -> bool {
        self.waits += u64::from(may_block);
        let most = self.random.u32(1..=self.round.chunk) as usize;
        let result = if self.round.raw {
            self.read_records(most, may_block)
        } else {
            self.read_edges(most, may_block)
        };
        match result {
            Err(Error::WOULD_BLOCK) if !may_block => true,
            result => result.unwrap() > 0,
        }
    }

    fn read_edges(&mut self, most: usize, may_block: bool) -> Result<usize, Error> {
        let mut edges = [Edge::default(); CHUNK];
        let edges = &mut edges[..most];
        let count = if may_block {
            self.reader.read_edges(edges)
        } else {
            self.reader.try_read_edges(edges)
        }?;
        let see = |edge| self.order.see(edge, self.origin);
        edges[..count].iter().for_each(see);
        Ok(count)
    }

    /// Like [`read_edges`](Self::read_edges), but reads the bytes of the records.
    fn read_records(&mut self, most: usize, may_block: bool) -> Result<usize, Error> {
        let mut bytes = [0; CHUNK * RECORD_BYTES];
        let bytes = &mut bytes[..most * RECORD_BYTES];
        let length = if may_block {
            self.reader.read(bytes)
        } else {
            self.reader.try_read(bytes)
        }?;
        self.see_records(&bytes[..length]);
        Ok(length)
    }

    /// Returns false at the end of file.
    fn read_timeout(&mut self) -> bool {
        self.waits += 1;
        let begin = uptime_ticks();
        let limit = skewed(&mut self.random, 256);
        let most = self.random.u32(1..=self.round.chunk) as usize;
        let mut bytes = [0; CHUNK * RECORD_BYTES];
        let bytes = &mut bytes[..most * RECORD_BYTES];
        match self.reader.read_timeout(bytes, ticks(limit)) {
            Err(error) => {
                assert_eq!(error, Error::TIMED_OUT);
                self.check_waited(begin, limit);
                true
            }
            Ok(length) => {
                self.see_records(&bytes[..length]);
                length > 0
            }
        }
    }

    fn see_records(&mut self, bytes: &[u8]) {
        let (records, rest) = bytes.as_chunks();
        assert!(rest.is_empty(), "{} bytes; {}", bytes.len(), self.round);
        for record in records {
            self.order.see_record(&Record::decode(*record).unwrap());
        }
    }

    fn check_books(&self) {
        self.look().check(self.round);
        let ledger = self.reader.ledger();
        assert!(ledger.balances(), "{ledger:?}; {}", self.round);
        let seen = self.order.seen();
        assert!(
            ledger.delivered == seen || self.round.is_piped() && ledger.delivered > seen,
            "{seen} edges seen, {ledger:?}; {}",
            self.round
        );
        assert!(
            ledger.high_water <= self.round.capacity,
            "{ledger:?}; {}",
            self.round
        );
    }

    /// Checks that every edge that was played was read, or lost because there was no room, and that
    /// nothing else happened.
    fn check_end(&self) {
        self.check_books();
        let ledger = self.reader.ledger();
        let expected = Ledger {
            captured: self.round.edges(),
            delivered: self.order.seen(),
            lost: Lost {
                full: ledger.lost.full,
                frozen: ledger.lost.frozen,
                oldest: ledger.lost.oldest,
                ..Lost::default()
            },
            high_water: ledger.high_water,
            wakes: ledger.wakes,
            spurious_wakes: ledger.spurious_wakes,
            ..Ledger::default()
        };
        assert_eq!(ledger, expected, "{}", self.round);
        assert!(
            ledger.wakes <= self.waits,
            "{} waits, {ledger:?}; {}",
            self.waits,
            self.round
        );
    }
}
