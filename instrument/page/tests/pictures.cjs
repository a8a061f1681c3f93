// Pictures for the documents; `.ci/pictures` runs this.
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { address, launch, ready } = require("./launch.cjs");
const { capture, inTerminal } = require("./program.cjs");

const [folder] = process.argv.slice(2);

// A recording of the repository, in the folder for what is made.
function recording(file) {
  const copy = path.join(process.env.FOLDER, path.basename(file));
  fs.copyFileSync(file, copy);
  return { path: copy };
}

// `prepare` may return the part of the page that the picture is of.
async function picture(browser, name, options, file, prepare) {
  const page = await browser.newPage(options);
  await page.goto(address(file));
  const shot = await prepare(page);
  await page.mouse.move(0, 0);
  await page.evaluate(() => document.activeElement.blur());
  await page.waitForTimeout(300);
  await (shot ?? page).screenshot({ path: path.join(folder, name) });
  await page.close();
  console.log(`${name}: ${Math.ceil(fs.statSync(path.join(folder, name)).size / 1024)} KiB`);
}

// Cursors at two edges of a line, so far from the first one.
async function measure(page, line, from, to) {
  await page.selectOption("#line", { label: line });
  for (const [cursor, edges] of [["a", from], ["b", to]]) {
    await page.check(`#use-${cursor}`);
    for (let n = 0; n < edges; n++) await page.click("#edge-after");
  }
}

async function main() {
  const browser = await launch();
  const cards = capture(recording("samples/wiegand/cards.vcd"), ["--flush-after=20ms"]);
  await picture(browser, "page.png", { viewport: { width: 1080, height: 640 }, colorScheme: "light" }, cards.page,
    async (page) => {
      await ready(page);
      await measure(page, "D0", 3, 5);
      for (let n = 0; n < 5; n++) await page.click("#zoom-in");
    });
  const losses = capture(recording("samples/adc_strobe/tone.vcd"), ["--wires=STROBE,D0,D1,D2,D3", "--capacity=4", "--headroom=0", "--deliver=direct"]);
  const phone = { viewport: { width: 390, height: 844 }, colorScheme: "dark" };
  await picture(browser, "phone.png", phone, losses.page, async (page) => {
    await ready(page);
    for (let n = 0; n < 3; n++) await page.click("#next-loss");
  });
  // The terminal is a page too, which has its text alone.
  const text = inTerminal().replace(/&/g, "&amp;").replace(/</g, "&lt;");
  const style = "display: inline-block; margin: 0; padding: 12px; background: #1b1f25; color: #e7eaee; font: 14px/1.25 'DejaVu Sans Mono', monospace";
  const terminal = path.join(process.env.FOLDER, "terminal.html");
  fs.writeFileSync(terminal, `<!DOCTYPE html><meta charset="utf-8"><title>t</title><pre style="${style}">${text}</pre>`);
  await picture(browser, "terminal.png", { viewport: { width: 1000, height: 400 } }, terminal, (page) => page.locator("pre"));
  await browser.close();
}

main();
