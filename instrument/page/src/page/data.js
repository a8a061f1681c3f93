// What the page shows: the head, as JSON; and the changes, holes and reads, as packed varints.

const head = JSON.parse(document.getElementById("head").textContent);

const RISE = 1;
const LOSE = 2;

const isEdge = (kind) => kind < LOSE;
const isHigh = (kind) => kind === RISE || kind === 4;

async function readData() {
  const text = atob(document.getElementById("changes").textContent);
  const packed = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) packed[i] = text.charCodeAt(i);
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const numbers = new Varints(new Uint8Array(await new Response(stream).arrayBuffer()));
  return {
    lines: head.lines.map((line) => ({ ...line, ...readChanges(numbers, line.changes) })),
    holes: readHoles(numbers, head.holes),
    reads: head.run && readReads(numbers, head.run.reads),
  };
}

class Varints {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  next() {
    let number = 0;
    let weight = 1;
    for (;;) {
      const byte = this.bytes[this.at++];
      number += (byte & 127) * weight;
      if (byte < 128) return number;
      weight *= 128;
    }
  }
}

// Adds up differences. Beyond 2^53 the sum is rounded, and what that takes away is added later.
class Sum {
  constructor() {
    this.value = 0;
    this.rest = 0;
  }

  add(difference) {
    const more = difference + this.rest;
    const value = this.value + more;
    this.rest = more - (value - this.value);
    return (this.value = value);
  }
}

function readChanges(numbers, count) {
  const times = new Float64Array(count);
  const kinds = new Uint8Array(count);
  const time = new Sum();
  for (let i = 0; i < count; i++) {
    times[i] = time.add(numbers.next());
    kinds[i] = numbers.next();
  }
  return { times, kinds };
}

// `lost` is NaN where the number is unknown. `sums[i]` is what was lost in the holes before hole i, and `unknown[i]` the number
// of those holes of which the number is unknown.
function readHoles(numbers, count) {
  const from = new Float64Array(count);
  const to = new Float64Array(count);
  const lost = new Float64Array(count);
  const sums = new Float64Array(count + 1);
  const unknown = new Float64Array(count + 1);
  const time = new Sum();
  for (let i = 0; i < count; i++) {
    from[i] = time.add(numbers.next());
    to[i] = time.add(numbers.next());
    const number = numbers.next();
    lost[i] = number === 0 ? NaN : number - 1;
    sums[i + 1] = sums[i] + Math.max(number - 1, 0);
    unknown[i + 1] = unknown[i] + (number === 0 ? 1 : 0);
  }
  return { from, to, lost, sums, unknown };
}

// `sums[i]` is how many records were read before read i.
function readReads(numbers, count) {
  const times = new Float64Array(count);
  const records = new Float64Array(count);
  const sums = new Float64Array(count + 1);
  const reasons = new Uint8Array(count);
  const time = new Sum();
  for (let i = 0; i < count; i++) {
    times[i] = time.add(numbers.next());
    records[i] = numbers.next();
    sums[i + 1] = sums[i] + records[i];
    reasons[i] = numbers.next();
  }
  return { times, records, sums, reasons };
}
