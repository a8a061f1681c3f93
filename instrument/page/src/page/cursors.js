// Two cursors: their times, the difference, and its frequency.

const cursors = { a: NaN, b: NaN };

const activeCursor = () => (document.getElementById("use-b").checked ? "b" : "a");

function activate(name) {
  document.getElementById(`use-${name}`).checked = true;
}

function setCursor(time, name = activeCursor()) {
  cursors[name] = Math.min(Math.max(time, 0), head.end);
  changed();
}

function clearCursors() {
  cursors.a = cursors.b = NaN;
  changed();
}

// Moves the active cursor to the next edge of a line. Without one, it begins at what is shown.
function stepCursor(line, forward) {
  const name = activeCursor();
  const outside = forward ? span.begin : span.end;
  const time = neighbour(line, Number.isNaN(cursors[name]) ? outside : cursors[name], forward);
  if (Number.isNaN(time)) return;
  setCursor(time, name);
  span.reveal(time);
}

// Where the active cursor is on the canvas, or undefined.
function cursorX() {
  const x = span.x(cursors[activeCursor()]);
  return x >= 0 && x <= span.width ? x : undefined;
}

function drawCursors() {
  for (const [name, dashes, y] of [["a", [], 11], ["b", [5, 4], 25]]) {
    const time = cursors[name];
    if (Number.isNaN(time) || time < span.begin || time > span.end) continue;
    const x = span.x(time);
    pen.lineWidth = 1.5;
    drawUpright(x, 0, totalHeight, colours[name], dashes);
    pen.lineWidth = 1;
    const left = Math.min(x, span.width - 16);
    pen.fillStyle = colours[name];
    pen.fillRect(left, y - 11, 16, 14);
    pen.fillStyle = colours.panel;
    pen.fillText(name.toUpperCase(), left + 4, y);
  }
}

function writeCursors() {
  const { a, b } = cursors;
  const write = (id, text) => (document.getElementById(id).textContent = text);
  const both = !Number.isNaN(b - a);
  write("at-a", Number.isNaN(a) ? "–" : timeText(a));
  write("at-b", Number.isNaN(b) ? "–" : timeText(b));
  write("difference", both ? timeText(b - a) : "–");
  write("frequency", both && a !== b ? rateText(b - a) : "–");
}
