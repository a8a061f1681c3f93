//! Plays `transcripts/*.txt`: what the client and the lines do, and the bytes that the client gets for it.
//!
//! | line | what |
//! |---|---|
//! | `> 02 04` | the client sends these bytes |
//! | `< 31 00*3` | it has got exactly these since the last such line; `*` repeats |
//! | `begin 0 5` | the acquisition, which must be wanted, begins at 0 ns, with lines 0 and 2 high |
//! | `edge 100 2 low` | line 2 becomes low at 100 ns |
//! | `gap 100 7 5` | seven edges were lost before 100 ns, when lines 0 and 2 were high |
//! | `advance 100` | all edges before 100 ns have been given |
//! | `armed`, `idle` | edges are wanted, or not |

use std::{fs, path::Path};

use edgepipe_sump::{Analyzer, Memory, Probe};

const PROBE: Probe = Probe {
    name: "edgepipe",
    lines: 6,
    rate_max: 1_000_000,
    memory: 65_536,
};

fn play(path: &Path) {
    // Small, so that it is full soon.
    let mut memory = Memory::<4>::new();
    let mut analyzer = Analyzer::new(PROBE, &mut memory);
    let text = fs::read_to_string(path).unwrap();
    for (index, line) in text.lines().enumerate() {
        let place = format!("{}:{}", path.display(), index + 1);
        let line = line.split('#').next().unwrap();
        let words: Vec<_> = line.split_whitespace().collect();
        let number = |place: usize| words[place].parse::<u64>().unwrap();
        match words[..] {
            [] => {}
            [">", ..] => analyzer.receive(&bytes(&words[1..])),
            ["<", ..] => assert_eq!(
                hex(&drain(&mut analyzer)),
                hex(&bytes(&words[1..])),
                "{place}"
            ),
            ["begin", ..] => {
                assert!(analyzer.wants_begin(), "{place}");
                analyzer.begin(number(1), number(2) as u32);
            }
            ["edge", .., level] => analyzer.edge(number(1), number(2) as u8, level == "high"),
            ["gap", ..] => analyzer.gap(number(1), number(2) as u32, number(3) as u32),
            ["advance", _] => analyzer.advance(number(1)),
            ["armed"] => assert!(analyzer.is_armed(), "{place}"),
            ["idle"] => assert!(!analyzer.is_armed(), "{place}"),
            _ => panic!("{place}: {line}"),
        }
    }
    assert_eq!(
        hex(&drain(&mut analyzer)),
        "",
        "at the end of {}",
        path.display()
    );
}

fn bytes(words: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for word in words {
        let (byte, times) = word.split_once('*').unwrap_or((word, "1"));
        let byte = u8::from_str_radix(byte, 16).unwrap();
        bytes.extend(std::iter::repeat_n(byte, times.parse().unwrap()));
    }
    bytes
}

fn hex(bytes: &[u8]) -> String {
    let words: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    words.join(" ")
}

fn drain(analyzer: &mut Analyzer<'_>) -> Vec<u8> {
    let mut all = Vec::new();
    let mut out = [0; 3];
    loop {
        match analyzer.transmit(&mut out) {
            0 => return all,
            count => all.extend(&out[..count]),
        }
    }
}

#[test]
fn transcripts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts");
    let entries = fs::read_dir(folder).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty());
    for path in paths {
        println!("{}", path.display());
        play(&path);
    }
}
