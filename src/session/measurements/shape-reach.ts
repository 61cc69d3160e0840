import { add, dot, scale, type Vec3 } from "#base";
import type { PlaneShape } from "#labelmap";
import type { ImageGrid } from "#volume";

/** Smallest and largest continuous index that a shape's outline has on an axis. */
export function shapeReach(grid: ImageGrid, shape: PlaneShape, axis: 0 | 1 | 2): readonly [number, number] {
  const m = grid.lpsToIndex;
  const row: Vec3 = [m[axis * 4]!, m[axis * 4 + 1]!, m[axis * 4 + 2]!];
  const { center, halfWidthMm, halfHeightMm } = shape;
  const u = dot(row, shape.right) * halfWidthMm;
  const v = dot(row, shape.down) * halfHeightMm;
  // Where the outline goes furthest along the row: a corner, or the point of an ellipse whose tangent is at right angles to it.
  const size = Math.hypot(u, v) || 1;
  const [a, b] = shape.kind === "rectangle" ? [Math.sign(u), Math.sign(v)] : [u / size, v / size];
  const far = add(scale(shape.right, a * halfWidthMm), scale(shape.down, b * halfHeightMm));
  return [grid.toIndex(add(center, scale(far, -1)))[axis], grid.toIndex(add(center, far))[axis]];
}

/** True when a part of the shape lies outside the volume. */
export function reachesOutside(grid: ImageGrid, shape: PlaneShape): boolean {
  return ([0, 1, 2] as const).some((axis) => {
    const [low, high] = shapeReach(grid, shape, axis);
    return low < -0.5 - 1e-9 || high > grid.dims[axis] - 0.5 + 1e-9;
  });
}
