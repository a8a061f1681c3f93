//! Errors name the port and the reason.

use std::ffi::OsStr;
use std::fs;

use super::board::{Act, Board, dead_socket, run, start};
use serialport::SerialPort;

use crate::common::edgepipe;

fn refusal(port: &str, options: &[&str]) -> (i32, String) {
    let scratch = tempfile::tempdir().unwrap();
    let run = run(start(port, &scratch.path().join("out.vcd"), options));
    assert_eq!(run.stdout, "");
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 0);
    (run.status, run.stderr)
}

#[test]
fn a_port_that_is_not_there_is_named() {
    let scratch = tempfile::tempdir().unwrap();
    for port in [
        "/dev/no_such_port",
        "unix:/no/such/socket",
        "tcp:127.0.0.1:1",
        &dead_socket(scratch.path()),
    ] {
        let (status, error) = refusal(port, &[]);
        assert_eq!(status, 1);
        assert!(error.starts_with(&format!("{port}: ")), "{error}");
    }
    assert!(refusal("/dev/no_such_port", &[]).1.contains("No such file"));
}

#[test]
fn what_is_no_serial_port_is_told() {
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("file");
    fs::write(&file, "text").unwrap();
    for port in ["/dev/null", file.to_str().unwrap()] {
        let expected = format!("{port}: this is no serial port\n");
        assert_eq!(refusal(port, &[]), (1, expected));
    }
}

#[test]
fn a_port_that_another_program_uses_is_told() {
    let (_far, near) = serialport::TTYPort::pair().unwrap();
    let port = near.name().unwrap();
    let _held = serialport::new(&port, 115_200).open().unwrap();
    let expected = format!("{port}: another program uses this port\n");
    assert_eq!(refusal(&port, &[]), (1, expected));
}

#[test]
fn the_help_names_the_commands() {
    let help = edgepipe(&["--help".as_ref()]).stdout;
    for command in ["record PORT", "serve PORT", "view FILE"] {
        assert!(help.contains(&format!("edgepipe {command}")), "{help}");
    }
}

#[test]
fn what_is_no_edgepipe_is_told_with_what_to_check() {
    for (bytes, cause) in [
        (vec![], "nothing came"),
        (
            b"1ALS".to_vec(),
            "of the 4 bytes that came, none made sense",
        ),
        (
            b"Hello\0world\0".repeat(100),
            "of the 1200 bytes that came, none made sense",
        ),
    ] {
        let board = Board::new(vec![Act::Await, Act::Send(bytes)]);
        let port = board.port();
        let (run, recorded) = board.record(&[]);
        assert_eq!(run.status, 1);
        assert_eq!(recorded.file, None);
        let start =
            format!("{port}: no edgepipe streams here: in 2 s {cause}; check the port, --baud, ");
        assert!(run.stderr.starts_with(&start), "{}", run.stderr);
    }
}

#[test]
fn a_command_line_that_cannot_be_right_is_refused() {
    let usage = |arguments: &[&str]| {
        let arguments: Vec<&OsStr> = arguments.iter().map(OsStr::new).collect();
        let run = edgepipe(&arguments);
        assert_eq!((run.status, run.stdout.as_str()), (2, ""));
        assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
        run.stderr
    };
    assert!(usage(&["record"]).contains("<PORT>"));
    assert!(usage(&["record", "/dev/null"]).contains("--capture"));
    assert!(usage(&["record", "tcp:here", "--capture", "x.vcd"]).contains("tcp:HOST:PORT"));
    assert!(usage(&["record", "unix:", "--capture", "x.vcd"]).contains("unix:PATH"));
    assert!(usage(&["record", "x", "--capture", "x.vcd", "--for", "soon"]).contains("10s"));
    assert!(usage(&["record", "x", "--capture", "x.vcd", "--edges", "0"]).contains("--edges"));
    for name in ["x.txt", "x.sr.gz"] {
        let error = usage(&["record", "x", "--capture", name]);
        assert!(error.contains("ends in .vcd or .sr"), "{error}");
    }
    for name in ["x.sr", "x.txt"] {
        let error = usage(&["--capture", name]);
        assert!(error.contains("ends in .vcd\n"), "{error}");
    }
    assert!(usage(&["serve", "x", "--listen", "0.0.0.0:4000"]).contains("127.0.0.1"));
    assert!(usage(&["serve", "x", "--listen", "[::1]:4000"]).contains("127.0.0.1"));
    assert!(
        edgepipe(&["record".as_ref(), "--help".as_ref()])
            .stdout
            .contains("edgepipe record")
    );
}
