//! Tests of `channel::levels`, in src/channel/levels.rs.

use crate::LineError;
use crate::channel::{Channel, Interrupts, levels::Levels};
use crate::config::Config;
use crate::sys::storage::Buffer;

#[test]
fn the_last_edge_of_a_line_tells_its_level() {
    let mut levels = Levels::none();
    assert!(!levels.are_being_read());
    levels.note(3, true);
    levels.note(31, false);
    assert_eq!((levels.changed, levels.latest), (1 << 31 | 1 << 3, 1 << 3));
    levels.note(0, true);
    levels.note(3, false);
    levels.note(31, true);
    levels.note(31, true);
    assert_eq!(levels.changed, 1 << 31 | 1 << 3 | 1);
    assert_eq!(levels.latest, 1 << 31 | 1);
}

static CHANNEL: Channel = Channel::new();

/// Edges of lines 1 and 2 arrive while the levels are read.
struct Busy;

impl Interrupts for Busy {
    fn begin(&'static self, _again: bool) -> Result<u32, LineError> {
        Ok(0)
    }

    fn levels(&'static self) -> u32 {
        let mut state = CHANNEL.lock();
        assert!(state.levels.are_being_read());
        state.levels.note(1, true);
        state.levels.note(2, false);
        0b1101
    }

    fn stop(&'static self) {}
}

#[test]
fn edges_that_come_during_a_look_are_laid_over_it() {
    static BUFFER: Buffer<u64, 8> = Buffer::new();
    zephyr::sim::run(|| {
        let setup = Config::DEFAULT
            .resolve(crate::record::Format::EDGES, 8, 0)
            .expect("it is right");
        let (storage, pipe) = (BUFFER.storage(), BUFFER.storage());
        CHANNEL
            .open(storage, pipe, None, &setup)
            .expect("it is new");
        CHANNEL.arm(&Busy).expect("it has no lines to read");
        // Edges from before a reading are in its result.
        CHANNEL.lock().levels.note(0, false);
        for _ in 0..2 {
            assert_eq!(CHANNEL.levels(), 0b1011);
            assert!(!CHANNEL.lock().levels.are_being_read());
        }
    });
}

/// Edges of long ago are in what is read during a pause. Those that came while somebody read already may not be.
#[test]
fn a_pause_forgets_edges_from_before_it_unless_somebody_reads() {
    let mut levels = Levels::none();
    levels.note(0, true);
    levels.hold();
    assert_eq!(levels.changed, 0);
    levels.note(1, true);
    levels.hold();
    assert_eq!((levels.changed, levels.readers), (0b10, 2));
}

/// Whoever reads the levels across the end of a pause gets those after it.
#[test]
fn a_pause_that_ends_during_a_look_tells_the_levels() {
    let mut levels = Levels::none();
    levels.readers = 1;
    levels.note(0, true);
    levels.hold();
    levels.end_hold(0b0110);
    assert_eq!(levels.readers, 1);
    assert_eq!((levels.changed, levels.latest), (u32::MAX, 0b0110));
    // An edge after the pause counts, too.
    levels.note(1, false);
    assert_eq!(levels.latest, 0b0100);
}
