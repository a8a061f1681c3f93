//! A trace of a recording.

use edgepipe_recording::{Error, Level, Loss, Recording};

use crate::Trace;

/// A wire of this name is no signal: it is high where edges were lost. `edgepipe record` writes it.
const LOSS: &str = "LOSS";

impl Trace {
    /// Reads a recording to its end.
    ///
    /// A wire named `LOSS` is high where edges were lost; it is shown as holes, and is no line. How many edges, the
    /// [comments](Recording::losses) say. Levels that the recording gives as unknown are unknown here; where
    /// one is known again, that is no edge.
    ///
    /// # Errors
    ///
    /// Those of [`Recording::next_level`].
    pub fn of(recording: &mut Recording) -> Result<Self, Error> {
        let loss = recording.names().iter().position(|name| name == LOSS);
        let mut names = recording.names().to_vec();
        let mut levels = recording.initial_levels();
        let mut holes = Holes {
            from: None,
            losses: recording.losses().to_vec(),
            told: 0,
        };
        if let Some(loss) = loss {
            names.remove(loss);
            holes.from = (levels >> loss & 1 == 1).then_some(0);
            levels = without(levels, loss);
        }
        let mut trace = Self::new(&names, levels, recording.unit());
        while let Some(seen) = recording.next_level()? {
            match loss {
                Some(loss) if usize::from(seen.wire) == loss => {
                    holes.change(&mut trace, seen);
                }
                Some(loss) if usize::from(seen.wire) > loss => trace.seen(seen, seen.wire - 1),
                _ => trace.seen(seen, seen.wire),
            }
        }
        trace.end_at(recording.duration());
        holes.end(&mut trace, recording.duration());
        Ok(trace)
    }

    fn seen(&mut self, seen: Level, line: u8) {
        match seen.level {
            Some(level) if seen.was_unknown => self.found(seen.time, line, level),
            Some(level) => self.edge(seen.time, line, level),
            None => self.unknown(seen.time, line),
        }
    }
}

/// What the wire `LOSS` and the comments say.
struct Holes {
    /// The beginning of a hole that has no end yet.
    from: Option<u64>,
    losses: Vec<Loss>,
    /// So many of them are in a hole.
    told: usize,
}

impl Holes {
    fn change(&mut self, trace: &mut Trace, seen: Level) {
        match seen.level {
            Some(true) => {
                self.from = Some(seen.time);
                trace.interrupt();
            }
            Some(false) => self.end(trace, seen.time),
            None => {}
        }
    }

    /// The hole ends, if there is one.
    fn end(&mut self, trace: &mut Trace, time: u64) {
        let Some(from) = self.from.take() else {
            return;
        };
        let before = self.told;
        self.told += self.losses[before..].partition_point(|loss| loss.at <= time);
        let here = self.losses[before..self.told].iter().map(|loss| loss.lost);
        trace
            .holes
            .push(from, time, here.reduce(u64::saturating_add));
    }
}

/// The levels without the bit of one line.
fn without(levels: u32, line: usize) -> u32 {
    let below = (1_u32 << line) - 1;
    levels & below | levels >> 1 & !below
}

#[cfg(test)]
mod tests {
    use std::fs;

    use edgepipe_recording::Wires;

    use super::*;
    use crate::changes::Change;

    fn trace(body: &str) -> Trace {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("in.vcd");
        let head = "$timescale 1 us $end\n$var wire 1 ! A $end\n$var wire 1 \" LOSS $end\n\
                    $var wire 1 # B $end\n$enddefinitions $end\n";
        fs::write(&path, format!("{head}{body}")).unwrap();
        let mut recording = Recording::open(&path, &Wires::default()).unwrap();
        Trace::of(&mut recording).unwrap()
    }

    fn changes(trace: &Trace, line: usize) -> Vec<(u64, Change)> {
        trace.lines[line].changes.iter().collect()
    }

    #[test]
    fn a_wire_named_loss_is_where_edges_were_lost() {
        let trace = trace("#0\n0!\n0\"\n1#\n#5\n1!\n#6\n1\"\nx!\nx#\n#8\n0!\n1#\n0\"\n0#\n#20\n");
        let names: Vec<_> = trace.lines.iter().map(|line| line.name.as_str()).collect();
        assert_eq!((names, trace.edges, trace.end), (vec!["A", "B"], 2, 20));
        assert!(trace.holes.iter().eq([(6, 8, None)]));
        let a = [(5, Change::Rise), (6, Change::Lose), (8, Change::FindLow)];
        assert_eq!(changes(&trace, 0), a);
        let b = [(6, Change::Lose), (8, Change::FindHigh), (8, Change::Fall)];
        assert_eq!(changes(&trace, 1), b);
        assert!(trace.lines[1].initial);
    }

    #[test]
    fn a_pulse_with_a_loss_in_it_is_not_measured() {
        let trace = trace("#0\n0!\n0\"\n0#\n#5\n1!\n#6\n1\"\n#8\n0\"\n#9\n0!\n#12\n1!\n");
        let [low, high] = trace.lines[0].pulses.each_ref().map(|p| p.range());
        assert_eq!((low, high), (Some((3, 3)), None));
    }

    #[test]
    fn comments_say_how_many_edges_were_lost() {
        let trace = trace(
            "#0\n0!\n0\"\n0#\n$comment other $end\n#5\n$comment lost 12 edges by the link $end\n#6\n1\"\n#8\n0\"\n\
             #9\n$comment restart of the device $end\n1\"\n#11\n0\"\n#12\n$comment lost 3 $end\n1\"\n#13\n",
        );
        let expected = [(6, 8, Some(12)), (9, 11, None), (12, 13, Some(3))];
        assert!(trace.holes.iter().eq(expected));
        assert_eq!(trace.lost(), 15);
    }

    #[test]
    fn comments_at_the_end_say_it_with_times() {
        let trace = trace(
            "#0\n0!\n0\"\n0#\n#6\n1\"\n#8\n0\"\n#9\n1\"\n#11\n0\"\n#12\n1\"\n#13\n0\"\n#20\n\
             $comment lost 12 edges by the board, from 0.000005 s to 0.000008 s $end\n\
             $comment restart of the device, from 0.000008 s to 0.000011 s $end\n\
             $comment lost 3 edges on the line, from 0.000011 s to 0.000013 s $end\n",
        );
        let expected = [(6, 8, Some(12)), (9, 11, None), (12, 13, Some(3))];
        assert!(trace.holes.iter().eq(expected));
    }

    #[test]
    fn a_loss_can_last_to_the_end() {
        let trace = trace("#0\n0!\n1\"\n0#\n#5\n0\"\n#7\n1\"\n#9\n");
        assert!(trace.holes.iter().eq([(0, 5, None), (7, 9, None)]));
    }

    #[test]
    fn the_bit_of_a_line_is_taken_out() {
        assert_eq!(without(0b1011, 0), 0b101);
        assert_eq!(without(0b1011, 1), 0b101);
        assert_eq!(without(0b1011, 2), 0b111);
        assert_eq!(without(u32::MAX, 31), u32::MAX >> 1);
    }
}
