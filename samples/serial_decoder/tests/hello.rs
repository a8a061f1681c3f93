//! The receiver, against a recording.

use std::path::Path;

use edgepipe::{Config, EdgeDevice};
use edgepipe_app::{EmulatedPin, Event, Pins, Player, Stimulus};
use edgepipe_recording::{Recording, TimeUnit};
use serial_decoder::Receiver;
use zephyr::sim;

static DEVICE: EdgeDevice<32> = EdgeDevice::new();
static PLAYER: Player<Replay> = Player::new();

/// A recording as a stimulus. Each wire goes to the pin of the same number.
struct Replay(Recording);

impl Stimulus for Replay {
    fn next(&mut self) -> Option<Event> {
        let event = self
            .0
            .next_event()
            .expect("it was checked when it was opened")?;
        Some(Event {
            at_us: event.time,
            line: event.wire,
            high: event.level,
        })
    }
}

/// What the receiver makes of the wire `TX` of a recording.
fn receive(path: &str, baud: u32) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let recording = Recording::open(&path, &"TX".parse().unwrap()).unwrap();
    // The clock of the simulated kernel counts microseconds.
    assert_eq!(recording.unit(), TimeUnit::MICROSECOND);
    sim::run(move || {
        // SAFETY: the ports of the simulated kernel are emulated controllers.
        let pin = unsafe { EmulatedPin::new(sim::gpio(0), 0) };
        assert!(pin.prepare(recording.initial_levels() & 1 == 1));
        let (capture, reader) = DEVICE.open(&[pin.line()], Config::DEFAULT).unwrap();
        PLAYER.start(&capture, Pins::from_iter([pin]), Replay(recording));
        sim::spawn("end", 1, move || {
            PLAYER.wait_end();
            capture.close();
        });
        let mut receiver = Receiver::new(reader, baud);
        std::iter::from_fn(|| receiver.byte().unwrap()).collect()
    })
}

#[test]
fn a_recorded_greeting_is_received() {
    assert_eq!(receive("tests/hello.vcd", 9_600), b"Hello");
}
