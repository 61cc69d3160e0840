import type { Dims } from "#volume";
import type { CompareRow } from "../compare/compare.api.ts";
import { SAME } from "../distance/metric.ts";
import { neighbourSteps } from "./grow.ts";

/** Agreement of two flat label maps on one segment, by trying every pair of surface voxels. */
export function compareReference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  dims: Dims,
  spacingMm: readonly [number, number, number],
  segment: number,
  toleranceMm = 1,
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
  const both = voxelsA > 0 && voxelsB > 0;
  const there = both ? away(surfaceA, surfaceB) : [];
  const back = both ? away(surfaceB, surfaceA) : [];
  const all = [...there, ...back];
  const mean = (values: readonly number[]) => values.reduce((sum, d) => sum + d, 0) / values.length;
  const directed = (values: readonly number[]) =>
    both
      ? { meanMm: mean(values), hausdorff95Mm: percentile(values, 0.95), hausdorffMm: percentile(values, 1) }
      : undefined;
  const within = all.filter((distance) => distance <= toleranceMm * (1 + SAME)).length;
  return {
    segment,
    voxelsA,
    voxelsB,
    voxelsCommon: common,
    dice: (2 * common) / (voxelsA + voxelsB),
    jaccard: common / (voxelsA + voxelsB - common),
    sensitivity: voxelsA > 0 ? common / voxelsA : undefined,
    precision: voxelsB > 0 ? common / voxelsB : undefined,
    volumeDifference: voxelsA > 0 ? (voxelsB - voxelsA) / voxelsA : undefined,
    hausdorff95Mm: both ? percentile(all, 0.95) : undefined,
    hausdorffMm: both ? percentile(all, 1) : undefined,
    meanSurfaceDistanceMm: both ? mean(all) : undefined,
    medianSurfaceDistanceMm: both ? percentile(all, 0.5) : undefined,
    surfaceVoxelsA: surfaceA.length,
    surfaceVoxelsB: surfaceB.length,
    surfaceVoxelsWithin: within,
    surfaceDice: within / (surfaceA.length + surfaceB.length),
    fromAToB: directed(there),
    fromBToA: directed(back),
  };
}

function percentile(values: readonly number[], share: number): number {
  const ascending = values.toSorted((x, y) => x - y);
  const rank = share * (ascending.length - 1);
  const low = ascending[Math.floor(rank)]!;
  return low + (ascending[Math.ceil(rank)]! - low) * (rank - Math.floor(rank));
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
