//! Misuse is refused with clear errors.

use edgepipe::{Config, ConfigError, Error, OpenError, Readiness};

use super::support::{bench, capacity, low_lines, pins, ready_at};

pub(super) fn a_configuration_that_cannot_be_right_is_refused() {
    let bench = bench!(8);
    let lines = low_lines();
    let both = Config {
        capacity: Some(4),
        ready: Readiness::Records(5),
        ..Config::DEFAULT
    };
    let refused = [
        (capacity(0), ConfigError::CapacityZero),
        (
            capacity(9),
            ConfigError::CapacityTooLarge {
                capacity: 9,
                room: 8,
            },
        ),
        (ready_at(0), ConfigError::ThresholdZero),
        (
            both,
            ConfigError::ThresholdAboveCapacity {
                threshold: 5,
                capacity: 4,
            },
        ),
    ];
    for (config, expected) in refused {
        assert_eq!(
            bench.device.open(&lines, config).err(),
            Some(OpenError::Config(expected))
        );
    }
    // The refusals have left nothing behind.
    drop(bench.open(Config::default()));
}

pub(super) fn an_open_device_is_busy() {
    let bench = bench!(8);
    let busy = Some(OpenError::Other(Error::BUSY));
    let (capture, reader) = bench.open(Config::default());
    assert_eq!(
        bench.device.open(&low_lines(), Config::default()).err(),
        busy
    );
    drop(capture);
    assert_eq!(
        bench.device.open(&low_lines(), Config::default()).err(),
        busy,
        "the reader is left"
    );
    drop(reader);
    drop(bench.open(Config::default()));
}

pub(super) fn lines_that_cannot_be_captured_are_refused() {
    let bench = bench!(8);
    let line = low_lines()[0];
    let cannot = |lines: &[_]| bench.device.open(lines, Config::default()).err();
    assert_eq!(cannot(&[]), Some(OpenError::Config(ConfigError::NoLine)));
    let twice = ConfigError::LineTwice { line: 1 };
    assert_eq!(cannot(&[line, line]), Some(OpenError::Config(twice)));
    let lines = [line; 33];
    let too_many = ConfigError::TooManyLines {
        lines: 33,
        most: 32,
    };
    assert_eq!(cannot(&lines), Some(OpenError::Config(too_many)));
    let out_of_range = ConfigError::PinOutOfRange { line: 1 };
    let beyond = pins()[0].sibling(32).line();
    assert_eq!(
        cannot(&[line, beyond]),
        Some(OpenError::Config(out_of_range))
    );
    drop(bench.open(Config::default()));
}
