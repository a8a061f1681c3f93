// Binary search in sorted numbers.

// The index of the first number that is not below `value`, from index `low` on.
function firstFrom(numbers, value, low = 0) {
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

// The index of the first number above `value`.
function firstAfter(numbers, value, low = 0) {
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
