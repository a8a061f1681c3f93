//! The capture file: its content, and that it exists complete or not at all.

mod common;

use std::fs;
use std::path::Path;

use common::{RECORDINGS, directory, events, lines, open, recording};
use edgepipe_host::{CaptureFile, Error, Header, TimeUnit};

/// Begins a capture of lines with these names.
fn create(path: &Path, lines_named: &[&str], initial_levels: u32) -> Result<CaptureFile, Error> {
    let names = names(lines_named);
    let header = Header {
        initial_levels,
        ..lines(&names)
    };
    CaptureFile::create(path, header)
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| name.to_string()).collect()
}

/// The files of a directory, hidden ones too.
fn files(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let mut all: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    all.sort();
    all
}

#[test]
fn a_capture_is_written_as_the_recordings_are() {
    let directory = directory();
    let path = directory.path().join("out.vcd");
    let mut capture = create(&path, &["SDA", "q[3]"], 0b10).unwrap();
    for (at_us, line, level) in [(0, 0, true), (7, 0, false), (7, 1, false), (9, 1, true)] {
        capture.edge(at_us, line, level).unwrap();
    }
    capture.finish(Some(12)).unwrap();
    assert_eq!(
        fs::read_to_string(path).unwrap(),
        "$timescale 1 us $end\n$scope module capture $end\n$var wire 1 ! SDA $end\n\
         $var wire 1 \" q[3] $end\n$upscope $end\n$enddefinitions $end\n\
         #0\n0!\n1\"\n1!\n#7\n0!\n0\"\n#9\n1\"\n#12\n"
    );
}

#[test]
fn an_end_that_is_not_after_the_last_edge_is_left_out() {
    for end_us in [None, Some(0), Some(4), Some(5)] {
        let directory = directory();
        let path = directory.path().join("out.vcd");
        let mut capture = create(&path, &["a"], 0).unwrap();
        capture.edge(5, 0, true).unwrap();
        capture.finish(end_us).unwrap();
        assert!(
            fs::read_to_string(path)
                .unwrap()
                .ends_with("#0\n0!\n#5\n1!\n"),
            "{end_us:?}"
        );
    }
}

#[test]
fn a_recording_comes_back_as_it_went_in() {
    for (name, _) in RECORDINGS {
        let Some(path) = recording(name) else {
            continue;
        };
        let directory = directory();
        let out = directory.path().join("out.vcd");
        let mut stimulus = open(&path);
        let expected = events(&mut stimulus);
        let levels = stimulus.initial_levels();
        let header = Header {
            names: stimulus.names(),
            initial_levels: levels,
            unit: stimulus.unit(),
            one_trigger: None,
        };
        let mut capture = CaptureFile::create(&out, header).unwrap();
        for &(time, line, level) in &expected {
            capture.edge(time, line, level).unwrap();
        }
        capture.finish(Some(stimulus.duration())).unwrap();

        let mut again = open(&out);
        assert_eq!(again.names(), stimulus.names(), "{name}");
        assert_eq!(again.initial_levels(), levels, "{name}");
        assert_eq!(again.duration(), stimulus.duration(), "{name}");
        assert_eq!(events(&mut again), expected, "{name}");
    }
}

#[test]
fn an_unfinished_capture_leaves_nothing_and_what_was_there_stays() {
    let directory = directory();
    let path = directory.path().join("out.vcd");
    for existing in [None, Some("precious\n")] {
        if let Some(existing) = existing {
            fs::write(&path, existing).unwrap();
        }
        let before = files(directory.path());
        let mut capture = create(&path, &["a"], 0).unwrap();
        capture.edge(1, 0, true).unwrap();
        assert_eq!(fs::read_to_string(&path).ok().as_deref(), existing);
        drop(capture);
        assert_eq!(files(directory.path()), before);
        assert_eq!(fs::read_to_string(&path).ok().as_deref(), existing);
    }
}

