//! The table of results, one line for each fault as it is tried.

use std::time::{Duration, Instant};

use crate::Verdict;
use crate::list::Fault;

/// The most characters of a test's message.
const WORDS_MAX: usize = 60;

pub(crate) struct Report {
    begun: Instant,
    /// Widths of the columns.
    name: usize,
    test: usize,
    caught: u32,
    missed: u32,
}

impl Report {
    /// Prints the head of the table.
    pub(crate) fn begin(faults: &[Fault]) -> Report {
        let widest = |width: &dyn Fn(&Fault) -> usize| faults.iter().map(width).max().unwrap_or(0);
        let report = Report {
            begun: Instant::now(),
            name: widest(&|fault| fault.name.len()).max("fault".len()),
            test: widest(&|fault| caught_by(fault).len()),
            caught: 0,
            missed: 0,
        };
        report.line("fault", "caught by", "s", "how");
        report
    }

    /// Prints the result of a fault, and the time that it took.
    pub(crate) fn add(&mut self, fault: &Fault, verdict: &Verdict, time: Duration) {
        let (caught, how) = match verdict {
            Verdict::Failed(said) => (true, format!("failed: {}", short(said))),
            Verdict::Aborted(said) => (true, format!("aborted: {}", short(said))),
            Verdict::Hung => (true, "hung".to_owned()),
            Verdict::Survived => (false, "SURVIVED".to_owned()),
            Verdict::Invalid(error) => (false, format!("INVALID: {error}")),
        };
        *(if caught {
            &mut self.caught
        } else {
            &mut self.missed
        }) += 1;
        let seconds = format!("{:.1}", time.as_secs_f32());
        self.line(&fault.name, &caught_by(fault), &seconds, &how);
    }

    fn line(&self, name: &str, test: &str, seconds: &str, how: &str) {
        let Report {
            name: name_width,
            test: test_width,
            ..
        } = self;
        println!("{name:name_width$}  {test:test_width$}  {seconds:>5}  {how}");
    }

    /// Prints the totals; returns whether every fault was caught.
    pub(crate) fn end(self) -> bool {
        let Report {
            begun,
            caught,
            missed,
            ..
        } = self;
        let seconds = begun.elapsed().as_secs();
        println!("{caught} faults caught, {missed} not, in {seconds} s");
        missed == 0
    }
}

fn short(said: &str) -> String {
    said.chars().take(WORDS_MAX).collect()
}

fn caught_by(fault: &Fault) -> String {
    format!("{} {}", fault.target, fault.test)
}
