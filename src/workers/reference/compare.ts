import type { Dims } from "#volume";
import type { CompareRow } from "../compare/compare.api.ts";
import { neighbourSteps } from "./grow.ts";

/** Agreement of two flat label maps on one segment, by trying every pair of surface voxels. */
export function compareReference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  dims: Dims,
  spacingMm: readonly [number, number, number],
  segment: number,
): CompareRow {
  let voxelsA = 0;
  let voxelsB = 0;
  let common = 0;
  for (let n = 0; n < a.length; n++) {
    if (a[n] === segment) voxelsA++;
    if (b[n] === segment) voxelsB++;
    if (a[n] === segment && b[n] === segment) common++;
  }
  const surfaceA = surfaceReference(a, dims, segment);
  const surfaceB = surfaceReference(b, dims, segment);
  const away = (from: readonly Dims[], to: readonly Dims[]) =>
    from.map((p) => Math.min(...to.map((q) => Math.hypot(...p.map((n, axis) => (n - q[axis]!) * spacingMm[axis]!)))));
  const distances = [...away(surfaceA, surfaceB), ...away(surfaceB, surfaceA)].sort((x, y) => x - y);
  const rank = 0.95 * (distances.length - 1);
  const low = distances[Math.floor(rank)]!;
  const high = distances[Math.ceil(rank)]!;
  const both = voxelsA > 0 && voxelsB > 0;
  return {
    segment,
    voxelsA,
    voxelsB,
    dice: (2 * common) / (voxelsA + voxelsB),
    hausdorff95Mm: both ? low + (high - low) * (rank - Math.floor(rank)) : undefined,
    meanSurfaceDistanceMm: both ? distances.reduce((sum, d) => sum + d, 0) / distances.length : undefined,
  };
}

function surfaceReference(labels: ArrayLike<number>, dims: Dims, segment: number): Dims[] {
  const value = (i: number, j: number, k: number) =>
    i < 0 || j < 0 || k < 0 || i >= dims[0] || j >= dims[1] || k >= dims[2]
      ? 0
      : labels[(k * dims[1] + j) * dims[0] + i];
  const surface: Dims[] = [];
  for (let k = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) {
      for (let i = 0; i < dims[0]; i++) {
        if (value(i, j, k) !== segment) continue;
        if (neighbourSteps(6).some(([di, dj, dk]) => value(i + di, j + dj, k + dk) !== segment))
          surface.push([i, j, k]);
      }
    }
  }
  return surface;
}
