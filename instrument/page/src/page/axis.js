// The axis of time.

// 1, 2 or 5 times a power of ten of a second, in units, and not below `units`.
function niceStep(units) {
  const seconds = units * secondsPerUnit;
  const power = 10 ** Math.floor(Math.log10(seconds));
  const step = [1, 2, 5, 10].find((step) => step * power >= seconds * (1 - 1e-9)) ?? 10;
  return (step * power) / secondsPerUnit;
}

function drawAxis() {
  const prefix = timePrefix(Math.max(Math.abs(span.begin), Math.abs(span.end)));
  const label = (time, step) => timeText(time, step, prefix);
  // The labels of a finer step are longer: as long as this one at most.
  let step = niceStep((span.length / span.width) * 70);
  const widest = Math.max(...[span.begin, span.end].map((time) => pen.measureText(label(time, step)).width));
  // Times beyond 2^53 units are rounded, so finer steps would be none.
  step = niceStep(Math.max((span.length / span.width) * Math.max(widest + 24, 70), span.end / 2 ** 50));
  pen.fillStyle = colours.quiet;
  for (let n = Math.ceil(Math.max(span.begin, 0) / step); n * step <= span.end; n++) {
    const x = span.x(n * step);
    drawUpright(x, AXIS_HEIGHT - 7, totalHeight, colours.rule);
    const text = label(n * step, step);
    if (x + pen.measureText(text).width + 8 < span.width) {
      pen.fillStyle = colours.quiet;
      pen.fillText(text, x + 4, AXIS_HEIGHT - 9);
    }
  }
  drawLevel(AXIS_HEIGHT - 1, colours.rule);
}