#[test]
fn a_finished_capture_replaces_what_was_there_and_leaves_nothing_else() {
    let directory = directory();
    let path = directory.path().join("out.vcd");
    fs::write(&path, "precious\n").unwrap();
    create(&path, &["a"], 1).unwrap().finish(None).unwrap();
    assert_eq!(files(directory.path()), ["out.vcd"]);
    assert!(fs::read_to_string(path).unwrap().ends_with("#0\n1!\n"));
}

#[test]
fn an_impossible_edge_is_refused() {
    let directory = directory();
    let path = directory.path().join("out.vcd");
    let mut capture = create(&path, &["a"], 0).unwrap();
    capture.edge(5, 0, true).unwrap();
    let place = path.display();
    assert_eq!(
        capture.edge(4, 0, false).unwrap_err().to_string(),
        format!("{place}: time runs backwards: #4 after #5")
    );
    assert_eq!(
        capture.edge(6, 1, false).unwrap_err().to_string(),
        format!("{place}: an edge of line 1; there are 1")
    );
}

#[test]
fn impossible_lines_are_refused() {
    let directory = directory();
    let path = directory.path().join("out.vcd");
    let place = path.display();
    for (lines, cause) in [
        (vec![], "0 lines; expected 1 to 32"),
        (vec!["a"; 33], "33 lines; expected 1 to 32"),
        (vec![""], "a VCD file cannot hold the line name ''"),
        (
            vec!["a", "b\nc"],
            "a VCD file cannot hold the line name 'b\\nc'",
        ),
        (
            vec!["a $end"],
            "a VCD file cannot hold the line name 'a $end'",
        ),
        (vec!["$var"], "a VCD file cannot hold the line name '$var'"),
        (
            vec!["a [3]"],
            "a VCD file cannot hold the line name 'a [3]'",
        ),
        (vec!["a  b"], "a VCD file cannot hold the line name 'a  b'"),
    ] {
        let error = create(&path, &lines, 0).unwrap_err();
        assert_eq!(error.to_string(), format!("{place}: {cause}"));
    }
    assert!(files(directory.path()).is_empty());
}

#[test]
#[cfg(unix)]
fn an_unwritable_destination_is_named_at_once() {
    let directory = directory();
    let missing = directory.path().join("missing/out.vcd");
    let slash = directory.path().join("new/");
    let file = directory.path().join("file");
    fs::write(&file, "").unwrap();
    for (path, cause) in [
        (missing.as_path(), "No such file or directory (os error 2)"),
        (directory.path(), "Is a directory (os error 21)"),
        (slash.as_path(), "is a directory"),
        (&file.join("out.vcd"), "Not a directory (os error 20)"),
        (Path::new(""), "entity not found"),
    ] {
        let error = create(path, &["a"], 0).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("{}: cannot write: {cause}", path.display())
        );
    }
    assert_eq!(files(directory.path()), ["file"]);
}

#[test]
#[cfg(unix)]
fn a_file_or_directory_without_write_permission_is_refused() {
    use std::os::unix::fs::PermissionsExt;

    let directory = directory();
    let read_only = directory.path().join("read_only.vcd");
    fs::write(&read_only, "precious\n").unwrap();
    fs::set_permissions(&read_only, PermissionsExt::from_mode(0o444)).unwrap();
    let closed = directory.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, PermissionsExt::from_mode(0o555)).unwrap();
    if fs::write(closed.join("probe"), "").is_ok() {
        println!("skipped: permissions do not bind the superuser");
        return;
    }
    for path in [&read_only, &closed.join("out.vcd")] {
        let error = create(path, &["a"], 0).unwrap_err().to_string();
        assert!(
            error.ends_with(": cannot write: Permission denied (os error 13)"),
            "{error}"
        );
    }
    assert_eq!(fs::read_to_string(read_only).unwrap(), "precious\n");
}

