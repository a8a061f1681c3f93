// The page in a browser; `.ci/page` runs this. Each case opens a page, and fails on any message of the console and on any
// request but that for the page itself.
"use strict";

const assert = require("node:assert/strict");
const path = require("node:path");
const { address, launch, ready } = require("./launch.cjs");
const recordings = require("./recordings.cjs");
const { capture, view } = require("./program.cjs");

const cases = [];
const test = (name, options, body) => cases.push({ name, options, body });

const text = (page, selector) => page.locator(selector).innerText();
const rows = (page, table) =>
  page.$$eval(`${table} tbody tr`, (rows) => rows.map((row) => [...row.cells].map((cell) => cell.innerText)));
// What is drawn and written follows a change after a while.
const settle = (page) => page.waitForTimeout(200);
const shown = async (page) => {
  await settle(page);
  const [, from, to] = /^(.*) to (.*), /.exec(await text(page, "#shown"));
  return [seconds(from), seconds(to)];
};

const SECONDS = { s: 1, ms: 1e-3, "µs": 1e-6, ns: 1e-9, ps: 1e-12, fs: 1e-15 };
function seconds(text) {
  const [number, unit] = text.split(" ");
  return Number(number) * SECONDS[unit];
}
const number = (text) => Number(text.replace(/,/g, ""));
const near = (left, right, what) =>
  assert.ok(Math.abs(left - right) <= Math.abs(right) * 1e-9 + 1e-15, `${what}: ${left}, expected ${right}`);

// The table of lines says what the recording says.
async function checkLines(page, recording) {
  const table = await rows(page, "#lines");
  assert.deepEqual(table.map(([name]) => name), recording.lines.map((line) => line.name));
  for (const [index, line] of recording.lines.entries()) {
    const pulses = line.edges.slice(1).map(([time], before) => time - line.edges[before][0]);
    assert.equal(table[index][1], line.edges.length.toLocaleString("en"), line.name);
    if (pulses.length > 0) {
      near(seconds(table[index][2]), Math.min(...pulses) * recording.unit, `${line.name}, shortest pulse`);
      near(seconds(table[index][3]), Math.max(...pulses) * recording.unit, `${line.name}, longest pulse`);
    }
  }
}

test("the numbers are those of the recording", {}, async (page, open) => {
  for (const recording of recordings.all()) {
    await open(view(recording));
    await checkLines(page, recording);
    await page.$$eval("details", (all) => all.forEach((details) => (details.open = true)));
    const counted = await page.$$eval("#pulses figure", (charts) => charts.map((chart) =>
      [...chart.querySelectorAll("tbody tr")].reduce((sum, row) => sum + Number(row.cells[2].innerText.replace(/,/g, "")), 0)));
    assert.deepEqual(counted, recording.lines.map((line) => line.edges.length - 1).filter((pulses) => pulses > 0));
  }
});

test("names are text, whatever is in them", {}, async (page, open) => {
  const recording = recordings.odd();
  let ran = false;
  page.on("dialog", (dialog) => { ran = true; dialog.dismiss(); });
  await open(view(recording));
  const names = recording.lines.map((line) => line.name);
  assert.ok(names.some((name) => name.includes("<script>")) && names.some((name) => name.includes("線")));
  assert.deepEqual(await page.$$eval("figure h3", (all) => all.map((title) => title.innerText)), names);
  assert.deepEqual(await page.$$eval("#line option", (all) => all.map((option) => option.label)), names);
  assert.equal(await page.locator("script").count(), 3);
  assert.equal(ran, false);
  assert.equal(await text(page, "h1"), path.basename(recording.path));
});

test("buttons, keys and the wheel zoom and move", {}, async (page, open) => {
  await open(view(recordings.bursts()));
  const [begin, end] = await shown(page);
  assert.equal(begin, 0);
  await page.click("#zoom-in");
  let [from, to] = await shown(page);
  assert.ok(Math.abs((to - from) / (end * 1.04) - 0.5) < 0.002, "half of it");
  await page.click("#whole");
  await page.locator("#waves").focus();
  for (const key of ["+", "+", "ArrowRight"]) await page.keyboard.press(key);
  [from, to] = await shown(page);
  assert.ok(Math.abs((to - from) / (end * 1.04) - 0.25) < 0.002, "a quarter of it");
  await page.keyboard.press("0");
  assert.deepEqual(await shown(page), [begin, end]);

  // The wheel keeps the time under the pointer.
  const box = await page.locator("#waves").boundingBox();
  await page.mouse.move(box.x + box.width / 4, box.y + 60);
  const part = (box.width / 4 - 1) / (box.width - 2);
  const under = -end / 50 + end * 1.04 * part;
  for (let n = 0; n < 8; n++) await page.mouse.wheel(0, -240);
  [from, to] = await shown(page);
  assert.ok(to - from < end / 50, "zoomed in");
  assert.ok(Math.abs(from + (to - from) * part - under) < (to - from) / 50, "around the pointer");
  // Dragging to the right shows what is earlier.
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + 60, { steps: 4 });
  await page.mouse.up();
  const [dragged] = await shown(page);
  assert.ok(Math.abs(from - dragged - (to - from) / 4) < (to - from) / 50, "a quarter earlier");
  assert.equal(await text(page, "#at-a"), "–", "dragging is no click");
});

