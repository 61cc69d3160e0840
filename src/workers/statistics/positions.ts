/** Steps of packed positions, as the core packs them: low + 2¹⁷ middle + 2³⁴ high, exact in a double. */
const STEP = 2 ** 17;

/** Voxels along an axis that packed positions can tell apart. */
export const MOST_VOXELS = STEP;

/** Positions as an array for each index, lowest first. */
export interface Unpacked {
  readonly low: Int32Array;
  readonly middle: Int32Array;
  readonly high: Int32Array;
}

export function unpackPositions(packed: Float64Array): Unpacked {
  const low = new Int32Array(packed.length);
  const middle = new Int32Array(packed.length);
  const high = new Int32Array(packed.length);
  for (let n = 0; n < packed.length; n++) {
    const upper = Math.floor(packed[n]! / STEP);
    low[n] = packed[n]! - upper * STEP;
    high[n] = Math.floor(upper / STEP);
    middle[n] = upper - high[n]! * STEP;
  }
  return { low, middle, high };
}

export function packPosition(low: number, middle: number, high: number): number {
  return (high * STEP + middle) * STEP + low;
}
