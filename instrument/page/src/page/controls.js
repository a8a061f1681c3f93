// Buttons, keys, mouse and touch.

// How near to an edge, in pixels, a click is meant for it.
const NEAR = 10;
// A pointer that moves less than this many pixels clicks.
const CLICK = 4;

function connectControls({ lines, holes }) {
  const byId = (id) => document.getElementById(id);
  const chosen = byId("line");
  lines.forEach((line, index) => chosen.add(new Option(line.name, index)));
  const line = () => lines[chosen.selectedIndex];
  const choose = (by) => {
    chosen.selectedIndex = Math.min(Math.max(chosen.selectedIndex + by, 0), lines.length - 1);
    changed();
  };
  chosen.addEventListener("change", changed);

  const actions = {
    "zoom-in": () => span.zoom(0.5, cursorX()),
    "zoom-out": () => span.zoom(2, cursorX()),
    "whole": () => span.whole(),
    "earlier": () => span.move(-0.25),
    "later": () => span.move(0.25),
    "next-loss": () => nextHole(holes),
    "edge-before": () => stepCursor(line(), false),
    "edge-after": () => stepCursor(line(), true),
    "clear": clearCursors,
  };
  for (const [id, action] of Object.entries(actions)) byId(id).addEventListener("click", action);
  byId("next-loss").hidden = holes.from.length === 0;

  const keys = {
    "+": actions["zoom-in"],
    "=": actions["zoom-in"],
    "-": actions["zoom-out"],
    "−": actions["zoom-out"],
    "0": actions.whole,
    "ArrowLeft": () => span.move(-0.1),
    "ArrowRight": () => span.move(0.1),
    "Shift+ArrowLeft": actions["edge-before"],
    "Shift+ArrowRight": actions["edge-after"],
    "ArrowUp": () => choose(-1),
    "ArrowDown": () => choose(1),
    "Home": () => span.show(WHOLE_BEGIN, span.length),
    "End": () => span.show(WHOLE_END - span.length, span.length),
    "a": () => activate("a"),
    "b": () => activate("b"),
    "n": () => holes.from.length > 0 && nextHole(holes),
    "Escape": clearCursors,
  };
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = event.key.startsWith("Arrow");
    const action = keys[event.shiftKey && arrow ? `Shift+${event.key}` : event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });

  connectPointers((x, y) => {
    const row = Math.floor((y - rowTop(0)) / ROW_HEIGHT);
    const time = span.time(x);
    if (row >= 0 && row < lines.length) {
      chosen.selectedIndex = row;
      const edge = nearestEdge(lines[row], time);
      if (Math.abs(span.x(edge) - x) <= NEAR) return setCursor(edge);
    }
    setCursor(Math.round(time));
  });
}

// Calls `click` with the place of a click or a tap. Dragging moves, two fingers and the wheel zoom.
function connectPointers(click) {
  const place = (event) => event.clientX - canvas.getBoundingClientRect().left - canvas.clientLeft;
  const down = new Map();
  let travelled = 0;

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    if (down.size === 0) travelled = 0;
    down.set(event.pointerId, place(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!down.has(event.pointerId)) return;
    const before = [...down.values()];
    down.set(event.pointerId, place(event));
    const after = [...down.values()];
    if (after.length === 1) {
      travelled += Math.abs(after[0] - before[0]);
      if (travelled > CLICK) span.move((before[0] - after[0]) / span.width);
    } else if (after.length === 2) {
      travelled = Infinity;
      const distance = (xs) => Math.max(Math.abs(xs[0] - xs[1]), 10);
      const middle = (xs) => (xs[0] + xs[1]) / 2;
      span.move((middle(before) - middle(after)) / span.width);
      span.zoom(distance(before) / distance(after), middle(after));
    }
  });
  canvas.addEventListener("pointerup", (event) => {
    if (!down.delete(event.pointerId) || travelled > CLICK) return;
    click(place(event), event.clientY - canvas.getBoundingClientRect().top - canvas.clientTop);
  });
  canvas.addEventListener("pointercancel", (event) => down.delete(event.pointerId));
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 30 : 1;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      span.move(((event.deltaX || event.deltaY) * lines) / span.width);
    } else {
      span.zoom(1.0025 ** (event.deltaY * lines), place(event));
    }
  }, { passive: false });
}
