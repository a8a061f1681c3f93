//! A waveform of each line, as text.

use std::fmt::Write;

use edgepipe_recording::one_line;
use unicode_width::UnicodeWidthChar;

use crate::Trace;
use crate::changes::Change;
use crate::time;
use crate::trace::Line;

/// The most columns of a name.
const NAME_MAX: usize = 16;
/// The fewest columns of a waveform.
const WAVE_MIN: usize = 16;
/// About as many columns lie between two times on the axis.
const STEP_COLUMNS: f64 = 16.0;

const HIGH: char = '▔';
const LOW: char = '▁';
const RISE: char = '╱';
const FALL: char = '╲';
/// Several changes in one column.
const DENSE: char = '█';
/// Edges were lost.
const LOST: char = '░';
/// With one trigger, the level between two edges is not known.
const NONE: char = '·';

/// The waveforms, with an axis of time, in lines of at most `columns` columns. It ends with a newline.
///
/// Names are cut to 16 columns, and a waveform has 16 columns at least.
pub fn plot(trace: &Trace, columns: usize) -> String {
    let names: Vec<String> = trace.lines.iter().map(|line| label(&line.name)).collect();
    let widest = names.iter().map(|name| width(name)).max().unwrap_or(0);
    let wave = columns.saturating_sub(widest + 1).max(WAVE_MIN);
    let scale = Scale {
        columns: wave,
        end: trace.end,
    };
    let mut text = String::new();
    let mut add = |name: &str, wave: &str| {
        let blanks = " ".repeat(widest.saturating_sub(width(name)) + 1);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name}{blanks}{}", wave.trim_end());
    };
    for (line, name) in trace.lines.iter().zip(&names) {
        add(name, &waveform(trace, line, scale));
    }
    let (ticks, times) = axis(trace, scale);
    add("", &ticks);
    add("", &times);
    if let Some(lost) = losses(trace) {
        let _ = writeln!(text, "{lost}");
    }
    if let Some(cut) = trace.cut {
        let shown = time::text(cut as f64 * time::seconds(trace.unit), 0.0);
        let _ = writeln!(
            text,
            "Edges after {shown} are not shown: there are too many."
        );
    }
    text
}

/// From a time to a column.
#[derive(Clone, Copy)]
struct Scale {
    columns: usize,
    /// The last time.
    end: u64,
}

impl Scale {
    fn column(self, time: u64) -> usize {
        let column = u128::from(time) * self.columns as u128 / (u128::from(self.end) + 1);
        (column as usize).min(self.columns - 1)
    }
}

fn waveform(trace: &Trace, line: &Line, scale: Scale) -> String {
    let mut wave = vec![NONE; scale.columns];
    let flat = |level: Option<bool>| match level {
        _ if trace.one_trigger.is_some() => NONE,
        Some(true) => HIGH,
        Some(false) => LOW,
        None => LOST,
    };
    // Up to this column, all is drawn.
    let mut drawn = 0;
    let mut level = Some(line.initial);
    for (time, change) in line.changes.iter() {
        let column = scale.column(time);
        if drawn <= column {
            wave[drawn..column].fill(flat(level));
            wave[column] = match change {
                Change::Rise => RISE,
                Change::Fall => FALL,
                Change::Lose | Change::FindLow | Change::FindHigh => LOST,
            };
            drawn = column + 1;
        } else if wave[column] != LOST {
            wave[column] = if change.is_edge() { DENSE } else { LOST };
        }
        level = change.level();
    }
    if drawn < scale.columns {
        let cut = trace.cut.map_or(scale.columns, |cut| scale.column(cut));
        wave[drawn..cut.max(drawn)].fill(flat(level));
        wave[cut.max(drawn)..].fill(' ');
    }
    wave.into_iter().collect()
}

/// Two lines: a mark at each step, and its time.
fn axis(trace: &Trace, scale: Scale) -> (String, String) {
    let unit = time::seconds(trace.unit);
    let end = trace.end as f64 * unit;
    let step = nice(end * STEP_COLUMNS / scale.columns as f64);
    let mut ticks = vec!['─'; scale.columns];
    let mut times = String::new();
    let mut number = 0_u32;
    loop {
        let at = f64::from(number) * step;
        let column = scale.column((at / unit).round() as u64);
        let shown = time::text(at, step);
        if at > end || column + shown.len() > scale.columns {
            break;
        }
        ticks[column] = '┬';
        times += &" ".repeat(column.saturating_sub(times.len()));
        times += &shown;
        number += 1;
        if step == 0.0 {
            break;
        }
    }
    (ticks.into_iter().collect(), times)
}

/// 1, 2 or 5 times a power of ten, and not below `size`.
fn nice(size: f64) -> f64 {
    if size <= 0.0 {
        return 0.0;
    }
    let power = 10_f64.powf(size.log10().floor());
    let steps = [1.0, 2.0, 5.0].map(|step| step * power);
    steps
        .into_iter()
        .find(|step| *step >= size)
        .unwrap_or(10.0 * power)
}

