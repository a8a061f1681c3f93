//! The page: one HTML file with its style, its script and the data.

use std::io::{self, Write};

use base64::{engine::general_purpose::STANDARD, write::EncoderWriter};

use flate2::{Compression, write::ZlibEncoder};
use serde::Serialize;

use crate::pulses::{Bin, Pulses};
use crate::run::{Entry, Room};
use crate::{Run, Trace};

const TEMPLATE: &str = include_str!("page/page.html");
const STYLE: &str = include_str!("page/page.css");
/// In the order of use. They share one scope.
const SCRIPT: [&str; 14] = [
    include_str!("page/data.js"),
    include_str!("page/time.js"),
    include_str!("page/search.js"),
    include_str!("page/span.js"),
    include_str!("page/paint.js"),
    include_str!("page/axis.js"),
    include_str!("page/waveform.js"),
    include_str!("page/holes.js"),
    include_str!("page/fill.js"),
    include_str!("page/cursors.js"),
    include_str!("page/controls.js"),
    include_str!("page/histogram.js"),
    include_str!("page/tables.js"),
    include_str!("page/main.js"),
];

/// The head of the data, for the script.
#[derive(Serialize)]
struct Head<'a> {
    title: &'a str,
    /// Numerator and denominator of the unit, in seconds.
    unit: (u64, u64),
    end: u64,
    edges: u64,
    lost: u64,
    holes: u64,
    /// Those of which the number of lost edges is unknown.
    unknown_holes: u64,
    cut: Option<u64>,
    trigger: Option<&'static str>,
    lines: Vec<LineHead<'a>>,
    run: Option<RunHead<'a>>,
}

#[derive(Serialize)]
struct LineHead<'a> {
    name: &'a str,
    level: u8,
    edges: u64,
    changes: u64,
    low: PulsesHead,
    high: PulsesHead,
}

#[derive(Serialize)]
struct PulsesHead {
    /// The shortest and the longest width.
    range: Option<(u64, u64)>,
    bins: Vec<Bin>,
}

#[derive(Serialize)]
struct RunHead<'a> {
    room: Room,
    ledger: &'a [Entry],
    reasons: &'a [&'static str],
    reads: u64,
}

impl From<&Pulses> for PulsesHead {
    fn from(pulses: &Pulses) -> Self {
        Self {
            range: pulses.range(),
            bins: pulses.bins(),
        }
    }
}

/// Writes a page that shows `trace`, and `run` if it is of a capture. The page needs no other file and no network.
///
/// Any text may be in `title` and in names.
///
/// # Errors
///
/// Those of `out`.
pub fn write_page(
    out: &mut dyn Write,
    title: &str,
    trace: &Trace,
    run: Option<&Run>,
) -> io::Result<()> {
    let mut rest = TEMPLATE;
    while let Some((before, after)) = rest.split_once("{{") {
        let (mark, after) = after.split_once("}}").unwrap_or((after, ""));
        out.write_all(before.as_bytes())?;
        match mark {
            "style" => out.write_all(STYLE.as_bytes())?,
            "head" => out.write_all(head(title, trace, run)?.as_bytes())?,
            "changes" => write_changes(out, trace, run)?,
            "script" => SCRIPT
                .iter()
                .try_for_each(|script| out.write_all(script.as_bytes()))?,
            _ => {}
        }
        rest = after;
    }
    out.write_all(rest.as_bytes())
}

/// As JSON that ends no script element: it has no `<`.
fn head(title: &str, trace: &Trace, run: Option<&Run>) -> io::Result<String> {
    let lines = trace.lines.iter().map(|line| {
        let [low, high] = &line.pulses;
        LineHead {
            name: &line.name,
            level: line.initial.into(),
            edges: line.edges,
            changes: line.changes.count(),
            low: low.into(),
            high: high.into(),
        }
    });
    let head = Head {
        title,
        unit: trace.unit.fraction(),
        end: trace.end,
        edges: trace.edges,
        lost: trace.holes.lost(),
        holes: trace.holes.count(),
        unknown_holes: trace.holes.unknown(),
        cut: trace.cut,
        trigger: trace
            .one_trigger
            .map(|high| if high { "rising" } else { "falling" }),
        lines: lines.collect(),
        run: run.map(|run| RunHead {
            room: run.room,
            ledger: &run.ledger,
            reasons: &run.reasons,
            reads: run.reads,
        }),
    };
    Ok(serde_json::to_string(&head)?.replace('<', "\\u003c"))
}

