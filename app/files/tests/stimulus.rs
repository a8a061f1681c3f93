//! The meaning of a recording.

mod common;

use common::{RECORDINGS, directory, events, header, open, recording};
use edgepipe_host::{Stimulus, TIME_MAX_US};

#[test]
fn edges_come_in_order_with_line_and_time() {
    let directory = directory();
    let mut stimulus = open(
        &directory,
        header(2) + "#0\n1!\n0\"\n#5\n0!\n1\"\n#9\n1!\n#20\n",
    )
    .unwrap();
    assert_eq!(stimulus.names(), ["w0", "w1"]);
    assert_eq!(stimulus.initial_levels(), 0b01);
    assert_eq!((stimulus.edges(), stimulus.duration_us()), (3, 20));
    assert_eq!(
        events(&mut stimulus),
        [(5, 0, false), (5, 1, true), (9, 0, true)]
    );
    assert_eq!(stimulus.next_event(), Ok(None), "the end stays the end");
}

#[test]
fn the_first_given_level_is_no_edge_however_late() {
    let directory = directory();
    let mut stimulus = open(&directory, header(3) + "#7\n1!\n#8\n0\"\n#9\n0!\n1\"\n").unwrap();
    assert_eq!(
        stimulus.initial_levels(),
        0b001,
        "w2 is never given and low"
    );
    assert_eq!(events(&mut stimulus), [(9, 0, false), (9, 1, true)]);
}

#[test]
fn unknown_and_floating_keep_the_level_and_repeating_is_no_edge() {
    let directory = directory();
    let body = "#0\nx!\n#1\n1!\n#2\nz!\n#3\n1!\n#4\nX!\n#5\n0!\n#6\nZ!\n#7\n0!\n";
    let mut stimulus = open(&directory, header(1) + body).unwrap();
    assert_eq!(stimulus.initial_levels(), 1);
    assert_eq!(events(&mut stimulus), [(5, 0, false)]);
}

#[test]
fn dump_blocks_give_levels_and_dumpoff_keeps_them() {
    let directory = directory();
    let body = "$dumpvars\n1!\nx\"\n$end\n#3\n0!\n#4\n$dumpoff\nx!\nx\"\n$end\n\
                #6\n$dumpon\n0!\n1\"\n$end\n#7\n$dumpall\n1!\n1\"\n$end\n";
    let mut stimulus = open(&directory, header(2) + body).unwrap();
    assert_eq!(stimulus.initial_levels(), 0b11);
    assert_eq!(events(&mut stimulus), [(3, 0, false), (7, 0, true)]);
}

#[test]
fn vectors_reals_and_strings_are_ignored() {
    let directory = directory();
    let text = "$timescale 1us $end\n$var wire 8 a bus $end\n$var real 64 b r $end\n\
                $var string 1 c s $end\n$var event 1 d e $end\n$var reg 1 e flag $end\n\
                $enddefinitions $end\n#1\nb01x a\n1a\nr1.5 b\nshello c\n1d\n0e\n#2\nb1 e\n";
    let mut stimulus = open(&directory, text).unwrap();
    assert_eq!(stimulus.names(), ["flag"]);
    assert_eq!(
        events(&mut stimulus),
        [(2, 0, true)],
        "one bit may be written as a vector"
    );
}

#[test]
fn wires_that_share_an_id_code_are_lines_that_change_together() {
    let directory = directory();
    let text = "$timescale 1 us $end\n$scope module a $end\n$var wire 1 ! d $end\n$upscope $end\n\
                $scope module b $end\n$var wire 1 \" d $end\n$var wire 1 ! q [3] $end\n$upscope $end\n\
                $enddefinitions $end\n#0\n1!\n#2\n0!\n";
    let mut stimulus = open(&directory, text).unwrap();
    assert_eq!(stimulus.names(), ["d", "d", "q[3]"]);
    assert_eq!((stimulus.initial_levels(), stimulus.edges()), (0b101, 2));
    assert_eq!(events(&mut stimulus), [(2, 0, false), (2, 2, false)]);
}

#[test]
fn thirty_two_lines_fit() {
    let directory = directory();
    let mut text = header(32) + "#1\n";
    for wire in 0..32_u8 {
        text += &format!("1{0}\n0{0}\n", (b'!' + wire) as char);
    }
    let mut stimulus = open(&directory, text).unwrap();
    assert_eq!(
        (stimulus.initial_levels(), stimulus.edges()),
        (u32::MAX, 32)
    );
    assert_eq!(events(&mut stimulus).last(), Some(&(1, 31, false)));
}

#[test]
fn times_are_rounded_to_the_nearest_microsecond_in_every_unit() {
    for (timescale, time, at_us) in [
        ("100 s", 2, 200_000_000),
        ("10 ms", 3, 30_000),
        ("1 us", 7, 7),
        ("100 ns", 1_234, 123),
        ("100ns", 1_235, 124),
        ("1 ps", 499_999, 0),
        ("1 ps", 500_000, 1),
        ("1 fs", u64::MAX, 18_446_744_074),
        ("1 us", TIME_MAX_US, TIME_MAX_US),
    ] {
        let directory = directory();
        let text = header(1).replace("1 us", timescale) + &format!("0!\n#{time}\n1!\n");
        let mut stimulus = open(&directory, text).unwrap();
        assert_eq!(
            events(&mut stimulus),
            [(at_us, 0, true)],
            "#{time} of {timescale}"
        );
        assert_eq!(stimulus.duration_us(), at_us);
    }
}

#[test]
fn a_recording_without_edges_or_times_is_a_recording() {
    let directory = directory();
    let mut stimulus = open(&directory, header(1)).unwrap();
    assert_eq!(
        (
            stimulus.edges(),
            stimulus.duration_us(),
            stimulus.initial_levels()
        ),
        (0, 0, 0)
    );
    assert_eq!(events(&mut stimulus), []);
}

#[test]
fn the_recordings_have_as_many_edges_as_their_readme_says() {
    for (name, edges) in RECORDINGS {
        let Some(path) = recording(name) else {
            continue;
        };
        let mut stimulus = Stimulus::open(&path).unwrap();
        assert_eq!(stimulus.edges(), edges, "{name}");
        assert_eq!(events(&mut stimulus).len() as u64, edges, "{name}");
    }
}

#[test]
#[cfg(unix)]
fn a_pipe_can_be_replayed() {
    use std::fs;
    use std::os::fd::AsRawFd;
    use std::process::{Command, Stdio};

    let directory = directory();
    let path = directory.path().join("in.vcd");
    fs::write(&path, header(1) + "#0\n0!\n#4\n1!\n").unwrap();
    let mut cat = Command::new("cat")
        .arg(path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let pipe = format!("/dev/fd/{}", cat.stdout.as_ref().unwrap().as_raw_fd());
    let mut stimulus = Stimulus::open(pipe.as_ref()).unwrap();
    assert_eq!(events(&mut stimulus), [(4, 0, true)]);
    cat.wait().unwrap();
}
