//! Debounced lines.

use edgepipe::{Config, ConfigError, Edge, EdgeDevice, Level, OpenError, Trigger};
use edgepipe_app::{Event, Origin, Player, Stimulus};

use super::super::platform;
use super::support::{low_lines, sleep_ms};

/// A button that bounces: it is pressed for good at 3 ms, and touched for a moment at 40 ms.
const CHANGES_US: [u64; 7] = [1_000, 1_500, 2_000, 2_500, 3_000, 40_000, 41_000];
const STABLE_US: u32 = 8_000;

#[derive(Default)]
struct Button(usize);

impl Stimulus for Button {
    fn next(&mut self) -> Option<Event> {
        let at_us = *CHANGES_US.get(self.0)?;
        self.0 += 1;
        Some(Event {
            at_us,
            line: 0,
            high: self.0 % 2 == 1,
        })
    }
}

fn press(
    device: &'static EdgeDevice<8, 1, 1>,
    player: &'static Player<Button>,
    trigger: Trigger,
) -> (edgepipe::Capture, edgepipe::Reader, Origin) {
    let line = low_lines()[0]
        .with_debounce_us(STABLE_US)
        .with_trigger(trigger);
    let (capture, reader) = device.open(&[line], Config::DEFAULT).unwrap();
    let origin = player.start(&capture, platform::pins(), Button::default());
    player.wait_end();
    sleep_ms(20);
    (capture, reader, origin)
}

pub(super) fn a_debounced_edge_has_the_time_of_the_first_interrupt() {
    static DEVICE: EdgeDevice<8, 1, 1> = EdgeDevice::new();
    static PLAYER: Player<Button> = Player::new();
    let (_capture, mut reader, origin) = press(&DEVICE, &PLAYER, Trigger::Both);

    let mut edges = [Edge::default(); 8];
    assert_eq!(reader.try_read_edges(&mut edges), Ok(1));
    assert_eq!(edges[0].level, Level::High);
    let at_us = origin.to_us(edges[0].timestamp_ns);
    // The stimulus begins at a tick, which is known to a tick.
    assert!(at_us.abs_diff(1_000) < 400, "at {at_us} us");
}

pub(super) fn a_level_that_does_not_last_is_no_edge() {
    static DEVICE: EdgeDevice<8, 1, 1> = EdgeDevice::new();
    static PLAYER: Player<Button> = Player::new();
    let (_capture, reader, _) = press(&DEVICE, &PLAYER, Trigger::Both);
    let ledger = reader.ledger();
    // Five interrupts made one edge, the two of the touch none.
    assert_eq!((ledger.captured, ledger.bounces), (1, 6));
    assert_eq!(ledger.missed, Default::default());
    assert!(ledger.balances());
}

pub(super) fn a_debounced_line_keeps_to_its_trigger() {
    static DEVICE: EdgeDevice<8, 1, 1> = EdgeDevice::new();
    static PLAYER: Player<Button> = Player::new();
    let (capture, reader, _) = press(&DEVICE, &PLAYER, Trigger::Falling);
    assert_eq!(reader.ledger().captured, 0, "it only rose");
    assert_eq!(capture.level(0), Level::High, "but that is known");
}

pub(super) fn more_debounced_lines_than_timers_are_refused() {
    static DEVICE: EdgeDevice<8, 1, 1> = EdgeDevice::new();
    let lines = low_lines();
    let both = [lines[0].with_debounce_us(1), lines[1].with_debounce_us(1)];
    let expected = OpenError::Config(ConfigError::TooManyDebounced { room: 1 });
    assert_eq!(DEVICE.open(&both, Config::DEFAULT).err(), Some(expected));
}
