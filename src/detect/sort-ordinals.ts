/** Ordinals that are sorted one by one before they are merged. */
const RUN = 16;

/**
 * Sorts ordinals in place and returns them. `Uint32Array.prototype.sort` with a comparator first makes an array of JavaScript numbers and
 * merges it in another one: of a million ordinals these grow the heap by a hundred megabytes, which it does not give back soon.
 * This is a merge sort in two arrays of 32 bits each. What is in order already (a walk of a sorted folder) is left as it is.
 */
export function sortOrdinals(ordinals: Uint32Array, compare: (a: number, b: number) => number): Uint32Array {
  const { length } = ordinals;
  for (let from = 0; from < length; from += RUN) sortRun(ordinals, from, Math.min(from + RUN, length), compare);
  const left = new Uint32Array(length);
  for (let width = RUN; width < length; width *= 2)
    for (let from = 0; from + width < length; from += 2 * width)
      merge(ordinals, left, from, from + width, Math.min(from + 2 * width, length), compare);
  return ordinals;
}

function sortRun(ordinals: Uint32Array, from: number, to: number, compare: (a: number, b: number) => number): void {
  for (let n = from + 1; n < to; n++) {
    const one = ordinals[n]!;
    let at = n;
    for (; at > from && compare(ordinals[at - 1]!, one) > 0; at--) ordinals[at] = ordinals[at - 1]!;
    ordinals[at] = one;
  }
}

/** Merges the sorted runs from..middle and middle..to. @param left space for the first one */
function merge(
  ordinals: Uint32Array,
  left: Uint32Array,
  from: number,
  middle: number,
  to: number,
  compare: (a: number, b: number) => number,
): void {
  if (compare(ordinals[middle - 1]!, ordinals[middle]!) <= 0) return;
  const count = middle - from;
  left.set(ordinals.subarray(from, middle));
  let one = 0;
  let two = middle;
  let at = from;
  while (one < count && two < to)
    ordinals[at++] = compare(left[one]!, ordinals[two]!) <= 0 ? left[one++]! : ordinals[two++]!;
  while (one < count) ordinals[at++] = left[one++]!;
}