test("labels of the axis are apart, up to the last times that a recording can have", {}, async (page, open) => {
  // Of each picture, the texts of the axis with their ends.
  await page.addInitScript(() => {
    window.labels = [];
    const { fillRect, fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillRect = function (x, y, width, height) {
      if (x === 0 && y === 0 && width > 500) window.labels = [];
      fillRect.call(this, x, y, width, height);
    };
    CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
      if (y < 20) window.labels.push([text, x, x + this.measureText(text).width]);
      fillText.call(this, text, x, y);
    };
  });
  for (const recording of [recordings.bursts(), recordings.long(), recordings.longest()]) {
    await open(view(recording));
    await page.locator("#waves").focus();
    await page.keyboard.press("End");
    for (let n = 0; n < 70; n++) {
      await page.keyboard.press("+");
      await settle(page);
      const labels = await page.evaluate(() => window.labels);
      for (const [index, [label, begin]] of labels.slice(1).entries()) {
        const [before, , end] = labels[index];
        assert.ok(label !== before && begin > end, `${before} and ${label}, at ${end} and ${begin}`);
      }
    }
  }
});

test("two fingers zoom, and a tap sets the cursor", { hasTouch: true, viewport: { width: 390, height: 844 } },
  async (page, open) => {
    await open(view(recordings.bursts()));
    const [, end] = await shown(page);
    const box = await page.locator("#waves").boundingBox();
    const touch = await page.context().newCDPSession(page);
    const fingers = (type, ...xs) => touch.send("Input.dispatchTouchEvent", {
      type, touchPoints: xs.map((x, id) => ({ x: box.x + x, y: box.y + 60, id })),
    });
    await fingers("touchStart", 150, 210);
    for (let n = 1; n <= 6; n++) await fingers("touchMove", 150 - 15 * n, 210 + 15 * n);
    await fingers("touchEnd");
    const [from, to] = await shown(page);
    assert.ok(Math.abs((to - from) / (end * 1.04) - 0.25) < 0.02, `a quarter, and not ${(to - from) / (end * 1.04)}`);
    assert.equal(await text(page, "#at-a"), "–", "that was no tap");
    await page.touchscreen.tap(box.x + 100, box.y + 60);
    await settle(page);
    assert.notEqual(await text(page, "#at-a"), "–");
  });

test("cursors measure from edge to edge", {}, async (page, open) => {
  const recording = recordings.bursts();
  await open(view(recording));
  const [line] = recording.lines;
  for (const [first, second] of [[1, 2], [3, 9], [9, 4]]) {
    await page.click("#clear");
    await page.check("#use-a");
    for (let n = 0; n < first; n++) await page.click("#edge-after");
    await page.check("#use-b");
    for (let n = 0; n < second; n++) await page.click("#edge-after");
    await settle(page);
    const a = line.edges[first - 1][0] * recording.unit;
    const b = line.edges[second - 1][0] * recording.unit;
    near(seconds(await text(page, "#at-a")), a, "cursor A");
    near(seconds(await text(page, "#at-b")), b, "cursor B");
    near(seconds((await text(page, "#difference")).replace("−", "-")), b - a, "the difference");
    const [number, prefix] = (await text(page, "#frequency")).split(" ");
    const hertz = Number(number) * { GHz: 1e9, MHz: 1e6, kHz: 1e3, Hz: 1, mHz: 1e-3 }[prefix];
    assert.ok(Math.abs(hertz * Math.abs(b - a) - 1) < 1e-5, `${hertz} Hz`);
  }
});

