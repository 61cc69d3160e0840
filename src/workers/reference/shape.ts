import { type Affine, applyAffine, applyLinear, cross, dot, length, subtract, type Vec3 } from "#base";
import type { Dims } from "#volume";
import { cellTables } from "../statistics/marching-cubes.ts";

/** Shape of one label of a flat map, voxel by voxel and pair by pair. */
export interface ShapeReference {
  readonly centroidLps: Vec3;
  readonly meshAreaMm2: number;
  readonly meshVolumeMm3: number;
  readonly croftonAreaMm2: number;
  readonly feretMm: number;
  /** Covariance of voxel centres, row by row. */
  readonly covarianceMm2: readonly (readonly number[])[];
  /** Extent of all voxels, corners included, along the axes given. */
  readonly low: readonly number[];
  readonly high: readonly number[];
}

const SHARES = [0, 0.04577789120476 * 2, 0.03698062787608 * 2, 0.03519563978232 * 2];

export function shapeReference(
  labels: ArrayLike<number>,
  dims: Dims,
  indexToLps: Affine,
  segment: number,
  axes: readonly Vec3[],
): ShapeReference {
  const is = (i: number, j: number, k: number): boolean =>
    i >= 0 && j >= 0 && k >= 0 && i < dims[0] && j < dims[1] && k < dims[2]
      ? labels[(k * dims[1] + j) * dims[0] + i] === segment
      : false;
  const points: Vec3[] = [];
  let area = 0;
  let volume = 0;
  let crofton = 0;
  const steps = ([0, 1, 2] as const).map(
    (axis): Vec3 => [indexToLps[axis]!, indexToLps[4 + axis]!, indexToLps[8 + axis]!],
  );
  const tables = cellTables([steps[0]!, steps[1]!, steps[2]!]);
  const cellMm3 = length(steps[0]!) * length(steps[1]!) * length(steps[2]!);
  for (let k = -1; k < dims[2]; k++) {
    for (let j = -1; j < dims[1]; j++) {
      for (let i = -1; i < dims[0]; i++) {
        if (is(i, j, k)) points.push([i, j, k]);
        let configuration = 0;
        for (let n = 0; n < 8; n++) if (is(i + (n & 1), j + ((n >> 1) & 1), k + (n >> 2))) configuration |= 1 << n;
        area += tables.areas[configuration]!;
        volume += tables.volumes[configuration]!;
      }
    }
  }
  for (const [i, j, k] of points) {
    for (let dk = -1; dk <= 1; dk++) {
      for (let dj = -1; dj <= 1; dj++) {
        for (let di = -1; di <= 1; di++) {
          const share = SHARES[Math.abs(di) + Math.abs(dj) + Math.abs(dk)]!;
          if (share === 0 || is(i + di, j + dj, k + dk)) continue;
          const apart = Math.hypot(di * length(steps[0]!), dj * length(steps[1]!), dk * length(steps[2]!));
          crofton += 2 * (cellMm3 / apart) * share;
        }
      }
    }
  }
  const centres = points.map((point) => applyAffine(indexToLps, point));
  const mean = (of: (point: Vec3) => number): number => centres.reduce((sum, p) => sum + of(p), 0) / centres.length;
  const centroidLps: Vec3 = [mean((p) => p[0]), mean((p) => p[1]), mean((p) => p[2])];
  const covarianceMm2 = [0, 1, 2].map((a) =>
    [0, 1, 2].map((b) => mean((p) => (p[a]! - centroidLps[a]!) * (p[b]! - centroidLps[b]!))),
  );
  let feretMm = 0;
  for (const p of centres) for (const q of centres) feretMm = Math.max(feretMm, length(subtract(p, q)));
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((n) =>
    applyLinear(indexToLps, [(n & 1) - 0.5, ((n >> 1) & 1) - 0.5, (n >> 2) - 0.5]),
  );
  const ends = axes.map((axis) => {
    const half = Math.max(...corners.map((corner) => dot(axis, corner)));
    const along = centres.map((p) => dot(axis, subtract(p, centroidLps)));
    return [along.reduce((a, b) => Math.min(a, b)) - half, along.reduce((a, b) => Math.max(a, b)) + half] as const;
  });
  return {
    centroidLps,
    meshAreaMm2: area,
    meshVolumeMm3: volume * Math.abs(dot(steps[0]!, cross(steps[1]!, steps[2]!))),
    croftonAreaMm2: crofton,
    feretMm,
    covarianceMm2,
    low: ends.map(([low]) => low),
    high: ends.map(([, high]) => high),
  };
}
