// The waveform of a line. Its cost depends on the width of the canvas, and hardly on the number of changes: all changes in
// one column are found by binary search, and are one block.

function drawLine(line, top) {
  const high = top + 19;
  const low = top + ROW_HEIGHT - 7;
  if (head.trigger) drawEdges(line, high, low);
  else drawLevels(line, high, low);
  drawLevel(top + ROW_HEIGHT - 1, colours.rule);
}

// In bold that of the line at whose edges the cursor stops.
function drawNames({ lines }) {
  const chosen = document.getElementById("line").selectedIndex;
  lines.forEach((line, index) => {
    pen.font = index === chosen ? `bold ${FONT}` : FONT;
    drawText(line.name, 6, rowTop(index) + 13, colours.ink);
  });
  pen.font = FONT;
  if (head.run) drawText("Records waiting", 6, fillTop + 14, colours.ink);
}

function drawLevels({ times, kinds, level }, high, low) {
  const end = Math.min(span.width, span.x(head.cut ?? head.end));
  let next = firstFrom(times, span.begin);
  let kind = next > 0 ? kinds[next - 1] : level;
  let x = Math.max(span.x(0), 0);
  const blocks = [];
  const unknown = [];
  pen.strokeStyle = colours.wave;
  pen.lineWidth = 1.5;
  pen.beginPath();
  while (x < end) {
    const to = next < times.length ? Math.min(span.x(times[next]), end) : end;
    if (kind === LOSE) unknown.push([x, to]);
    else drawStretch(isHigh(kind), x, to, high, low);
    if (to >= end || next >= times.length) break;
    const first = next;
    next = afterColumn(times, next, to);
    kind = kinds[next - 1];
    x = to;
    if (next - first > 1) {
      const left = Math.floor(to);
      blocks.push(left);
      x = left + 1;
    } else if (isEdge(kind)) {
      pen.moveTo(to, high);
      pen.lineTo(to, low);
    }
  }
  pen.stroke();
  pen.lineWidth = 1;
  pen.fillStyle = colours.hatch;
  for (const [from, to] of unknown) pen.fillRect(from, high, to - from, low - high);
  pen.fillStyle = colours.wave;
  for (const left of blocks) pen.fillRect(left - 0.25, high - 0.75, 1.5, low - high + 1.5);
}

function drawStretch(isHigh, from, to, high, low) {
  if (to <= from) return;
  const y = isHigh ? high : low;
  pen.moveTo(from, y);
  pen.lineTo(to, y);
  if (isHigh) {
    pen.fillStyle = colours.high;
    pen.fillRect(from, high, to - from, low - high);
  }
}

// With one trigger only the edges are known: a tick for each, with an arrow where there is room.
function drawEdges({ times }, high, low) {
  const rising = head.trigger === "rising";
  let next = firstFrom(times, span.begin);
  pen.strokeStyle = colours.wave;
  pen.beginPath();
  while (next < times.length && times[next] <= span.end) {
    const x = span.x(times[next]);
    const after = afterColumn(times, next, x);
    pen.moveTo(x, high);
    pen.lineTo(x, low);
    if (after < times.length && span.x(times[after]) - x > 8) {
      const [point, back] = rising ? [high, high + 5] : [low, low - 5];
      pen.moveTo(x - 4, back);
      pen.lineTo(x, point);
      pen.lineTo(x + 4, back);
    }
    next = after;
  }
  pen.stroke();
}

// The index of the first change in a later column than that of `x`, at which change `index` is.
function afterColumn(times, index, x) {
  const column = span.time(Math.floor(x) + 1);
  if (index + 1 >= times.length || times[index + 1] >= column) return index + 1;
  return Math.max(firstFrom(times, column, index + 1), index + 1);
}

// The edge of a line that is nearest to a time, or NaN.
function nearestEdge({ times, kinds }, time) {
  let after = firstFrom(times, time);
  let before = after - 1;
  while (after < times.length && !isEdge(kinds[after])) after++;
  while (before >= 0 && !isEdge(kinds[before])) before--;
  const later = times[after] ?? NaN;
  const earlier = times[before] ?? NaN;
  if (Number.isNaN(later)) return earlier;
  return time - earlier < later - time ? earlier : later;
}

// The next edge of a line after a time, or the last one before it; NaN if there is none.
function neighbour({ times, kinds }, time, forward) {
  let index = forward ? firstAfter(times, time) : firstFrom(times, time) - 1;
  while (index >= 0 && index < times.length && !isEdge(kinds[index])) index += forward ? 1 : -1;
  return times[index] ?? NaN;
}
