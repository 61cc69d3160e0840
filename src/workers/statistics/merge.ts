/** Values of one segment in one brick, or in several. */
export interface BrickSums {
  readonly segment: number;
  /** Voxels that are numbers. */
  readonly values: number;
  readonly mean: number;
  /** Sum of squared differences from the mean. */
  readonly squares: number;
  readonly min: number;
  readonly max: number;
}

/**
 * Sums of all bricks by segment. Merged in the order given, pair by pair (Chan, Golub and LeVeque, 1979), so that they do not depend
 * on who computed which brick.
 */
export function mergeSums(bricks: readonly (readonly BrickSums[])[]): Map<number, BrickSums> {
  const merged = new Map<number, BrickSums>();
  for (const row of bricks.flat()) {
    const held = merged.get(row.segment);
    merged.set(row.segment, held ? mergeTwo(held, row) : row);
  }
  return merged;
}

function mergeTwo(a: BrickSums, b: BrickSums): BrickSums {
  const values = a.values + b.values;
  const apart = b.mean - a.mean;
  return {
    segment: a.segment,
    values,
    mean: a.mean + (apart * b.values) / values,
    squares: a.squares + b.squares + (apart * apart * a.values * b.values) / values,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
  };
}