test("a click takes the edge that is near, and levels are those of the recording", {}, async (page, open) => {
  const recording = recordings.bursts();
  await open(view(recording));
  const box = await page.locator("#waves").boundingBox();
  const end = recording.end * recording.unit;
  const x = (time) => 1 + ((time + end / 50) / (end * 1.04)) * (box.width - 2);
  // The last edge of a burst stands alone to its right.
  const [time] = recording.lines[0].edges.at(-1);
  await page.mouse.click(box.x + x(time * recording.unit) + 6, box.y + 26 + 30);
  await settle(page);
  near(seconds(await text(page, "#at-a")), time * recording.unit, "the edge");
  for (let n = 1; n < 30; n++) {
    await page.mouse.click(box.x + (box.width * n) / 30, box.y + 5);
    await settle(page);
    const at = Math.round(seconds(await text(page, "#at-a")) / recording.unit);
    const levels = recording.lines.map((line) => (recordings.levelAt(line, at) ? "high" : "low"));
    assert.deepEqual((await rows(page, "#lines")).map((row) => row[4]), levels, `at ${at}`);
  }
});

test("the waveform is drawn where the level is", {}, async (page, open) => {
  const recording = recordings.bursts();
  await open(view(recording));
  const end = recording.end * recording.unit;
  // Of each column of pixels in the first row: how many have the waveform's colour, above and below the middle.
  const columns = await page.evaluate(() => {
    const canvas = document.getElementById("waves");
    const colour = getComputedStyle(document.documentElement).getPropertyValue("--wave").match(/\w\w/g);
    const wave = colour.map((part) => parseInt(part, 16));
    const { data, width } = canvas.getContext("2d").getImageData(0, 26, canvas.width, 63);
    const has = (x, y) => wave.every((part, n) => Math.abs(data[4 * (y * width + x) + n] - part) < 90);
    const count = (x, from, to) => [...Array(to - from)].filter((_, n) => has(x, from + n)).length;
    return [...Array(width)].map((_, x) => [count(x, 17, 38), count(x, 38, 63)]);
  });
  let levels = 0;
  let blocks = 0;
  for (let x = 30; x < columns.length - 30; x++) {
    const time = (x) => ((x / columns.length) * end * 1.04 - end / 50) / recording.unit;
    const edges = (from, to) => recording.lines[0].edges.filter(([at]) => at >= time(from) && at <= time(to)).length;
    const [above, below] = columns[x];
    if (edges(x - 1, x + 2) === 0) {
      const high = recordings.levelAt(recording.lines[0], time(x));
      assert.deepEqual([above > 0, below > 0], [high, !high], `column ${x}`);
      levels++;
    } else if (edges(x + 0.02, x + 0.98) > 1) {
      assert.ok(above + below > 30, `column ${x} is a block: ${above + below}`);
      blocks++;
    }
  }
  assert.ok(levels > 500 && blocks > 100, `${levels} levels, ${blocks} blocks`);
});

