import type { Dims, IndexBox } from "#volume";

/** Voxels along each axis; 0 or below where the box is empty. */
export function sizeOf({ min, max }: IndexBox): Dims {
  return [max[0] - min[0], max[1] - min[1], max[2] - min[2]];
}

export function isEmpty(box: IndexBox): boolean {
  return sizeOf(box).some((n) => n <= 0);
}

export function voxelsOf(box: IndexBox): number {
  const [ni, nj, nk] = sizeOf(box);
  return ni * nj * nk;
}

export function wholeBox(dims: Dims): IndexBox {
  return { min: [0, 0, 0], max: dims };
}

/** What two boxes share; perhaps empty. */
export function intersect(a: IndexBox, b: IndexBox): IndexBox {
  return { min: each(Math.max, a.min, b.min), max: each(Math.min, a.max, b.max) };
}

/** The smallest box around two. */
export function hull(a: IndexBox, b: IndexBox): IndexBox {
  return { min: each(Math.min, a.min, b.min), max: each(Math.max, a.max, b.max) };
}

/** The box with `margin` voxels more on both sides of each axis. */
export function expand({ min, max }: IndexBox, margin: Dims): IndexBox {
  return { min: each((a, b) => a - b, min, margin), max: each((a, b) => a + b, max, margin) };
}

/** The box seen from another origin. */
export function moved({ min, max }: IndexBox, by: Dims): IndexBox {
  return { min: each((a, b) => a - b, min, by), max: each((a, b) => a - b, max, by) };
}

function each(of: (a: number, b: number) => number, a: readonly number[], b: readonly number[]): Dims {
  return [of(a[0]!, b[0]!), of(a[1]!, b[1]!), of(a[2]!, b[2]!)];
}
