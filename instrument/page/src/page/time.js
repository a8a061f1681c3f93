// Times, frequencies and counts as text. Times are numbers of units.

const secondsPerUnit = head.unit[0] / head.unit[1];

const TIME_PREFIXES = [["s", 1], ["ms", 1e3], ["µs", 1e6], ["ns", 1e9], ["ps", 1e12], ["fs", 1e15]];
const RATE_PREFIXES = [["GHz", 1e9], ["MHz", 1e6], ["kHz", 1e3], ["Hz", 1], ["mHz", 1e-3], ["µHz", 1e-6]];

// The largest prefix in which that many units are 1 or more.
function timePrefix(units) {
  const seconds = Math.abs(units) * secondsPerUnit;
  return TIME_PREFIXES.find(([, perSecond]) => seconds * perSecond > 1 - 1e-9) ?? TIME_PREFIXES[0];
}

// With as many digits as a difference of `step` units needs. A unit that is no power of ten, as 1/24 µs, gets three more.
function timeText(units, step = 1, prefix = timePrefix(units)) {
  const [name, perSecond] = prefix;
  const digits = Math.ceil(-Math.log10(step * secondsPerUnit * perSecond) - 1e-9);
  const exact = Number.isInteger(Math.round(Math.log10(secondsPerUnit) * 1e9) / 1e9);
  const value = (units * head.unit[0] * perSecond) / head.unit[1];
  const text = value.toFixed(Math.min(Math.max(digits + (exact ? 0 : 3), 0), 15));
  return `${text.includes(".") ? text.replace(/\.?0+$/, "") : text} ${name}`;
}

function rateText(units) {
  const hertz = 1 / (Math.abs(units) * secondsPerUnit);
  const [name, scale] = RATE_PREFIXES.find(([, scale]) => hertz >= scale * (1 - 1e-9)) ?? RATE_PREFIXES.at(-1);
  return `${Number((hertz / scale).toPrecision(6))} ${name}`;
}

const countText = (count) => count.toLocaleString("en");

const plural = (count, one, many = `${one}s`) => `${countText(count)} ${count === 1 ? one : many}`;
