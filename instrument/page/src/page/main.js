// Puts it all together, and draws again when something has changed.

let data;
let drawing = false;
let writing = 0;

function changed() {
  if (!data || drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    draw();
  });
  // The tables follow when it is quiet.
  clearTimeout(writing);
  writing = setTimeout(writeTables, 120);
}

function draw() {
  pen.fillStyle = colours.panel;
  pen.fillRect(0, 0, span.width, totalHeight);
  drawAxis();
  data.lines.forEach((line, index) => drawLine(line, rowTop(index)));
  drawFill(data);
  drawHoles(data.holes);
  drawNames(data);
  drawCursors();
  writeCursors();
}

function writeTables() {
  const visible = data.lines.reduce(
    (sum, { times }) => sum + firstAfter(times, span.end) - firstFrom(times, span.begin),
    0,
  );
  const from = timeText(Math.max(span.begin, 0), span.length / 1000);
  const to = timeText(Math.min(span.end, head.end), span.length / 1000);
  document.getElementById("shown").textContent = `${from} to ${to}, ${plural(visible, "change")}`;
  canvas.setAttribute("aria-label", `Waveforms of ${plural(data.lines.length, "line")}, from ${from} to ${to}`);
  writeLines(data);
  writeEdges(data);
}

async function start() {
  writeHeading();
  writeHistograms();
  data = await readData();
  prepareFill(data);
  connectControls(data);
  writeRun(data);
  writeLosses(data);
  readColours();
  fitCanvas();
  draw();
  writeTables();
  new ResizeObserver(() => {
    fitCanvas();
    draw();
  }).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    readColours();
    draw();
  });
  document.getElementById("edges-details").addEventListener("toggle", () => writeEdges(data));
  document.body.dataset.ready = "yes";
}

start().catch((error) => {
  const failure = document.getElementById("failure");
  failure.textContent = `This page cannot be shown: ${error.message}`;
  failure.hidden = false;
  throw error;
});
