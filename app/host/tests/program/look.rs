//! What is made to be looked at. The page itself is tested in a browser, by `.ci/page`.

use std::fs;

use super::common::edgepipe;

const RECORDING: &str = "$timescale 1 us $end\n$var wire 1 ! A $end\n$var wire 1 \" B $end\n\
    $enddefinitions $end\n#0\n0!\n1\"\n#5\n1!\n#7\n0\"\n#9\n0!\n#20\n";

#[test]
fn a_recording_is_shown_beside_it() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let input = scratch.path().join("in.vcd");
    fs::write(&input, RECORDING).expect("a scratch file");
    let run = edgepipe(&["view".as_ref(), input.as_os_str()]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    assert_eq!(run.stdout, format!("{}.html\n", input.display()));
    let page = fs::read_to_string(run.stdout.trim_end()).expect("the page");
    assert!(page.contains(r#""title":"in.vcd""#), "{page}");
    assert!(page.contains(r#""end":20,"edges":3,"lost":0,"holes":0"#));

    let other = scratch.path().join("other.html");
    let run = edgepipe(&[
        "view".as_ref(),
        "--wires=C=B".as_ref(),
        "--report".as_ref(),
        other.as_os_str(),
        input.as_os_str(),
    ]);
    assert_eq!(run.stdout, format!("{}\n", other.display()));
    let page = fs::read_to_string(other).expect("the page");
    assert!(page.contains(r#""lines":[{"name":"C","level":1,"edges":1,"#));
}

#[test]
fn what_cannot_be_shown_is_said_in_one_line() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let input = scratch.path().join("in.vcd");
    fs::write(&input, "this is no VCD\n").expect("a scratch file");
    let run = edgepipe(&["view".as_ref(), input.as_os_str()]);
    assert_eq!((run.status, run.stderr.lines().count()), (1, 1));
    assert!(run.stderr.contains("in.vcd:1: "), "{}", run.stderr);
    let left = fs::read_dir(scratch.path()).expect("the folder").count();
    assert_eq!(left, 1, "no page is left");
    let run = edgepipe(&["view".as_ref()]);
    assert_eq!((run.status, run.stderr.lines().count()), (2, 1));
    let run = edgepipe(&["view".as_ref(), "--help".as_ref()]);
    assert_eq!(run.status, 0);
    assert!(run.stdout.contains("edgepipe view"), "{}", run.stdout);
}

#[test]
fn a_page_does_not_replace_its_recording() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let input = scratch.path().join("in.vcd");
    let vcd = "$timescale 1 us $end $var wire 1 ! A $end $enddefinitions $end #0 0! #5 1!\n";
    fs::write(&input, vcd).expect("a scratch file");
    let same = scratch.path().join(".").join("in.vcd");
    for arguments in [
        ["view", "INPUT", "--report", "SAME"],
        ["--stimulus", "INPUT", "--report", "SAME"],
    ] {
        let run = edgepipe(&arguments.map(|word| match word {
            "INPUT" => input.as_os_str(),
            "SAME" => same.as_os_str(),
            word => word.as_ref(),
        }));
        assert_eq!(
            (run.status, run.stderr.lines().count()),
            (2, 1),
            "{arguments:?}"
        );
        assert_eq!(fs::read_to_string(&input).expect("the file"), vcd);
    }
}

#[test]
fn the_run_ends_with_a_waveform_of_each_line() {
    let run = edgepipe(&["--plot".as_ref()]);
    let (_, plot) = run.stdout.split_once("BUTTON\n").expect("the summary");
    // What docs/look.md shows.
    let document = include_str!("../../../../docs/look.md");
    assert!(
        document.contains(&format!("```text\n{plot}```\n")),
        "{plot}"
    );
}

#[test]
fn a_page_of_a_capture_has_its_wakes_and_its_ledger() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let page = scratch.path().join("out.html");
    let run = edgepipe(&["--json".as_ref(), "--report".as_ref(), page.as_os_str()]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""));
    let page = fs::read_to_string(page).expect("the page");
    assert!(page.contains(r#""reasons":["full","closed"],"reads":3"#));
    assert!(page.contains(r#"{"name":"high water","count":16,"#));
}
