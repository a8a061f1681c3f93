// Runs the program, and reads what it writes.
"use strict";

const { execFileSync, spawnSync } = require("node:child_process");
const fs = require("node:fs");

const { EDGEPIPE } = process.env;

// The page of a recording.
function view({ path }) {
  const page = `${path}.html`;
  const printed = execFileSync(EDGEPIPE, ["view", path], { encoding: "utf8" });
  if (printed !== `${page}\n`) throw new Error(`printed ${printed}`);
  return page;
}

// A recording that is replayed: the page, the summary, the log, and where the capture file has unknown levels.
function capture({ path }, options) {
  const page = `${path}.capture.html`;
  const file = `${path}.capture.vcd`;
  const run = (more) => spawnSync(EDGEPIPE, ["--stimulus", path, "--allow-loss", ...options, ...more], { encoding: "utf8" });
  const { stdout } = run(["--json", "--capture", file, "--report", page]);
  const { stderr } = run([]);
  return { page, file, summary: JSON.parse(stdout), log: stderr, holes: holes(fs.readFileSync(file, "utf8")) };
}

// Where a capture in microseconds is unknown, in seconds.
function holes(vcd) {
  const found = [];
  let time = 0;
  let from;
  for (const word of vcd.slice(vcd.indexOf("$enddefinitions")).split("\n")) {
    if (word.startsWith("#")) time = Number(word.slice(1)) / 1e6;
    else if (word.startsWith("x")) from ??= time;
    else if (from !== undefined && time > from) {
      found.push({ from, to: time });
      from = undefined;
    }
  }
  return found;
}

// What `cargo run` prints in a terminal.
function inTerminal() {
  const { stdout, stderr } = spawnSync(EDGEPIPE, ["--plot"], { encoding: "utf8" });
  return `$ cargo run\n${stderr}${stdout}`;
}

module.exports = { capture, inTerminal, view };
