// Starts the browser.
"use strict";

const path = require("node:path");
const { chromium } = require("playwright-core");

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS });

// The address of a file. Any character may be in its name.
const address = (file) => `file://${path.resolve(file).split("/").map(encodeURIComponent).join("/")}`;

// Waits until the page has drawn its data.
const ready = (page) => page.waitForSelector("body[data-ready]", { timeout: 30_000 });

module.exports = { address, launch, ready };
