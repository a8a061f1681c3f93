//! Tests of `config`, in src/config/mod.rs.

use std::string::ToString;

use zephyr::time::Duration;

use crate::{Error, Timed, config::*, record::Format, sample::Stored};

#[test]
fn a_pipe_may_be_as_large_as_zephyrs_can_be() {
    let config = Config {
        deliver: Delivery::Pipe,
        ..Config::DEFAULT
    };
    let resolve = |format, pipe| config.resolve(format, 16, pipe).map(|setup| setup.format);
    assert_eq!(resolve(Format::EDGES, 0), Err(ConfigError::NoPipe));
    let formats = [
        (u8::FORMAT, 32_767),
        (Format::EDGES, 4_095),
        (Timed::<u32>::FORMAT, 2_047),
    ];
    for (format, most) in formats {
        assert_eq!(resolve(format, 1), Ok(format));
        assert_eq!(resolve(format, most), Ok(format));
        for pipe in [most + 1, 2 * most] {
            let refused = Err(ConfigError::PipeTooLarge { most });
            assert_eq!(resolve(format, pipe), refused);
        }
    }
}

#[test]
fn each_error_says_what_is_wrong_and_what_would_be_right() {
    let texts = [
        (
            ConfigError::CapacityTooLarge {
                capacity: 9,
                room: 8,
            },
            "capacity is 9 records; the device has room for 8",
        ),
        (
            ConfigError::HeadroomTooLarge {
                headroom: 8,
                capacity: 7,
            },
            "headroom is 8 records; it must be below the capacity of 7",
        ),
        (
            ConfigError::DropOldestCapacity,
            "DropOldest needs a capacity of at least 2 records: one is for the gap record",
        ),
        (
            ConfigError::LineTwice { line: 3 },
            "line 3 is a pin that an earlier line has; give each pin once",
        ),
    ];
    for (error, text) in texts {
        assert_eq!(error.to_string(), text);
        assert_eq!(OpenError::from(error).to_string(), text);
    }
    let line = |error| OpenError::from(LineError { line: 2, error }).to_string();
    assert_eq!(
        line(Error::BUSY),
        "line 2: the pin belongs to another capture (busy (errno 16))"
    );
    assert_eq!(
        line(Error::NO_DEVICE),
        "line 2: no such device, or not ready (errno 19)"
    );
    assert_eq!(
        OpenError::from(Error::BUSY).to_string(),
        "open already, or a read of its pipe has not returned (busy (errno 16))"
    );
    assert_eq!(
        OpenError::from(Error::NO_SPACE).to_string(),
        Error::NO_SPACE.to_string()
    );
}

/// In a constant, `assert_fits` panics with the text of `open`'s error.
#[test]
fn a_configuration_that_does_not_fit_says_why() {
    let with = |ready, flush_after| Config {
        ready,
        flush_after,
        ..Config::DEFAULT
    };
    let sized = |capacity, headroom| Config {
        capacity: Some(capacity),
        headroom,
        ..Config::DEFAULT
    };
    let zero = Some(Duration::from_ticks(0));
    for (config, text) in [
        (sized(0, None), "the capacity is 0 records"),
        (
            sized(17, None),
            "the capacity is larger than the device's buffer",
        ),
        (
            with(Readiness::Records(0), None),
            "the threshold is 0 records",
        ),
        (
            with(Readiness::Records(17), None),
            "the threshold is above the capacity",
        ),
        (with(Readiness::Full, zero), "the flush deadline is 0 ticks"),
        (
            Config {
                idle_after: zero,
                ..Config::DEFAULT
            },
            "the idle time is 0 ticks",
        ),
        (sized(8, Some(8)), "the headroom is not below the capacity"),
    ] {
        let told = std::panic::catch_unwind(|| config.assert_fits(16)).expect_err(text);
        assert_eq!(told.downcast_ref(), Some(&text));
    }
    assert_eq!(sized(16, Some(15)).assert_fits(16).capacity, Some(16));
}

#[test]
fn a_quarter_is_headroom_up_to_64_records() {
    for (capacity, headroom) in [
        (1, 0),
        (3, 0),
        (4, 1),
        (128, 32),
        (255, 63),
        (256, 64),
        (260, 64),
        (65_536, 64),
    ] {
        let setup = Config::DEFAULT
            .resolve(Format::EDGES, capacity, 0)
            .expect("it is right");
        assert_eq!(setup.headroom, headroom, "{capacity}");
    }
}
