// Tables: what the pictures show, as numbers.

// The most rows of a long table.
const ROWS_MAX = 200;

function element(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// A table with a caption, if it is not empty. `numbers` are the columns to be flush right.
function table(caption, columns, rows, numbers) {
  const cell = (name, attributes) => (text, column) =>
    element(name, { ...attributes, class: numbers.includes(column) ? "number" : "name" }, text);
  const body = rows.map((row) => element("tr", {}, ...row.map(cell("td", {}))));
  return element(
    "table",
    {},
    ...(caption ? [element("caption", {}, caption)] : []),
    element("thead", {}, element("tr", {}, ...columns.map(cell("th", { scope: "col" })))),
    element("tbody", {}, ...body),
  );
}

function writeHeading() {
  const { title, edges, lines, end, holes, cut } = head;
  document.title = `${title} – edgepipe`;
  document.getElementById("title").textContent = title;
  const cutText = cut === null ? "" : ` Only those up to ${timeText(cut)} are drawn: there are too many.`;
  document.getElementById("facts").textContent =
    `${plural(edges, "edge")} on ${plural(lines.length, "line")} in ${timeText(end)}.${cutText}`;
  const losses = document.getElementById("losses");
  losses.className = holes > 0 ? "lost" : "";
  losses.textContent = lossText();
}

function lossText() {
  const { lost, holes, unknown_holes: unknown } = head;
  if (holes === 0) return head.run ? "✓ No edge was lost." : "";
  const edges = lost > 0 ? plural(lost, "edge was", "edges were") : "Edges were";
  return `▲ ${unknown > 0 && lost > 0 ? "At least " : ""}${edges} lost, in ${plural(holes, "place")}.`;
}

// The shortest and the longest pulse of a line, or undefined.
function rangeOf({ low, high }) {
  const ranges = [low.range, high.range].filter(Boolean);
  if (ranges.length === 0) return undefined;
  return [Math.min(...ranges.map(([shortest]) => shortest)), Math.max(...ranges.map(([, longest]) => longest))];
}

function writeLines(data) {
  const level = (line, time) => {
    if (Number.isNaN(time) || head.trigger) return "–";
    const index = firstAfter(line.times, time) - 1;
    const kind = index < 0 ? line.level : line.kinds[index];
    return kind === LOSE ? "unknown" : isHigh(kind) ? "high" : "low";
  };
  const rows = data.lines.map((line) => {
    const [shortest, longest] = rangeOf(line)?.map((width) => timeText(width)) ?? ["–", "–"];
    return [
      line.name,
      countText(line.edges),
      shortest,
      longest,
      level(line, cursors.a),
      level(line, cursors.b),
    ];
  });
  const [shortest, longest] = head.trigger ? ["Shortest time", "Longest time"] : ["Shortest pulse", "Longest pulse"];
  const columns = ["Line", "Edges", shortest, longest, "At A", "At B"];
  document.getElementById("lines").replaceChildren(table("", columns, rows, [1, 2, 3]));
}

function writeRun({ reads }) {
  if (!reads) return;
  document.getElementById("run").hidden = false;
  const { reasons, ledger } = head.run;
  const wakes = reasons.map(() => 0);
  const records = reasons.map(() => 0);
  reads.reasons.forEach((reason, index) => {
    wakes[reason] += 1;
    records[reason] += reads.records[index];
  });
  const most = Math.max(...wakes, 1);
  const rows = reasons.map((reason, index) => {
    const bar = element("div", { "aria-hidden": "true" });
    bar.style.width = `${(wakes[index] / most) * 100}%`;
    return [reason, countText(wakes[index]), countText(records[index]), bar];
  });
  const byReason = table("", ["Reason", "Wakes", "Records read", ""], rows, [1, 2]);
  for (const row of byReason.querySelectorAll("tbody tr")) row.lastChild.className = "share";
  document.getElementById("wakes").append(byReason);
  document.getElementById("reads").append(readsTable(reads));
  const entries = ledger.map(({ name, count, meaning }) => [name, countText(count), meaning]);
  document.getElementById("ledger").append(table("", ["What", "Count", "Meaning"], entries, [1]));
}

function readsTable({ times, records, reasons }) {
  const rows = [...times.subarray(0, ROWS_MAX)].map((time, index) => [
    timeText(time),
    head.run.reasons[reasons[index]],
    countText(records[index]),
  ]);
  const caption = times.length > ROWS_MAX ? `The first ${ROWS_MAX} of ${countText(times.length)}` : "";
  return table(caption, ["Time", "Reason", "Records waiting"], rows, [0, 2]);
}

function writeLosses({ holes: { from, to, lost } }) {
  if (from.length === 0) return;
  document.getElementById("losses-section").hidden = false;
  const rows = [...from.subarray(0, ROWS_MAX)].map((time, index) => [
    timeText(time),
    timeText(to[index]),
    Number.isNaN(lost[index]) ? "unknown" : countText(lost[index]),
  ]);
  const caption = from.length > ROWS_MAX ? `The first ${ROWS_MAX} of ${countText(from.length)}` : "";
  const losses = table(caption, ["After", "Until", "Edges lost"], rows, [0, 1, 2]);
  document.getElementById("losses-table").append(losses);
}

function writeEdges(data) {
  if (!document.getElementById("edges-details").open) return;
  const edges = [];
  for (const line of data.lines) {
    let index = firstFrom(line.times, span.begin);
    for (let n = 0; n < ROWS_MAX && line.times[index] <= span.end; index++) {
      if (!isEdge(line.kinds[index])) continue;
      const since = index > 0 && isEdge(line.kinds[index - 1]) ? line.times[index] - line.times[index - 1] : NaN;
      edges.push([line.times[index], line.name, line.kinds[index] === RISE ? "rising" : "falling", since]);
      n++;
    }
  }
  edges.sort((left, right) => left[0] - right[0]);
  const rows = edges.slice(0, ROWS_MAX).map(([time, name, edge, since]) => [
    timeText(time),
    name,
    edge,
    Number.isNaN(since) ? "–" : timeText(since),
  ]);
  const caption = edges.length > ROWS_MAX ? `The first ${ROWS_MAX}; zoom in for others` : "";
  const columns = ["Time", "Line", "Edge", "Since the edge before"];
  document.getElementById("edges-table").replaceChildren(table(caption, columns, rows, [0, 3]));
}
