import { add, applyLinear, cross, scale } from "#base";
import type { ImageGrid, PyramidLevel } from "#volume";
import type { SlicePlane } from "./slice-plane.ts";

/** What of a thick slice is shown: the greatest, the least or the mean value along its normal. */
export type SlabMode = "mip" | "minip" | "mean";

/** A thick slice, as planes at even distances whose cells fill it. */
export interface Slab {
  readonly mode: SlabMode;
  readonly planes: readonly SlicePlane[];
}

/** Planes of one slab at the most: 500 mm of 0.5 mm. */
const MOST_PLANES = 1000;

/**
 * The planes of a slab of `thicknessMm` around a plane, near side first: so many that a step along the normal moves by no more than
 * one voxel of the level along any axis, the same distance apart, each in the middle of its part. One plane where it is thinner.
 */
export function slabPlanes(
  grid: ImageGrid,
  level: PyramidLevel,
  plane: SlicePlane,
  thicknessMm: number,
): readonly SlicePlane[] {
  const normal = cross(plane.right, plane.down);
  const [i, j, k] = applyLinear(grid.lpsToIndex, normal);
  const gap = grid.regular ? 1 : grid.spacingMm[2];
  const perMm = Math.max(
    Math.abs(i) / level.factor[0],
    Math.abs(j) / level.factor[1],
    Math.abs(k) / gap / level.factor[2],
  );
  const count = Math.min(Math.max(Math.ceil(thicknessMm * perMm - 1e-6), 1), MOST_PLANES);
  return Array.from({ length: count }, (_, n) => {
    const off = ((n + 0.5) / count - 0.5) * thicknessMm;
    return count === 1 ? plane : { ...plane, origin: add(plane.origin, scale(normal, off)) };
  });
}
