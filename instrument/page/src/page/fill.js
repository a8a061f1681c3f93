// How many records waited for the reader, with the threshold and the room; and when it woke, and why.

// The times of all edges, in order.
let arrivals = new Float64Array(0);
// The highest number of records of each so many reads.
const GROUP = 64;
let peaks = [];

function prepareFill({ lines, reads }) {
  if (!reads) return;
  const edges = lines.map(({ times, kinds }) => times.filter((_, index) => isEdge(kinds[index])));
  arrivals = new Float64Array(edges.reduce((sum, times) => sum + times.length, 0));
  let at = 0;
  for (const times of edges) {
    arrivals.set(times, at);
    at += times.length;
  }
  arrivals.sort();
  for (let i = 0; i < reads.records.length; i += GROUP) {
    peaks.push(reads.records.subarray(i, i + GROUP).reduce((most, count) => Math.max(most, count), 0));
  }
}

const waitingAt = (reads, time) =>
  Math.max(firstAfter(arrivals, time) - reads.sums[firstAfter(reads.times, time)], 0);

// The most records of the reads from index `from` to before `to`.
function peakOf({ records }, from, to) {
  let most = 0;
  while (from < to) {
    if (from % GROUP === 0 && from + GROUP <= to) {
      most = Math.max(most, peaks[from / GROUP]);
      from += GROUP;
    } else {
      most = Math.max(most, records[from++]);
    }
  }
  return most;
}

function drawFill({ reads }) {
  if (!reads) return;
  const { ready, capacity, headroom } = head.run.room;
  const room = capacity + headroom;
  const highest = Math.max(room, peakOf(reads, 0, reads.records.length)) * 1.12;
  const bottom = totalHeight - WAKES_HEIGHT;
  const y = (records) => bottom - (records / highest) * (FILL_HEIGHT - 46);
  drawWaiting(reads, y);
  drawLevel(y(0), colours.quiet);
  drawLevel(y(ready), colours.full, [6, 4]);
  drawLevel(y(room), colours.loss);
  const right = (text, y, colour) => drawText(text, span.width - pen.measureText(text).width - 6, y, colour);
  // Below its line if the other one is near.
  right(`wakes at ${countText(ready)}`, y(ready) + (y(ready) - y(room) < 20 ? 14 : -4), colours.full);
  right(`room for ${countText(room)}`, y(room) - 4, colours.loss);
  drawWakes(reads, bottom);
}

function drawWaiting(reads, y) {
  pen.fillStyle = colours.fill;
  const last = Math.min(span.width, Math.ceil(span.x(head.cut ?? head.end)) + 1);
  let read = firstFrom(reads.times, span.begin);
  for (let x = Math.max(Math.floor(span.x(0)), 0); x < last; x++) {
    const next = firstFrom(reads.times, span.time(x + 1), read);
    const most = Math.max(waitingAt(reads, span.time(x + 1)), peakOf(reads, read, next));
    if (most > 0) pen.fillRect(x, y(most), 1, y(0) - y(most));
    read = next;
  }
}

// A tick at each wake, with the reason where there is room.
function drawWakes({ times, reasons }, bottom) {
  let index = firstFrom(times, span.begin);
  let free = 0;
  while (index < times.length && times[index] <= span.end) {
    const x = span.x(times[index]);
    drawUpright(x, bottom, bottom + 7, colours.ink);
    const text = head.run.reasons[reasons[index]];
    const width = pen.measureText(text).width;
    const left = Math.min(Math.max(x - width / 2, 4), span.width - width - 4);
    if (left > free) {
      pen.fillStyle = colours.quiet;
      pen.fillText(text, left, bottom + 18);
      free = left + width + 10;
    }
    index = afterColumn(times, index, x);
  }
}
