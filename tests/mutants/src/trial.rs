//! Runs one test, to find out whether it notices the fault.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde::Deserialize;

use crate::list::Fault;
use crate::tree::{Tree, root};

/// The result of a fault.
pub(crate) enum Verdict {
    /// The test failed, with this first message.
    Failed(String),
    /// The test ended its process, like a panic in an interrupt handler, with this first message.
    Aborted(String),
    /// The test did not end in time.
    Hung,
    /// The test passed.
    Survived,
    /// The list is wrong: the library does not compile with the fault, or there is no such test.
    Invalid(String),
}

/// Builds and runs the tests of a tree.
pub(crate) struct Bench<'a> {
    tree: &'a Tree,
    /// Cargo's target directory. It outlives the tree, so everything except the library is built
    /// once.
    target: PathBuf,
}

/// How long a test may take with a fault, by its target and name.
pub(crate) type Limits = BTreeMap<(String, String), Duration>;

/// How long a test may take with nothing broken. A slow machine is no reason to fail.
const PATIENCE: Duration = Duration::from_secs(300);

/// A test hangs when it takes ten times as long as it did with nothing broken, and ten seconds more.
fn limit(unbroken: Duration) -> Duration {
    10 * unbroken + Duration::from_secs(10)
}

impl<'a> Bench<'a> {
    pub(crate) fn new(tree: &'a Tree, lane: usize) -> Bench<'a> {
        Bench {
            tree,
            target: root().join(format!("target/mutants/{lane}")),
        }
    }

    /// Checks that the tests of a target pass without a fault; returns how long each may take with one.
    pub(crate) fn check_unbroken(
        &self,
        target: &str,
        tests: &BTreeSet<String>,
    ) -> Result<Limits, String> {
        let executable = self.build(target)?;
        let mut limits = Limits::new();
        for test in tests {
            let begun = Instant::now();
            let failure = match self.run(&executable, test, PATIENCE)? {
                Verdict::Survived => {
                    let name = (target.to_owned(), test.clone());
                    limits.insert(name, limit(begun.elapsed()));
                    continue;
                }
                Verdict::Failed(said) | Verdict::Aborted(said) => said,
                Verdict::Hung => "does not end".to_owned(),
                Verdict::Invalid(error) => error,
            };
            return Err(format!("with nothing broken, {target} {test}: {failure}"));
        }
        Ok(limits)
    }

    /// Makes a fault, and undoes it; returns the result, and the time that it took.
    pub(crate) fn try_one(
        &self,
        fault: &Fault,
        limits: &Limits,
    ) -> Result<(Verdict, Duration), String> {
        let name = (fault.target.clone(), fault.test.clone());
        let limit = *limits
            .get(&name)
            .ok_or("a test was not run with nothing broken")?;
        let broken = self.tree.apply(fault)?;
        let begun = Instant::now();
        let verdict = self
            .build(&fault.target)
            .and_then(|executable| self.run(&executable, &fault.test, limit))
            .unwrap_or_else(Verdict::Invalid);
        broken.restore()?;
        Ok((verdict, begun.elapsed()))
    }

    /// Builds a test target; returns its executable.
    fn build(&self, target: &str) -> Result<PathBuf, String> {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command
            .args(["test", "--locked", "--no-run"])
            .arg("--message-format=json-render-diagnostics");
        let target = match target.strip_prefix("checks/") {
            // They have the other half of file descriptors.
            Some(target) => {
                command.args(["--package", "edgepipe-checks", "--features", "fd"]);
                target
            }
            None => {
                command.args(["--package", "edgepipe"]);
                target
            }
        };
        match target {
            "lib" => command.arg("--lib"),
            _ => command.args(["--test", target]),
        };
        let output = command
            .arg("--target-dir")
            .arg(&self.target)
            .current_dir(self.tree.root())
            .output()
            .map_err(|error| format!("cargo does not run: {error}"))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let error = said.lines().find(|line| line.starts_with("error"));
            let error = error.unwrap_or("cargo fails");
            return Err(format!("{target} does not build: {error}"));
        }
        String::from_utf8_lossy(&output.stdout)
            .lines()
            .find_map(executable)
            .ok_or_else(|| format!("cargo builds no executable of {target}"))
    }