/// How many edges were lost, and where.
fn losses(trace: &Trace) -> Option<String> {
    let holes = trace.holes.count();
    let unit = time::seconds(trace.unit);
    let (first, _, _) = trace.holes.iter().next()?;
    let first = time::text(first as f64 * unit, unit);
    let places = match holes {
        1 => format!("1 place, after {first}"),
        _ => format!("{holes} places, the first after {first}"),
    };
    let lost = match (trace.lost(), trace.holes.unknown()) {
        (0, _) => "Edges were lost".to_owned(),
        (1, 0) => "1 edge was lost".to_owned(),
        (lost, 0) => format!("{lost} edges were lost"),
        (lost, _) => format!("At least {lost} edges were lost"),
    };
    Some(format!("{lost} in {places}: {LOST}"))
}

/// A name in at most [`NAME_MAX`] columns.
fn label(name: &str) -> String {
    let name = one_line(name);
    if width(&name) <= NAME_MAX {
        return name;
    }
    let mut label = String::new();
    for c in name.chars() {
        if width(&label) + c.width().unwrap_or(0) >= NAME_MAX {
            break;
        }
        label.push(c);
    }
    label.push('…');
    label
}

fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

#[cfg(test)]
mod tests {
    use edgepipe_recording::TimeUnit;

    use super::*;

    fn trace(names: &[&str]) -> Trace {
        let names: Vec<String> = names.iter().map(ToString::to_string).collect();
        Trace::new(&names, 0b1, TimeUnit::MICROSECOND)
    }

    #[test]
    fn a_waveform_has_a_character_for_each_span_of_time() {
        let mut trace = trace(&["TX", "BUTTON"]);
        for (time, line, level) in [
            (4, 0, false),
            (8, 0, true),
            (10, 1, true),
            (20, 0, false),
            (21, 0, true),
            (39, 1, false),
        ] {
            trace.edge(time, line, level);
        }
        assert_eq!(
            plot(&trace, 47),
            "TX     ▔▔▔▔╲▁▁▁╱▔▔▔▔▔▔▔▔▔▔▔╲╱▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔\n\
             BUTTON ▁▁▁▁▁▁▁▁▁▁╱▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔╲\n\
             \x20      ┬───────────────────┬───────────────────\n\
             \x20      0 s                 20 us\n"
        );
    }

    #[test]
    fn several_edges_in_one_column_are_a_block() {
        let mut trace = trace(&["A"]);
        for time in 100..200 {
            trace.edge(time, 0, time % 2 == 1);
        }
        trace.end_at(399);
        assert_eq!(
            plot(&trace, 22),
            "A ▔▔▔▔▔█████▔▔▔▔▔▔▔▔▔▔\n  ┬───────────────────\n  0 s\n"
        );
    }

    #[test]
    fn a_loss_is_told_with_its_number_and_its_place() {
        let mut trace = trace(&["A"]);
        trace.edge(10, 0, false);
        trace.loss(14, Some(7), 0b1);
        trace.edge(14, 0, false);
        trace.end_at(19);
        assert_eq!(
            plot(&trace, 22),
            "A ▔▔▔▔▔▔▔▔▔▔░░░░░▁▁▁▁▁\n  ┬───────────────────\n  0 s\n\
             7 edges were lost in 1 place, after 10 us: ░\n"
        );
        trace.loss_at_end(2, None);
        assert!(
            plot(&trace, 22)
                .ends_with("\n9 edges were lost in 2 places, the first after 10 us: ░\n")
        );
        trace.loss(30, None, 0);
        assert!(plot(&trace, 22).contains("\nAt least 9 edges were lost in 3 places"));
    }

    #[test]
    fn with_one_trigger_there_are_edges_and_no_levels() {
        let mut trace = trace(&["A"]).with_one_trigger(Some(true));
        trace.edge(5, 0, true);
        trace.edge(10, 0, true);
        trace.end_at(15);
        assert!(plot(&trace, 18).starts_with("A ·····╱····╱·····\n"));
    }

    #[test]
    fn names_are_cut_by_their_columns_and_control_characters_are_escaped() {
        let trace = trace(&["線線線線線線線線線", "a\nb"]);
        let text = plot(&trace, 40);
        let mut lines = text.lines();
        assert!(lines.next().unwrap().starts_with("線線線線線線線… ▔"));
        assert!(lines.next().unwrap().starts_with("a\\nb            ▁"));
    }

    #[test]
    fn nothing_and_very_much_can_be_plotted() {
        assert_eq!(plot(&trace(&[]), 0), " ┬───────────────\n 0 s\n");
        let mut trace = trace(&["A"]);
        trace.edge(u64::MAX, 0, false);
        assert!(plot(&trace, 20).starts_with("A ▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔▔╲\n"));
    }
}
