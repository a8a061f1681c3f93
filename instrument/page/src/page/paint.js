// The canvas, its rows and its colours.

const canvas = document.getElementById("waves");
const pen = canvas.getContext("2d");

const AXIS_HEIGHT = 26;
const LOSS_HEIGHT = head.holes > 0 ? 20 : 0;
const ROW_HEIGHT = head.lines.length > 12 ? 36 : head.lines.length > 4 ? 48 : 64;
const FILL_HEIGHT = head.run ? 130 : 0;
// The lowest part of that, with the wakes.
const WAKES_HEIGHT = head.run ? 22 : 0;
const FONT = "12px system-ui, sans-serif";

const rowTop = (line) => AXIS_HEIGHT + LOSS_HEIGHT + line * ROW_HEIGHT;
const fillTop = rowTop(head.lines.length);
const totalHeight = fillTop + FILL_HEIGHT;

let colours = {};

function readColours() {
  const style = getComputedStyle(document.documentElement);
  const names = ["panel", "ink", "quiet", "rule", "wave", "high", "loss", "loss-fill", "full", "fill", "a", "b"];
  colours = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  colours.hatch = pen.createPattern(hatch(), "repeat");
}

// Stripes for what is unknown.
function hatch() {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 8;
  const pen = tile.getContext("2d");
  pen.fillStyle = colours["loss-fill"];
  pen.fillRect(0, 0, 8, 8);
  pen.strokeStyle = colours.loss;
  pen.beginPath();
  for (const x of [-8, 0, 8]) {
    pen.moveTo(x, 8);
    pen.lineTo(x + 8, 0);
  }
  pen.stroke();
  return tile;
}

function fitCanvas() {
  const sharpness = window.devicePixelRatio || 1;
  canvas.style.height = `${totalHeight}px`;
  span.width = canvas.clientWidth;
  canvas.width = Math.round(span.width * sharpness);
  canvas.height = Math.round(totalHeight * sharpness);
  pen.setTransform(sharpness, 0, 0, sharpness, 0, 0);
  pen.font = FONT;
}

// Text on a ground of the panel's colour, so that a waveform behind it does not disturb it.
function drawText(text, x, y, colour) {
  pen.fillStyle = colours.panel;
  pen.globalAlpha = 0.8;
  pen.fillRect(x - 3, y - 11, pen.measureText(text).width + 6, 15);
  pen.globalAlpha = 1;
  pen.fillStyle = colour;
  pen.fillText(text, x, y);
}

function drawUpright(x, top, bottom, colour, dashes = []) {
  pen.strokeStyle = colour;
  pen.setLineDash(dashes);
  pen.beginPath();
  pen.moveTo(Math.round(x) + 0.5, top);
  pen.lineTo(Math.round(x) + 0.5, bottom);
  pen.stroke();
  pen.setLineDash([]);
}

function drawLevel(y, colour, dashes = []) {
  pen.strokeStyle = colour;
  pen.setLineDash(dashes);
  pen.beginPath();
  pen.moveTo(0, Math.round(y) + 0.5);
  pen.lineTo(span.width, Math.round(y) + 0.5);
  pen.stroke();
  pen.setLineDash([]);
}
