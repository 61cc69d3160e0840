import { cross, dot, length, subtract, type Vec3 } from "#base";
import type { ImageGrid, PointLps } from "./image-grid.ts";

/** Unit vectors of a plane in LPS, at right angles. */
export interface PlaneDirections {
  readonly right: Vec3;
  readonly down: Vec3;
}

/** Index axis whose slices the plane is parallel to; undefined for an oblique plane. */
export function axisAcrossPlane(grid: ImageGrid, { right, down }: PlaneDirections): 0 | 1 | 2 | undefined {
  return ([0, 1, 2] as const).find((axis) => {
    const row = indexRow(grid, axis);
    return Math.max(Math.abs(dot(row, right)), Math.abs(dot(row, down))) < 1e-6 * length(row);
  });
}

/**
 * How many slices a point lies off the plane through `origin`, negative before it and positive behind. On slices of the grid these are
 * its own, uneven ones included; across an oblique plane a slice is the least way along the normal that crosses one of some voxel axis,
 * which is the step that such a plane is scrolled by.
 */
export function slicesOffPlane(
  grid: ImageGrid,
  plane: PlaneDirections & { readonly origin: PointLps },
  point: PointLps,
): number {
  const normal = cross(plane.right, plane.down);
  const offMm = dot(subtract(point, plane.origin), normal);
  const axis = axisAcrossPlane(grid, plane);
  if (axis === undefined) return offMm / obliqueSliceMm(grid, normal);
  const slices = Math.abs(grid.toIndex(point)[axis] - grid.toIndex(plane.origin)[axis]);
  return Math.sign(offMm) * slices;
}

/** Millimetres along a unit vector over which the index moves by one on the axis where it moves fastest. */
function obliqueSliceMm(grid: ImageGrid, along: Vec3): number {
  const steps = ([0, 1, 2] as const).map((axis) => {
    const gap = axis === 2 && !grid.regular ? grid.spacingMm[2] / length(grid.axis(2)) : 1;
    return dot(indexRow(grid, axis), along) / gap;
  });
  return 1 / Math.max(...steps.map(Math.abs));
}

/** Row of LPS → index without its shift: how the index on an axis changes a millimetre. */
function indexRow(grid: ImageGrid, axis: 0 | 1 | 2): Vec3 {
  const m = grid.lpsToIndex;
  return [m[axis * 4]!, m[axis * 4 + 1]!, m[axis * 4 + 2]!];
}
