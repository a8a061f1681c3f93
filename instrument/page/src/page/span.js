// The span of time that is shown, and where a time is on the canvas.

const WHOLE_BEGIN = -Math.max(head.end, 1) / 50;
const WHOLE_END = Math.max(head.end, 1) * 1.02;
// The fewest units that are shown.
const SPAN_MIN = 4;

const span = {
  begin: WHOLE_BEGIN,
  end: WHOLE_END,
  width: 1,

  get length() {
    return this.end - this.begin;
  },

  x(time) {
    return ((time - this.begin) / this.length) * this.width;
  },

  time(x) {
    return this.begin + (x / this.width) * this.length;
  },

  // Shows `length` units from `begin` on, or as near as there are any.
  show(begin, length) {
    const shown = Math.min(Math.max(length, SPAN_MIN), WHOLE_END - WHOLE_BEGIN);
    const most = WHOLE_END - shown;
    this.begin = Math.min(Math.max(begin + (length - shown) / 2, WHOLE_BEGIN), most);
    this.end = this.begin + shown;
    changed();
  },

  zoom(factor, x = this.width / 2) {
    const shown = WHOLE_END - WHOLE_BEGIN;
    const length = Math.min(Math.max(this.length * factor, Math.min(SPAN_MIN, shown)), shown);
    const kept = this.time(x);
    this.show(kept - (x / this.width) * length, length);
  },

  move(part) {
    this.show(this.begin + part * this.length, this.length);
  },

  whole() {
    this.show(WHOLE_BEGIN, WHOLE_END - WHOLE_BEGIN);
  },

  // Moves as little as makes `time` visible.
  reveal(time) {
    if (time < this.begin || time > this.end) this.show(time - this.length / 2, this.length);
  },
};