test("a capture has its ledger, its wakes and its losses", {}, async (page, open) => {
  const storm = recordings.storm();
  const end = storm.end * storm.unit;
  const run = capture(storm, ["--capacity=8", "--headroom=4", "--deliver=direct", "--flush-after=3ms"]);
  await open(run.page);
  const { summary } = run;
  assert.ok(summary.lost > 0);
  const ledger = Object.fromEntries((await rows(page, "#ledger")).map(([what, count]) => [what, number(count)]));
  for (const what of ["captured", "delivered", "pending", "lost", "wakes"]) assert.equal(ledger[what], summary[what], what);
  for (const [cause, count] of Object.entries(summary.lost_by)) assert.equal(ledger[`lost: ${cause}`], count, cause);
  assert.equal(ledger["high water"], summary.high_water);
  // The log has a line for each batch.
  const wakes = {};
  for (const [, edges, reason] of run.log.matchAll(/: (\d+) edges from .*, woken by (\w+)/g)) {
    const counts = (wakes[reason.toLowerCase()] ??= [0, 0]);
    counts[0] += 1;
    counts[1] += Number(edges);
  }
  delete wakes.closed;
  assert.ok(wakes.overflow && wakes.full && wakes.deadline, JSON.stringify(wakes));
  const table = (await rows(page, "#wakes")).filter(([reason]) => reason !== "closed");
  assert.deepEqual(Object.fromEntries(table.map(([reason, count, edges]) => [reason, [number(count), number(edges)]])), wakes);
  await page.click("text=Each wake");
  const reads = await rows(page, "#reads");
  const batches = [...run.log.matchAll(/: (\d+) edges from .*, woken by (\w+)/g)];
  assert.deepEqual(
    reads.slice(0, 50).map(([, reason, records]) => [reason, records]),
    batches.slice(0, 50).map(([, edges, reason]) => [reason.toLowerCase(), edges]),
  );
  assert.equal((await rows(page, "#lines")).reduce((sum, row) => sum + Number(row[1]), 0), summary.delivered);

  // Where: in the capture file, all levels are unknown there.
  const losses = await rows(page, "#losses-table");
  assert.equal(losses.length, run.holes.length);
  losses.forEach(([from, to], index) => {
    // The file has `x` from one unit after the last edge on.
    near(seconds(from), run.holes[index].from - 1e-6, "from");
    near(seconds(to), run.holes[index].to, "to");
  });
  assert.equal(losses.reduce((sum, [, , lost]) => sum + Number(lost), 0), summary.lost);
  assert.equal(await text(page, "#losses"), `▲ ${summary.lost} edges were lost, in ${run.holes.length} places.`);

  // The longest one begins in the middle of what is shown; behind it, levels are unknown. So they are in the capture file.
  const length = (hole) => hole.to - hole.from;
  const longest = run.holes.reduce((best, hole) => (length(hole) > length(best) ? hole : best));
  for (const file of [run.page, view({ path: run.file })]) {
    await open(file);
    const box = await page.locator("#waves").boundingBox();
    if (file === run.page) {
      for (let n = 0; n <= run.holes.indexOf(longest); n++) await page.click("#next-loss");
    } else {
      await page.locator("#waves").hover({ position: { x: 1 + ((longest.from / end + 0.02) / 1.04) * (box.width - 2), y: 5 } });
      for (let n = 0; n < 4; n++) await page.mouse.wheel(0, -240);
    }
    const [from, to] = await shown(page);
    const x = (time) => box.x + 1 + ((time - from) / (to - from)) * (box.width - 2);
    for (const [time, known] of [[longest.from + length(longest) / 2, false], [longest.to + length(longest) / 9, true]]) {
      await page.mouse.click(x(time), box.y + 5);
      await settle(page);
      const levels = (await rows(page, "#lines")).map((row) => row[4]);
      assert.ok(levels.every((level) => (level !== "unknown") === known), `${file} at ${time}: ${levels}`);
    }
  }
});

test("a wire named LOSS is shown as losses", {}, async (page, open) => {
  await open(view(recordings.withLossWire()));
  assert.deepEqual((await rows(page, "#lines")).map(([name]) => name), ["A", "B"]);
  assert.deepEqual(await rows(page, "#losses-table"), [["200 µs", "300 µs", "unknown"], ["400 µs", "440 µs", "12"]]);
  assert.equal(await text(page, "#losses"), "▲ At least 12 edges were lost, in 2 places.");
});

test("with one trigger, times between edges are measured", {}, async (page, open) => {
  const recording = recordings.bursts();
  const run = capture(recording, ["--trigger=rising"]);
  await open(run.page);
  const rising = recording.lines[0].edges.filter(([, high]) => high).map(([time]) => time);
  const [first] = await rows(page, "#lines");
  assert.equal(Number(first[1]), rising.length);
  const times = rising.slice(1).map((time, before) => time - rising[before]);
  near(seconds(first[2]), Math.min(...times) * recording.unit, "the shortest time");
});

test("the edges shown are there as a table", {}, async (page, open) => {
  const recording = recordings.bursts();
  await open(view(recording));
  await page.click("#edges-details summary");
  await page.waitForSelector("#edges-table td");
  const all = recording.lines.flatMap((line) => line.edges.map(([time, high]) => [time, line.name, high ? "rising" : "falling"]));
  all.sort((left, right) => left[0] - right[0]);
  const table = await rows(page, "#edges-table");
  assert.equal(table.length, 200);
  table.forEach(([time], index) => near(seconds(time), all[index][0] * recording.unit, "the time"));
});

test("light and dark follow the system, also while the page is open", { colorScheme: "light" }, async (page, open) => {
  await open(view(recordings.bursts()));
  const ground = () => page.evaluate(() => {
    const pixel = document.getElementById("waves").getContext("2d").getImageData(2, 2, 1, 1).data;
    return [getComputedStyle(document.body).backgroundColor, pixel[0]];
  });
  const [light, lightPixel] = await ground();
  await page.emulateMedia({ colorScheme: "dark" });
  await settle(page);
  const [dark, darkPixel] = await ground();
  assert.notEqual(light, dark);
  assert.ok(lightPixel > 200 && darkPixel < 60, `${lightPixel}, ${darkPixel}`);
});