/// The changes of each line, the holes and the reads, one after the other: varints, packed, as base64.
fn write_changes(out: &mut dyn Write, trace: &Trace, run: Option<&Run>) -> io::Result<()> {
    let base64 = EncoderWriter::new(out, &STANDARD);
    let mut packed = ZlibEncoder::new(base64, Compression::default());
    for line in &trace.lines {
        packed.write_all(line.changes.bytes())?;
    }
    packed.write_all(trace.holes.bytes())?;
    if let Some(run) = run {
        packed.write_all(&run.bytes)?;
    }
    packed.finish()?.finish()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use base64::Engine;
    use edgepipe_recording::TimeUnit;
    use flate2::read::ZlibDecoder;
    use serde_json::{Value, json};

    use super::*;

    fn page(title: &str, trace: &Trace, run: Option<&Run>) -> String {
        let mut page = Vec::new();
        write_page(&mut page, title, trace, run).unwrap();
        String::from_utf8(page).unwrap()
    }

    /// What is in the element with this name.
    fn element<'a>(page: &'a str, id: &str) -> &'a str {
        let (_, after) = page.split_once(&format!("id=\"{id}\">")).unwrap();
        after.split_once("</script>").unwrap().0
    }

    /// The head and the numbers of a page, read as its script does.
    fn data(page: &str) -> (Value, Vec<u64>) {
        let head = serde_json::from_str(element(page, "head")).unwrap();
        let packed = STANDARD.decode(element(page, "changes")).unwrap();
        let mut bytes = Vec::new();
        ZlibDecoder::new(&packed[..])
            .read_to_end(&mut bytes)
            .unwrap();
        let mut numbers = vec![0];
        let mut shift = 0;
        for byte in bytes {
            *numbers.last_mut().unwrap() |= u64::from(byte & 127) << shift;
            shift += 7;
            if byte < 128 {
                numbers.push(0);
                shift = 0;
            }
        }
        numbers.pop();
        (head, numbers)
    }

    #[test]
    fn a_page_has_all_changes_holes_and_reads() {
        let names = ["A".to_owned(), "B".to_owned()];
        let mut trace = Trace::new(&names, 0b10, TimeUnit::MICROSECOND);
        trace.edge(100, 0, true);
        trace.edge(300, 1, false);
        trace.loss(700, Some(5), 0b01);
        trace.edge(700, 1, true);
        trace.end_at(1_000);
        let mut run = Run::new(Room {
            ready: 2,
            capacity: 2,
            headroom: 1,
        });
        run.read(300, 2, "full");
        run.read(900, 1, "closed");
        run.read(1_000, 0, "full");
        let (head, numbers) = data(&page("t", &trace, Some(&run)));
        let expected = [
            &[100, 1, 200, 2, 400, 4][..],
            &[300, 0, 0, 2, 400, 3, 0, 1],
            &[300, 400, 6],
            &[300, 2, 0, 600, 1, 1, 100, 0, 0],
        ];
        assert_eq!(numbers, expected.concat());
        assert_eq!(head["unit"], json!([1, 1_000_000]));
        assert_eq!((&head["lost"], &head["holes"]), (&json!(5), &json!(1)));
        assert_eq!((&head["edges"], &head["end"]), (&json!(3), &json!(1_000)));
        assert_eq!(head["lines"][1]["level"], 1);
        assert_eq!(head["lines"][1]["edges"], 2);
        assert_eq!(head["lines"][1]["changes"], 4);
        assert_eq!(head["run"]["reasons"], json!(["full", "closed"]));
        assert_eq!(head["run"]["reads"], 3);
    }

    #[test]
    fn names_cannot_leave_their_place() {
        let name = "</script><script>alert(1)</script>µ線".to_owned();
        let trace = Trace::new(std::slice::from_ref(&name), 0, TimeUnit::MICROSECOND);
        let page = page("<!--<script>", &trace, None);
        assert_eq!(data(&page).0["lines"][0]["name"], name);
        assert_eq!(data(&page).0["title"], "<!--<script>");
        assert!(!page.contains("alert(1)</script>"));
        assert!(!page.contains("<!--<script>"));
    }

    #[test]
    fn a_page_fetches_nothing() {
        let trace = Trace::new(&[], 0, TimeUnit::MICROSECOND);
        let page = page("t", &trace, None);
        assert!(page.contains("default-src 'none'"));
        // The name space of SVG is a name, and no address.
        for outside in ["http:", "https:", "src=", "@import", "url("] {
            let page = page.replace("http://www.w3.org/2000/svg", "");
            assert!(!page.contains(outside), "{outside}");
        }
        assert!(!page.contains("{{"), "every mark is filled in");
    }

    #[test]
    fn an_edge_takes_less_than_four_characters() {
        let mut trace = Trace::new(&["A".to_owned()], 0, TimeUnit::MICROSECOND);
        let empty = page("t", &trace, None).len();
        let mut time = 0;
        for edge in 0..100_000_u64 {
            // From 1 to 5000, without a pattern that packs well.
            time += edge.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29) % 5_000 + 1;
            trace.edge(time, 0, edge % 2 == 0);
        }
        let bytes = page("t", &trace, None).len() - empty;
        assert!(bytes < 400_000, "{bytes} bytes for 100,000 edges");
    }
}