    /// Runs one test of an executable, for as long as it may take.
    fn run(&self, executable: &PathBuf, test: &str, limit: Duration) -> Result<Verdict, String> {
        let failed = |error: std::io::Error| format!("{}: {error}", executable.display());
        let mut output = tempfile::tempfile().map_err(failed)?;
        let mut child = Command::new(executable)
            .args(["--exact", test])
            .env("RUST_BACKTRACE", "0")
            // What the explored tests can be told would change what is named here.
            .env_remove("EDGEPIPE_EXPLORE")
            .env_remove("EDGEPIPE_REPLAY")
            .env_remove("EDGEPIPE_SEEDS")
            .current_dir(self.tree.root())
            .stdin(Stdio::null())
            .stdout(output.try_clone().map_err(failed)?)
            .stderr(output.try_clone().map_err(failed)?)
            .spawn()
            .map_err(failed)?;
        let end = Instant::now() + limit;
        let status = loop {
            if let Some(status) = child.try_wait().map_err(failed)? {
                break status;
            }
            if Instant::now() > end {
                // It may have ended just now, which is as well.
                let _ = child.kill();
                child.wait().map_err(failed)?;
                return Ok(Verdict::Hung);
            }
            thread::sleep(Duration::from_millis(5));
        };
        let said = read(&mut output).map_err(failed)?;
        Ok(judge(status, &said))
    }
}

/// What Cargo says of something that it has built, as far as it is of interest.
#[derive(Deserialize)]
struct Artifact {
    executable: Option<PathBuf>,
}

/// The executable that a line of Cargo's messages tells of.
fn executable(line: &str) -> Option<PathBuf> {
    serde_json::from_str::<Artifact>(line).ok()?.executable
}

fn read(output: &mut File) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    output.rewind()?;
    output.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn judge(status: ExitStatus, said: &str) -> Verdict {
    if status.success() && said.contains("1 passed") {
        Verdict::Survived
    } else if status.success() {
        Verdict::Invalid("there is no such test".to_owned())
    } else if status.code().is_some() {
        Verdict::Failed(first_words(said))
    } else {
        Verdict::Aborted(first_words(said))
    }
}

/// The first line of the first panic's text.
fn first_words(said: &str) -> String {
    let mut lines = said.lines();
    let words = lines
        .find(|line| line.contains("panicked at "))
        .and_then(|_| lines.next())
        .unwrap_or("no panic");
    // An explorer puts first how many runs went well.
    let explored = words
        .strip_prefix("after ")
        .and_then(|rest| rest.split_once("this one"));
    let words = explored.map_or(words, |(_, rest)| rest);
    words.trim_start_matches([':', ',', ' ']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_panic_are_those_after_its_place() {
        let said = "running 1 test\n\nthread 'a' (1) panicked at tests/a.rs:1:1:\nnot even\nodd\n";
        assert_eq!(first_words(said), "not even");
        let said = "thread 'a' panicked at sim/src/b.rs:2:2:\n\
                    after 7 runs without a failure, this one, seed 3: Deadlock at tick 4\n";
        assert_eq!(first_words(said), "seed 3: Deadlock at tick 4");
        assert_eq!(first_words("Killed"), "no panic");
    }

    #[test]
    fn a_test_may_take_longer_with_a_fault_than_with_nothing_broken() {
        assert_eq!(limit(Duration::ZERO), Duration::from_secs(10));
        assert_eq!(limit(Duration::from_secs(3)), Duration::from_secs(40));
    }

    #[test]
    fn only_an_artifact_with_an_executable_is_one() {
        let line = r#"{"reason":"compiler-artifact","executable":"/t/a-1","fresh":true}"#;
        assert_eq!(executable(line), Some("/t/a-1".into()));
        assert_eq!(
            executable(r#"{"reason":"compiler-artifact","executable":null}"#),
            None
        );
        assert_eq!(
            executable(r#"{"reason":"build-finished","success":true}"#),
            None
        );
    }
}