test("a narrow screen needs no scrolling to the side", { viewport: { width: 320, height: 640 } }, async (page, open) => {
  for (const file of [view(recordings.odd()), capture(recordings.storm(), ["--capacity=8"]).page]) {
    await open(file);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 320, `${width} pixels`);
  }
});

test("everything has a name and is reached by the keyboard", {}, async (page, open) => {
  await open(capture(recordings.storm(), ["--capacity=8", "--headroom=4", "--deliver=direct"]).page);
  const controls = "button, select, input, summary, [tabindex='0']";
  const names = await page.$$eval(controls, (all) => all.filter((control) => control.checkVisibility()).map((control) =>
    control.getAttribute("aria-label") || control.innerText || control.labels?.[0]?.innerText || control.getAttribute("aria-labelledby")));
  assert.ok(names.length > 15 && names.every((name) => name?.trim()), names.join("; "));
  const reached = new Set();
  for (let n = 0; n < 40; n++) {
    await page.keyboard.press("Tab");
    const [id, outline] = await page.evaluate(() =>
      [document.activeElement.id, getComputedStyle(document.activeElement).outlineStyle]);
    if (id) {
      reached.add(id);
      assert.notEqual(outline, "none", `${id} shows that it is in focus`);
    }
  }
  for (const id of ["zoom-in", "zoom-out", "whole", "earlier", "later", "next-loss", "use-a", "line", "edge-before",
    "edge-after", "clear", "waves", "lines", "losses-table"]) assert.ok(reached.has(id), id);
  // What the buttons do, keys do.
  await page.locator("#waves").focus();
  for (const key of ["a", "Shift+ArrowRight", "b", "Shift+ArrowRight", "Shift+ArrowRight"]) await page.keyboard.press(key);
  await settle(page);
  assert.notEqual(await text(page, "#difference"), "–");
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.locator("#line").evaluate((choice) => choice.selectedIndex), 1);
  const before = await shown(page);
  await page.keyboard.press("n");
  assert.notDeepEqual(await shown(page), before);
  await page.keyboard.press("Escape");
  await settle(page);
  assert.equal(await text(page, "#difference"), "–");
});

test("a million edges are drawn soon, and zoom stays smooth", {}, async (page, open) => {
  const recording = recordings.million();
  const begin = Date.now();
  await open(view(recording));
  const opened = Date.now() - begin;
  assert.equal(await text(page, "#facts"), "1,000,000 edges on 8 lines in 25.00005 s.");
  // How long each of 40 frames takes to draw, while it zooms in, and out again.
  const frames = await page.evaluate(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const times = [];
    for (let n = 0; n < 40; n++) {
      document.getElementById(n < 20 ? "zoom-in" : "zoom-out").click();
      const begin = performance.now();
      await frame();
      times.push(performance.now() - begin);
    }
    return times.sort((left, right) => left - right);
  });
  const [median, longest] = [frames[20], frames[39]].map(Math.round);
  console.log(`   made and open after ${opened} ms; a frame takes ${median} ms, at most ${longest} ms`);
  assert.ok(opened < 30_000, `open after ${opened} ms`);
  assert.ok(median < 250 && longest < 2_000, `${median} ms, ${longest} ms`);
});

async function main() {
  const browser = await launch();
  const chosen = cases.filter(({ name }) => process.argv.slice(2).every((word) => name.includes(word)));
  let failures = 0;
  for (const { name, options, body } of chosen) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const wrong = [];
    let asked = "";
    page.on("console", (message) => {
      // It warns of the tests' own reading of pixels.
      if (!message.text().includes("willReadFrequently")) wrong.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
    page.on("request", (request) => request.url() === asked || wrong.push(`request: ${request.url()}`));
    const open = async (file) => {
      asked = address(file);
      await page.goto(asked);
      await ready(page);
    };
    try {
      await body(page, open);
      assert.deepEqual(wrong, []);
      console.log(`ok ${name}`);
    } catch (error) {
      failures += 1;
      console.log(`FAILED ${name}\n${error.stack}\n${wrong.join("\n")}`);
    }
    await context.close();
  }
  await browser.close();
  console.log(`${chosen.length - failures} of ${chosen.length} passed`);
  process.exitCode = failures === 0 && chosen.length > 0 ? 0 : 1;
}

main();
