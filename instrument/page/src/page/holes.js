// Where edges were lost: between two lines, with the number above.

// A hole of so many pixels is shown by itself.
const WIDE = 8;

// Narrow holes that touch on the canvas are shown as one, with the sum of their numbers.
function drawHoles({ from, to, sums, unknown }) {
  if (from.length === 0) return;
  const bottom = totalHeight - WAKES_HEIGHT;
  const isWide = (hole) => span.x(to[hole]) - span.x(from[hole]) >= WIDE;
  let free = 0;
  let first = firstFrom(to, span.begin);
  while (first < from.length && from[first] <= span.end) {
    const left = span.x(from[first]);
    let right = Math.max(span.x(to[first]), left + 3);
    let next = first + 1;
    while (next < from.length && span.x(from[next]) <= right + 1 && !isWide(next)) {
      let inside = Math.max(firstAfter(from, span.time(right + 1), next), next + 1);
      if (inside - 1 > next && isWide(inside - 1)) inside--;
      right = Math.max(right, span.x(to[inside - 1]));
      next = inside;
    }
    pen.fillStyle = colours["loss-fill"];
    pen.fillRect(left, rowTop(0), right - left, bottom - rowTop(0));
    drawUpright(left, AXIS_HEIGHT, bottom, colours.loss);
    drawUpright(right, rowTop(0), bottom, colours.loss);
    const text = `▲ ${holeText(sums[next] - sums[first], unknown[next] - unknown[first])} lost`;
    const width = pen.measureText(text).width;
    const x = Math.min(Math.max(left, 4), span.width - width - 4);
    if (x >= free) {
      drawText(text, x, AXIS_HEIGHT + 14, colours.loss);
      free = x + width + 8;
    }
    first = next;
  }
}

// How many were lost, if in some holes the number is unknown.
function holeText(lost, unknown) {
  if (unknown === 0) return countText(lost);
  return lost > 0 ? `≥ ${countText(lost)}` : "?";
}

// The index of the hole that was shown last.
let shownHole = -1;

// Shows the hole after the one that was shown last, if that is still to be seen; else the first one from what is shown.
function nextHole({ from, to }) {
  const isSeen = from[shownHole] >= span.begin && from[shownHole] <= span.end;
  const next = isSeen ? shownHole + 1 : firstFrom(from, span.begin);
  shownHole = next < from.length ? next : 0;
  const begin = from[shownHole];
  const length = Math.min(span.length, Math.max((to[shownHole] - begin) * 4, head.end / 50));
  span.show(begin - length / 2, length);
}
