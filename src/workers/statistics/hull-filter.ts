import { packPosition, type Unpacked, unpackPositions } from "./positions.ts";

/**
 * Those of the positions that are corners of the hull in every plane along two index axes: all corners of the convex hull, and few
 * more. Positions are packed with i lowest, in any order.
 */
export function hullCandidates(positions: Float64Array): Unpacked {
  // Planes across k, then j, then i; each turn brings another axis to the top, and i, j, k are in order again after three.
  let kept = positions;
  for (let turn = 0; turn < 3; turn++) {
    const { low, middle, high } = planeCorners(unpackPositions(kept.toSorted()));
    kept = new Float64Array(low.length);
    for (let n = 0; n < kept.length; n++) kept[n] = packPosition(high[n]!, low[n]!, middle[n]!);
  }
  return unpackPositions(kept);
}

/**
 * Corners of the convex hull of every plane across the highest axis, of ascending positions (Andrew's monotone chain); they are moved
 * to the front of the arrays given.
 */
function planeCorners({ low, middle, high }: Unpacked): Unpacked {
  const count = low.length;
  const keep = new Uint8Array(count);
  const chain = new Int32Array(count);
  for (let from = 0; from < count; ) {
    let end = from + 1;
    while (end < count && high[end] === high[from]) end++;
    for (const side of [1, -1]) {
      let top = 0;
      for (let n = from; n < end; n++) {
        while (top > 1) {
          const a = chain[top - 2]!;
          const b = chain[top - 1]!;
          const turn =
            (low[b]! - low[a]!) * (middle[n]! - middle[a]!) - (low[n]! - low[a]!) * (middle[b]! - middle[a]!);
          if (turn * side < 0) break;
          top--;
        }
        chain[top++] = n;
      }
      for (let n = 0; n < top; n++) keep[chain[n]!] = 1;
    }
    from = end;
  }
  let kept = 0;
  for (let n = 0; n < count; n++) {
    if (keep[n] === 0) continue;
    low[kept] = low[n]!;
    middle[kept] = middle[n]!;
    high[kept++] = high[n]!;
  }
  return { low: low.subarray(0, kept), middle: middle.subarray(0, kept), high: high.subarray(0, kept) };
}
