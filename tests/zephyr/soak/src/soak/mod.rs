//! One capture, opened again and again, each time with another configuration, another stimulus and
//! another reader, all drawn from a seed. It does not depend on the platform: the crate that
//! includes this module runs [`close_at_end`] in one thread, and [`run`] in another.

mod bursts;
mod look;
mod order;
mod reading;
mod round;

use core::fmt;

use edgepipe::{
    Capture, EdgeDevice, Ledger, Line, PollSet,
    sys::clock::{TICKS_PER_SECOND, uptime_ticks},
};
use edgepipe_app::{EmulatedPin, Pins, Player};
use zephyr::{
    sync::SpinMutex,
    sys::sync::Semaphore,
    time::{Forever, Timeout},
};

use self::{bursts::Bursts, reading::Reading, round::Round};

/// The most lines that are captured.
pub(crate) const LINES: u32 = 8;
/// The most records that are buffered.
const RECORDS: usize = 256;
/// The most edges that are read at a time.
const CHUNK: usize = 64;
/// How late a wait may end, in ticks: it includes a burst of interrupts and two roundings.
const LATE: u32 = 1_000;
const TICK_US: u32 = 1_000_000 / TICKS_PER_SECOND;

/// Records in the pipe: few, so that it is often full.
const PIPE: usize = 12;

static DEVICE: EdgeDevice<RECORDS, 2, 0, PIPE> = EdgeDevice::new();
static SET: PollSet<1> = PollSet::new();
static PLAYER: Player<Bursts> = Player::new();

/// The running capture, from the thread that opened it to the one that closes it.
static CAPTURE: SpinMutex<Option<Capture>> = SpinMutex::new(None);
static OPENED: Semaphore = Semaphore::new(0, 1);
static CLOSED: Semaphore = Semaphore::new(0, 1);

/// The totals of all rounds.
#[derive(Default)]
pub(crate) struct Totals {
    rounds: u64,
    waits: u64,
    ticks: u64,
    ledger: Ledger,
}

/// Plays edges into `pins`, in rounds, until there are at least `edges` in all `totals`, and checks
/// that the capture accounts for each.
///
/// # Panics
///
/// If it does not; the message has the round, and its seed.
pub(crate) fn run(totals: &mut Totals, pins: &Pins, seed: u64, edges: u64) {
    let begin = uptime_ticks();
    while totals.ledger.captured < edges {
        let round = Round::draw(seed + totals.rounds);
        let (ledger, waits) = run_round(&round, pins);
        totals.add(&ledger, waits);
    }
    totals.ticks += uptime_ticks() - begin;
}

fn run_round(round: &Round, pins: &Pins) -> (Ledger, u64) {
    let pins: Pins = pins.iter().take(round.lines()).copied().collect();
    assert!(pins.iter().all(|pin| pin.prepare(false)));
    let lines: heapless::Vec<Line, { LINES as usize }> =
        pins.iter().map(EmulatedPin::line).collect();
    let (capture, reader) = DEVICE.open(&lines, round.config).unwrap();
    let origin = PLAYER.start(&capture, pins, round.bursts.clone());
    let Ok(mut slot) = CAPTURE.lock();
    *slot = Some(capture);
    drop(slot);
    OPENED.give();

    let result = Reading::new(round, reader, origin).run();
    take(&CLOSED);
    result
}

/// Closes each capture when its stimulus has ended.
pub(crate) fn close_at_end() -> ! {
    loop {
        take(&OPENED);
        PLAYER.wait_end();
        let Ok(mut slot) = CAPTURE.lock();
        let capture = slot.take();
        drop(slot);
        capture.expect("`run_round` put it there").close();
        CLOSED.give();
    }
}

fn take(semaphore: &Semaphore) {
    // Without a time-out the only result is success.
    let _ = semaphore.take(Timeout::from(Forever));
}

impl Totals {
    fn add(&mut self, ledger: &Ledger, waits: u64) {
        self.rounds += 1;
        self.waits += waits;
        let total = &mut self.ledger;
        total.captured += ledger.captured;
        total.delivered += ledger.delivered;
        total.lost.full += ledger.lost.full;
        total.lost.frozen += ledger.lost.frozen;
        total.lost.oldest += ledger.lost.oldest;
        total.wakes += ledger.wakes;
        total.spurious_wakes += ledger.spurious_wakes;
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ledger {
            captured,
            delivered,
            lost,
            wakes,
            spurious_wakes,
            ..
        } = self.ledger;
        let ms = self.ticks * 1_000 / u64::from(TICKS_PER_SECOND);
        writeln!(f, "edges     {captured}, in {} rounds", self.rounds)?;
        writeln!(f, "delivered {delivered}")?;
        writeln!(
            f,
            "lost      {} full, {} frozen, {} oldest",
            lost.full, lost.frozen, lost.oldest
        )?;
        writeln!(
            f,
            "waits     {}, {wakes} slept, {spurious_wakes} wakes in vain",
            self.waits
        )?;
        write!(
            f,
            "time      {ms} ms, {} edges a second",
            captured * 1_000 / ms.max(1)
        )
    }
}
