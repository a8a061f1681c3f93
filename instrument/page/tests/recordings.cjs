// Recordings for the tests. What is in them is known here, without reading them.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

// Numbers from a seed.
function random(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

// Lines are low at first. A line is { name, edges: [[time, high], ...] }.
function write(file, unit, lines, end) {
  const id = (line) => String.fromCharCode(33 + line);
  const changes = lines.flatMap(({ edges }, line) => edges.map(([time, high]) => [time, line, high]));
  changes.sort((left, right) => left[0] - right[0]);
  const head = lines.map(({ name }, line) => `$var wire 1 ${id(line)} ${name} $end\n`);
  const text = [`$timescale ${unit} $end\n`, ...head, "$enddefinitions $end\n#0\n", ...lines.map((_, line) => `0${id(line)}\n`)];
  let now = 0;
  for (const [time, line, high] of changes) {
    if (time !== now) text.push(`#${time}\n`);
    now = time;
    text.push(`${high ? 1 : 0}${id(line)}\n`);
  }
  if (end > now) text.push(`#${end}\n`);
  const place = path.join(process.env.FOLDER, file);
  fs.writeFileSync(place, text.join(""));
  const [number, prefix] = unit.split(" ");
  const seconds = Number(number) * { s: 1, ms: 1e-3, us: 1e-6, ns: 1e-9, ps: 1e-12 }[prefix];
  return { path: place, unit: seconds, lines, end: Math.max(end, now) };
}

// Edges at the sums of these times.
function edges(times) {
  let time = 0;
  return times.map((more, index) => [(time += more), index % 2 === 0]);
}

const levelAt = ({ edges }, time) => edges.filter(([at]) => at <= time).at(-1)?.[1] ?? false;

// Two lines with bursts, and pauses between.
function bursts() {
  const number = random(1);
  const line = (count) => edges([...Array(count)].map((_, n) => (n % 50 === 0 ? 20_000 + number(9_000) : 20 + number(200))));
  return write("bursts.vcd", "1 us", [{ name: "DATA", edges: line(401) }, { name: "CLK", edges: line(500) }], 400_000);
}

// Names that are not for a page, in nanoseconds, and in a file of such a name.
function odd() {
  const names = ["</script><script>alert(1)</script>", "Größe_線_µ", "a\"b'c&amp;", "x".repeat(90)];
  const lines = names.map((name, n) => ({ name, edges: edges([5 + n, 10, 33, 1, 700_000]) }));
  return write("odd <b>&#% ü.vcd", "1 ns", lines, 0);
}

// Times beyond 2^53, in a unit that has no prefix; and a line without edges.
function long() {
  const lines = [{ name: "RARE", edges: edges([2 ** 54, 2 ** 52, 2 ** 50]) }, { name: "NONE", edges: [] }];
  return write("long.vcd", "100 ps", lines, 0);
}

// The last times that VCD can have, but for rounding.
function longest() {
  return write("longest.vcd", "1 ns", [{ name: "RARE", edges: edges([2 ** 63, 2 ** 63 - 2 ** 40]) }], 0);
}

// Five lines that often change together.
function storm() {
  const number = random(7);
  const lines = [...Array(5)].map((_, n) => ({ name: `D${n}`, edges: [] }));
  let time = 0;
  for (let n = 0; n < 600; n++) {
    time += n % 40 === 0 ? 9_000 : 60 + number(400);
    const together = n % 40 > 1 && n % 40 < 8;
    for (const line of lines) {
      const repeats = together ? 3 : number(3) === 0 ? 1 : 0;
      for (let k = 0; k < repeats; k++) line.edges.push([time, line.edges.length % 2 === 0]);
    }
  }
  return write("storm.vcd", "1 us", lines, time + 9_000);
}

function withLossWire() {
  const lines = [
    { name: "A", edges: edges([100, 50, 200]) },
    { name: "LOSS", edges: edges([200, 100, 100, 40]) },
    { name: "B", edges: edges([90, 370]) },
  ];
  const recording = write("loss_wire.vcd", "1 us", lines, 500);
  const text = fs.readFileSync(recording.path, "utf8");
  fs.writeFileSync(recording.path, text.replace("#400\n", "$comment lost 12 edges by the link $end\n#400\n"));
  return recording;
}

function million() {
  const number = random(3);
  const lines = [...Array(8)].map((_, n) => ({ name: `D${n}`, edges: edges([...Array(125_000)].map(() => 100 + number(100))) }));
  for (const line of lines) line.edges.forEach((edge, n) => (edge[0] = n * 200 + 50 + number(150)));
  return write("million.vcd", "1 us", lines, 25_000_050);
}

module.exports = { all: () => [bursts(), odd(), long()], bursts, levelAt, long, longest, million, odd, storm, withLossWire };
