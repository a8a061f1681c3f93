// How long the pulses of each line are. High ones are bars above the axis, low ones below.

const BAR_HEIGHT = 60;
const CHART_WIDTH = 360;

function svg(name, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function writeHistograms() {
  const what = head.trigger ? `Times between ${head.trigger} edges` : "Pulse widths";
  document.getElementById("pulses-title").textContent = what;
  document.getElementById("pulses-note").textContent = head.trigger
    ? "The scale of time is logarithmic."
    : "High pulses are above the axis, low ones below. The scale of time is logarithmic.";
  const measured = head.lines.filter((line) => line.low.range || line.high.range);
  document.getElementById("pulses").append(...measured.map((line) => histogram(line)));
  if (measured.length === 0) document.getElementById("pulses").textContent = "No line has two edges.";
}

function histogram(line) {
  const bins = [...line.high.bins, ...line.low.bins];
  const from = Math.max(Math.min(...bins.map((bin) => bin.from)), 0.5);
  const to = Math.max(...bins.map((bin) => bin.to)) + 1;
  const most = Math.max(...bins.map((bin) => bin.pulses));
  const x = (time) => (Math.log(Math.max(time, from) / from) / Math.log(to / from)) * CHART_WIDTH;
  const [shortest, longest] = rangeOf(line);
  const axis = line.high.bins.length > 0 ? BAR_HEIGHT + 16 : 2;
  const height = axis + (line.low.bins.length > 0 ? BAR_HEIGHT + 18 : 2) + 16;

  const bar = (bin, level) => {
    const size = Math.max((bin.pulses / most) * BAR_HEIGHT, 1);
    const width = Math.min(Math.max(x(bin.to + 1) - x(bin.from) - 1, 2), 24);
    const top = level === "high" ? axis - size : axis;
    const title = svg("title", {}, `${binText(bin)} ${level}: ${countText(bin.pulses)}`);
    return svg("rect", { class: level, x: x(bin.from), y: top, width, height: size }, title);
  };
  // The most frequent width of each level is named.
  const peak = (pulses, level) => {
    if (pulses.length === 0) return [];
    const bin = pulses.reduce((best, bin) => (bin.pulses > best.pulses ? bin : best));
    const size = (bin.pulses / most) * BAR_HEIGHT;
    const text = `${countText(bin.pulses)} × ${binText(bin)}`;
    const left = Math.min(Math.max(x(bin.from), 0), CHART_WIDTH - 6.2 * text.length);
    return [svg("text", { x: Math.max(left, 0), y: level === "high" ? axis - size - 4 : axis + size + 12 }, text)];
  };
  const ends = [
    svg("text", { x: 0, y: height - 3 }, timeText(shortest)),
    svg("text", { x: CHART_WIDTH, y: height - 3, "text-anchor": "end" }, timeText(longest)),
  ];
  const label = `${line.name}: from ${timeText(shortest)} to ${timeText(longest)}`;
  const chart = svg(
    "svg",
    { viewBox: `0 0 ${CHART_WIDTH} ${height}`, role: "img", "aria-label": label },
    ...line.high.bins.map((bin) => bar(bin, "high")),
    ...line.low.bins.map((bin) => bar(bin, "low")),
    svg("line", { x1: 0, x2: CHART_WIDTH, y1: axis, y2: axis }),
    ...peak(line.high.bins, "high"),
    ...peak(line.low.bins, "low"),
    ...ends,
  );
  return element("figure", {}, element("h3", {}, line.name), chart, histogramTable(line));
}

const binText = (bin) =>
  bin.from === bin.to ? timeText(bin.from) : `${timeText(bin.from)} to ${timeText(bin.to)}`;

function histogramTable(line) {
  const rows = [
    ...line.high.bins.map((bin) => ["high", bin]),
    ...line.low.bins.map((bin) => ["low", bin]),
  ].map(([level, bin]) => [level, binText(bin), countText(bin.pulses)]);
  const columns = ["Level", "Width", "Pulses"];
  return element("details", {}, element("summary", {}, "As a table"), table("", columns, rows, [2]));
}
