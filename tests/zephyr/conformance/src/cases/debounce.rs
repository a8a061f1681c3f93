//! Debounced lines.

use edgepipe::{Config, ConfigError, Edge, EdgeDevice, Level, OpenError, Trigger};
use edgepipe_app::{Event, Origin, Player, Stimulus};

use super::super::platform;
use super::support::{PERIOD_US, drain, low_lines, sleep_periods};

/// A button that bounces, in periods: it is pressed for good at 5, and touched for a moment at 40.
const CHANGES: [u64; 7] = [1, 2, 3, 4, 5, 40, 41];
const STABLE_US: u32 = 8 * PERIOD_US as u32;

#[derive(Default)]
struct Button(usize);

impl Stimulus for Button {
    fn next(&mut self) -> Option<Event> {
        let at_us = *CHANGES.get(self.0)? * PERIOD_US;
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
    sleep_periods(20);
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
    // Not that of the last. A tick is at most a period, and the player up to two ticks late.
    assert!((PERIOD_US..4 * PERIOD_US).contains(&at_us), "at {at_us} us");
}

pub(super) fn a_level_that_does_not_last_is_no_edge() {
    static DEVICE: EdgeDevice<8, 1, 1> = EdgeDevice::new();
    static PLAYER: Player<Button> = Player::new();
    let (_capture, reader, _) = press(&DEVICE, &PLAYER, Trigger::Both);
    let ledger = reader.ledger();
    // The five interrupts of the press make one edge, the two of the touch make none.
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

pub(super) fn a_debounced_edge_keeps_its_time_beside_later_ones_of_other_lines() {
    static DEVICE: EdgeDevice<8, 1, 1> = EdgeDevice::new();
    let pins = platform::pins();
    // For reads of one edge or of several, and for either line.
    for (most, button) in [(1, 0), (4, 0), (1, 1)] {
        let other = 1 - button;
        let mut lines = low_lines();
        lines[button] = lines[button].with_debounce_us(20 * PERIOD_US as u32);
        let (capture, mut reader) = DEVICE.open(&lines, Config::DEFAULT).unwrap();
        pins.iter().for_each(|pin| assert!(pin.set(false)));
        drain(&mut reader);
        assert!(pins[button].set(true));
        let pressed_ns = capture.now_ns();
        sleep_periods(5);
        assert!(pins[other].set(true));
        let later_ns = capture.now_ns();
        sleep_periods(30);
        assert!(pins[other].set(false));
        let mut edges = [Edge::default(); 4];
        let mut count = 0;
        while let Ok(more) = reader.try_read_edges(&mut edges[count..][..most.min(4 - count)]) {
            if more == 0 {
                break;
            }
            count += more;
        }
        assert_eq!(count, 3, "the debounced edge counts when it is stable");
        let [first, debounced, last, _] = edges;
        let expected = [other, button, other].map(|line| line as u8);
        assert_eq!([first.line, debounced.line, last.line], expected);
        let apart = first.timestamp_ns - debounced.timestamp_ns;
        assert!(debounced.timestamp_ns <= pressed_ns, "{edges:?}");
        assert!(
            apart >= 5_000 * PERIOD_US && first.timestamp_ns <= later_ns,
            "{edges:?}"
        );
        assert!(
            last.timestamp_ns >= first.timestamp_ns + 30_000 * PERIOD_US,
            "{edges:?}"
        );
        drop((capture, reader));
        pins.iter().for_each(|pin| assert!(pin.set(false)));
    }
}

pub(super) fn more_debounced_lines_than_timers_are_refused() {
    static DEVICE: EdgeDevice<8, 1, 1> = EdgeDevice::new();
    let lines = low_lines();
    let both = [lines[0].with_debounce_us(1), lines[1].with_debounce_us(1)];
    let expected = OpenError::Config(ConfigError::TooManyDebounced { room: 1 });
    assert_eq!(DEVICE.open(&both, Config::DEFAULT).err(), Some(expected));
}
