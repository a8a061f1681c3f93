//! The tests of the tests: breaks the library on purpose, one fault of `faults.toml` at a time, and
//! checks that the test named there notices it.

mod lanes;
mod list;
mod report;
mod tree;
mod trial;

use std::process::ExitCode;
use std::sync::Mutex;

use clap::Parser;

use list::Fault;
use report::Report;
use tree::Tree;
use trial::{Bench, Limits, Verdict};

/// Breaks the library on purpose, one fault of tests/mutants/faults.toml at a time, and checks that the
/// test named there notices
///
/// The tracked files are copied to a temporary directory; yours stay unchanged. Each test must pass
/// there before any fault is made. The exit status is 1 if a fault survives, or if the list no longer
/// fits the sources or the tests
#[derive(Parser)]
#[command(name = "mutants")]
struct Options {
    /// The faults to try, by name; without any, all of them
    #[arg(value_name = "FAULT")]
    names: Vec<String>,

    /// Print the faults, and why each is one
    #[arg(long)]
    list: bool,
}

fn main() -> ExitCode {
    let options = Options::parse();
    match run(&options) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("mutants: {error}");
            ExitCode::FAILURE
        }
    }
}

const PANICKED: &str = "a lane has panicked";

/// Returns whether every fault was caught.
fn run(options: &Options) -> Result<bool, String> {
    let faults = list::select(list::load()?, &options.names)?;
    if options.list {
        for Fault { name, why, .. } in &faults {
            println!("{name}\n    {why}");
        }
        return Ok(true);
    }
    let trees = lanes::each(|_| Tree::copy())?;
    if let Some(tree) = trees.first() {
        list::check(&faults, |file| tree.read(file))?;
    }
    let benches = trees.iter().enumerate();
    let benches: Vec<_> = benches.map(|(lane, tree)| Bench::new(tree, lane)).collect();
    let tests = list::tests(&faults);
    eprintln!(
        "first the tests of {} targets, with nothing broken",
        tests.len()
    );
    let limits = Mutex::new(Limits::new());
    lanes::share(&benches, &tests, |bench, (target, tests)| {
        let found = bench.check_unbroken(target, tests)?;
        limits.lock().map_err(|_| PANICKED)?.extend(found);
        Ok(())
    })?;
    let limits = limits.into_inner().map_err(|_| PANICKED)?;

    let report = Mutex::new(Report::begin(&faults));
    lanes::share(&benches, &faults, |bench, fault| {
        let (verdict, time) = bench.try_one(fault, &limits)?;
        let mut report = report.lock().map_err(|_| PANICKED)?;
        report.add(fault, &verdict, time);
        Ok(())
    })?;
    let report = report.into_inner().map_err(|_| PANICKED)?;
    Ok(report.end())
}
