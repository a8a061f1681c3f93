//! The thread: waits for bytes and edges, and passes them between the port, the lines and the instrument.

use core::ffi::c_int;

use edgepipe::{PollSet, Poller, Token};
use edgepipe_instrument::{Instrument, Memory, Probe};
use zephyr::kconfig::CONFIG_EDGEPIPE_INSTRUMENT_EDGES as EDGES;
use zephyr::time::{Duration, Forever, Timeout};

use crate::port::Port;
use crate::probe::{Batch, Lines, NODE};

const PROBE: Probe = Probe {
    name: "edgepipe",
    lines: NODE.lines().len() as u8,
    rate_max: 10_000_000,
    // Samples are made while they are sent. A client may want many of a slow signal, in RLE.
    memory: 1 << 28,
};

/// How often the instrument learns the time while it wants edges. Until then they wait in the capture, unless it is full.
const PERIOD_MS: u64 = 10;

/// Bytes that go through the port at a time.
const BYTES_AT_ONCE: usize = 64;

static mut MEMORY: Memory<{ EDGES as usize }> = Memory::new();

// SAFETY: the only reference.
static mut INSTRUMENT: Instrument<'static> =
    Instrument::new(PROBE, unsafe { &mut *&raw mut MEMORY });

static SET: PollSet<1> = PollSet::new();

/// Called by the port, in an interrupt or a thread.
#[unsafe(no_mangle)]
extern "C" fn edgepipe_instrument_wake() {
    SET.waker().wake();
}

/// Called once, by the thread of `thread.c`.
#[unsafe(no_mangle)]
extern "C" fn edgepipe_instrument_run() -> c_int {
    let poller = match SET.open() {
        Ok(poller) => poller,
        Err(error) => return -(error.errno() as c_int),
    };
    match Port::open() {
        Ok(port) => run(&poller, port),
        Err(error) => error,
    }
}

fn run(poller: &Poller<1>, mut port: Port) -> ! {
    // SAFETY: the only reference; this function is called once.
    let instrument = unsafe { &mut *&raw mut INSTRUMENT };
    let mut lines: Option<Lines> = None;
    let mut batch = Batch::default();
    loop {
        let mut busy = take(&mut port, instrument);
        // A new beginning has levels of its own.
        if instrument.wants_begin() || !instrument.wants_edges() {
            lines = None;
            batch = Batch::default();
        }
        if instrument.wants_begin() {
            match Lines::open() {
                Some(opened) => lines.insert(opened).begin(instrument),
                None => instrument.stop(),
            }
        }
        if let Some(lines) = &mut lines {
            busy |= lines.pass_on(&mut batch, instrument);
        }
        busy |= send(&mut port, instrument);
        if !busy {
            wait(poller, lines.as_ref(), instrument.has_room());
        }
    }
}

/// Passes on what was received. Returns whether anything was.
fn take(port: &mut Port, instrument: &mut Instrument<'_>) -> bool {
    let mut bytes = [0; BYTES_AT_ONCE];
    let received = port.receive(&mut bytes);
    if instrument.receive(received) {
        port.discard();
    }
    !received.is_empty()
}

/// Sends what is to be sent, as far as there is room. Returns whether there may be more.
fn send(port: &mut Port, instrument: &mut Instrument<'_>) -> bool {
    let mut bytes = [0; BYTES_AT_ONCE];
    let room = port.room().min(BYTES_AT_ONCE);
    let count = instrument.transmit(bytes.get_mut(..room).unwrap_or_default());
    port.transmit(bytes.get(..count).unwrap_or_default());
    count > 0
}

/// Sleeps until there are bytes, room for bytes, or edges for which there is room.
fn wait(poller: &Poller<1>, lines: Option<&Lines>, has_room: bool) {
    let timeout: Timeout = match lines {
        Some(lines) => {
            // Neither fails: there is room for one, and a reader that is not registered is not wanted.
            let _ = match has_room {
                true => poller.register(lines.reader(), Token(0)),
                false => poller.deregister(lines.reader()),
            };
            Duration::millis_at_least(PERIOD_MS).into()
        }
        None => Forever.into(),
    };
    // What ended the wait is found by looking.
    let _ = poller.wait(timeout);
}