#[test]
#[cfg(unix)]
fn a_capture_has_the_permissions_of_any_new_file_and_keeps_those_of_an_old_one() {
    use std::os::unix::fs::PermissionsExt;

    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
    let directory = directory();
    let ordinary = directory.path().join("ordinary");
    fs::write(&ordinary, "").unwrap();
    let path = directory.path().join("out.vcd");
    create(&path, &["a"], 0).unwrap().finish(None).unwrap();
    assert_eq!(mode(&path), mode(&ordinary));

    fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();
    create(&path, &["a"], 0).unwrap().finish(None).unwrap();
    assert_eq!(mode(&path) & 0o777, 0o640);
}

#[test]
#[cfg(unix)]
fn a_link_stays_a_link_to_the_new_capture() {
    let directory = directory();
    let (target, link) = (
        directory.path().join("target"),
        directory.path().join("link"),
    );
    fs::write(&target, "old").unwrap();
    std::os::unix::fs::symlink("target", &link).unwrap();
    create(&link, &["a"], 0).unwrap().finish(None).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(
        fs::read_to_string(&target)
            .unwrap()
            .starts_with("$timescale")
    );
}

#[test]
#[cfg(unix)]
fn a_destination_that_is_no_file_is_written_to_directly() {
    use std::os::fd::AsRawFd;
    use std::process::{Command, Stdio};

    create("/dev/null".as_ref(), &["a"], 0)
        .unwrap()
        .finish(None)
        .unwrap();
    assert!(!fs::metadata("/dev/null").unwrap().is_file());

    let mut command = Command::new("cat");
    let cat = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let pipe = format!("/dev/fd/{}", cat.stdin.as_ref().unwrap().as_raw_fd());
    create(pipe.as_ref(), &["a"], 0)
        .unwrap()
        .finish(None)
        .unwrap();
    let text = String::from_utf8(cat.wait_with_output().unwrap().stdout).unwrap();
    assert!(text.ends_with("#0\n0!\n"), "{text}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_an_error() {
    let capture = create("/dev/full".as_ref(), &["a"], 0).unwrap();
    assert_eq!(
        capture.finish(None).unwrap_err().to_string(),
        "/dev/full: cannot write: No space left on device (os error 28)"
    );
}

#[test]
fn the_unit_is_the_largest_of_vcd_that_tells_all_times_apart() {
    for (numerator, denominator, timescale, at_7) in [
        (1, 1_000_000, "1 us", 7),
        (1, 625_000, "100 ns", 7 * 16),
        (1, 20_000, "10 us", 7 * 5),
        (100, 1, "100 s", 7),
        (1, 24_000_000, "1 ns", 292),
        (1, 48_000_000, "1 ns", 146),
        (1, 3_000_000_000, "100 ps", 23),
        (1, 1_000_000_000_000_000, "1 fs", 7),
    ] {
        let directory = directory();
        let path = directory.path().join("out.vcd");
        let unit = TimeUnit::new(numerator, denominator).unwrap();
        let names = names(&["a"]);
        let header = Header {
            unit,
            ..lines(&names)
        };
        let mut capture = CaptureFile::create(&path, header).unwrap();
        capture.edge(7, 0, true).unwrap();
        capture.finish(None).unwrap();
        let text = fs::read_to_string(path).unwrap();
        assert!(
            text.starts_with(&format!("$timescale {timescale} $end")),
            "{text}"
        );
        assert!(text.ends_with(&format!("#{at_7}\n1!\n")), "{text}");
    }
}

#[test]
fn an_edge_at_the_last_time_of_all_ends_the_capture() {
    let directory = directory();
    let path = directory.path().join("out.vcd");
    let names = names(&["a"]);
    let header = Header {
        one_trigger: Some(true),
        ..lines(&names)
    };
    let mut capture = CaptureFile::create(&path, header).unwrap();
    capture.edge(u64::MAX, 0, true).unwrap();
    capture.finish(None).unwrap();
    let text = fs::read_to_string(path).unwrap();
    assert!(text.ends_with(&format!("#{}\n1!\n", u64::MAX)), "{text}");
}
