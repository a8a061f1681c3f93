//! What the program prints and writes that makes a table of a recording.

use std::fs;
use std::process::{Command, Output};

use tempfile::TempDir;

const RECORDING: &str = "$timescale 100 ns $end
$var wire 1 a A $end
$var wire 1 b B $end
$var wire 1 c C $end
$enddefinitions $end
#0 0a 1b 1c
#14 1a
#15 0b
#99999999999999 0a
#99999999999999 1b
";

fn run(folder: &TempDir, names: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_edgepipe-player-table"))
        .current_dir(folder.path())
        .args(["in.vcd", "out.h"])
        .args(names)
        .output()
        .unwrap()
}

fn folder(recording: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("in.vcd"), recording).unwrap();
    folder
}

#[test]
fn a_table_has_the_chosen_wires_in_their_order() {
    let folder = folder(RECORDING);
    let done = run(&folder, &["X=B", "A"]);
    assert!(done.status.success(), "{done:?}");
    let table = fs::read_to_string(folder.path().join("out.h")).unwrap();
    let expected = "#define RECORDING \"in.vcd\"
#define WIRES 2
#define INITIAL_LEVELS 0x1

static const uint64_t edges[] = {
\tEDGE(1, 1, 1),
\tEDGE(2, 0, 0),
\tEDGE(10000000000000, 1, 0),
\tEDGE(10000000000000, 0, 1),
};
";
    assert_eq!(table, expected);
}

#[test]
fn without_names_a_table_has_all_wires() {
    let folder = folder(RECORDING);
    assert!(run(&folder, &[]).status.success());
    let table = fs::read_to_string(folder.path().join("out.h")).unwrap();
    assert!(table.contains("WIRES 3\n#define INITIAL_LEVELS 0x6\n"));
}

#[test]
fn a_table_that_stays_as_it_is_is_not_written() {
    let folder = folder(RECORDING);
    assert!(run(&folder, &[]).status.success());
    let out = folder.path().join("out.h");
    let old = fs::metadata(&out).unwrap().modified().unwrap();
    assert!(run(&folder, &[]).status.success());
    assert_eq!(fs::metadata(&out).unwrap().modified().unwrap(), old);
    assert!(run(&folder, &["A"]).status.success());
    assert!(fs::read_to_string(&out).unwrap().contains("WIRES 1\n"));
}

#[test]
fn what_is_wrong_is_one_line_and_no_file() {
    for (recording, names, line) in [
        (
            RECORDING,
            &["D"][..],
            "in.vcd: no wire is 'D'; there are 'A', 'B', 'C'\n",
        ),
        (
            RECORDING,
            &["B", "C", "B"],
            "in.vcd: wire 'B' is chosen twice\n",
        ),
        (RECORDING, &["C"], "in.vcd: no edge of C\n"),
        (
            RECORDING,
            &["A=B=C"],
            "wire-names: 'A=B=C' has more than one '=': NEW=OLD renames a wire\n",
        ),
        (
            "time,level\n",
            &[],
            "in.vcd:1: 'time,level' before $enddefinitions: this is not VCD\n",
        ),
    ] {
        let folder = folder(recording);
        let done = run(&folder, names);
        assert_eq!(done.status.code(), Some(1));
        assert_eq!(String::from_utf8_lossy(&done.stderr), line);
        assert!(!folder.path().join("out.h").exists());
    }
    let nothing = TempDir::new().unwrap();
    assert_eq!(
        String::from_utf8_lossy(&run(&nothing, &[]).stderr),
        "in.vcd: cannot open: No such file or directory (os error 2)\n"
    );
}
