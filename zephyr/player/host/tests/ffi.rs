//! The C interface, in the order of calls of a run.

use std::ffi::{CString, c_char};
use std::fs;
use std::ptr;

use edgepipe_player::{
    PlayerEvent, PlayerSetup, PlayerStart, edgepipe_player_close, edgepipe_player_driven,
    edgepipe_player_next, edgepipe_player_open,
};

const NONE: PlayerSetup = PlayerSetup {
    stimulus: ptr::null(),
    wires: ptr::null(),
    stretch: ptr::null(),
    watch: ptr::null(),
    wire_names: ptr::null(),
    watch_names: ptr::null(),
    pins: 0,
    watched: 0,
    list: 0,
};

fn open(setup: &PlayerSetup) -> (i32, PlayerStart) {
    let mut start = PlayerStart::default();
    // SAFETY: both are valid, and so are the strings and arrays of `setup`.
    let status = unsafe { edgepipe_player_open(setup, &mut start) };
    (status, start)
}

fn next() -> (i32, PlayerEvent) {
    let mut event = PlayerEvent::default();
    // SAFETY: it is valid.
    let status = unsafe { edgepipe_player_next(&mut event) };
    (status, event)
}

// One test: there is one session in a process.
#[test]
fn a_run_through_the_c_interface() {
    let folder = tempfile::tempdir().unwrap();
    let (stimulus, watch) = (folder.path().join("in.vcd"), folder.path().join("out.vcd"));
    let text = "$timescale 1 us $end $var wire 1 a A $end $var wire 1 b B $end $enddefinitions $end #0 0a 1b #5 1a\n";
    fs::write(&stimulus, text).unwrap();
    let strings = [
        stimulus.to_str().unwrap(),
        watch.to_str().unwrap(),
        "A",
        "B",
        "LED",
        "\u{7f}",
    ]
    .map(|text| CString::new(text).unwrap());
    let pointers = strings.each_ref().map(|text| text.as_ptr());
    let not_utf8 = [0xffu8, 0];
    let setup = PlayerSetup {
        stimulus: pointers[0],
        watch: pointers[1],
        wire_names: &pointers[2],
        watch_names: &pointers[4],
        pins: 2,
        watched: 1,
        ..NONE
    };

    // Before a session there is nothing.
    assert_eq!(next().0, 0);
    assert_eq!(edgepipe_player_driven(0, 0, 0), 0);
    assert_eq!(edgepipe_player_close(0), 0);

    let started = PlayerStart {
        edges: 1,
        wires: 2,
        initial_levels: 0b10,
        watches: 1,
    };
    assert_eq!(open(&setup), (0, started));
    assert_eq!(edgepipe_player_driven(0, 0, 2), 0);
    assert_eq!(
        next(),
        (
            1,
            PlayerEvent {
                at_us: 5,
                wire: 0,
                level: 1
            }
        )
    );
    assert_eq!(edgepipe_player_driven(6, 0, 1), 0);
    assert_eq!(next().0, 0);
    assert_eq!(edgepipe_player_close(8), 0);
    assert!(
        fs::read_to_string(&watch)
            .unwrap()
            .ends_with("#0\nz!\n#6\n1!\n#8\n")
    );

    // A failure ends the session, and what was written is gone.
    fs::remove_file(&watch).unwrap();
    assert_eq!(open(&setup).0, 0);
    assert_eq!(edgepipe_player_driven(0, 1, 0), 1);
    assert_eq!(edgepipe_player_close(0), 0);
    assert!(!watch.exists());

    // Wrong lines, a list, and nothing at all.
    let wires = not_utf8.as_ptr().cast::<c_char>();
    assert_eq!(open(&PlayerSetup { wires, ..setup }).0, 2);
    assert_eq!(
        open(&PlayerSetup {
            stimulus: pointers[5],
            ..setup
        })
        .0,
        1
    );
    assert_eq!(open(&PlayerSetup { list: 1, ..setup }).0, -1);
    assert_eq!(
        open(&PlayerSetup {
            watched: u32::MAX,
            watch_names: ptr::null(),
            ..setup
        })
        .0,
        2
    );
    assert_eq!(open(&NONE), (0, PlayerStart::default()));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}
