import type { Dims, IndexBox, VoxelArray } from "#volume";
import type { ConfidenceRange, GrowRequest } from "../growth/growth.api.ts";
import { growReference } from "./grow.ts";

interface Volume {
  readonly dims: Dims;
  readonly voxels: VoxelArray;
}

type Reading = (i: number, j: number, k: number) => number;

/** Reads a flat volume; beyond its border the border is repeated. */
function reader<Values extends ArrayLike<number>>(values: Values, [ni, nj, nk]: Dims): Reading {
  const clamp = (n: number, size: number): number => Math.min(Math.max(n, 0), size - 1);
  return (i, j, k) => values[(clamp(k, nk) * nj + clamp(j, nj)) * ni + clamp(i, ni)]!;
}

function fill(dims: Dims, value: (i: number, j: number, k: number) => boolean): Uint8Array {
  const out = new Uint8Array(dims[0] * dims[1] * dims[2]);
  let n = 0;
  for (let k = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) for (let i = 0; i < dims[0]; i++) out[n++] = value(i, j, k) ? 1 : 0;
  }
  return out;
}

/** Growth by every rule of a request, step by step as its fields are defined. */
export function growByRulesReference(volume: Volume, request: GrowRequest): Uint8Array {
  const { dims } = volume;
  if (request.confidence) return growByConfidenceReference(volume, request, request.confidence);
  const at = reader(volume.voxels, dims);
  const { low, high } = request.range!;
  const { gradient, leakGuard } = request;
  const steep = (i: number, j: number, k: number): boolean => {
    if (!gradient) return false;
    const [si, sj, sk] = gradient.spacingMm;
    const gi = (at(i + 1, j, k) - at(i - 1, j, k)) * (1 / (2 * si));
    const gj = (at(i, j + 1, k) - at(i, j - 1, k)) * (1 / (2 * sj));
    const gk = (at(i, j, k + 1) - at(i, j, k - 1)) * (1 / (2 * sk));
    return !(gi * gi + gj * gj + gk * gk <= gradient.maximumPerMm ** 2);
  };
  const allowed = fill(dims, (i, j, k) => at(i, j, k) >= low && at(i, j, k) <= high && !steep(i, j, k));
  const radius = leakGuard?.radius ?? [0, 0, 0];
  const inside = reader(allowed, dims);
  const eroded = fill(dims, (i, j, k) => boxEvery(radius, (a, b, c) => inside(i + a, j + b, k + c) === 1));
  const grown = growReference(eroded, dims, request.seeds, { low: 1, high: 1 }, request.connectivity, request.region);
  const reached = reader(grown, dims);
  const region: IndexBox = request.region ?? { min: [0, 0, 0], max: dims };
  return fill(dims, (i, j, k) => {
    const within = [i, j, k].every((n, axis) => n >= region.min[axis]! && n < region.max[axis]!);
    return within && inside(i, j, k) === 1 && !boxEvery(radius, (a, b, c) => reached(i + a, j + b, k + c) === 0);
  });
}

function boxEvery([ri, rj, rk]: readonly number[], test: (a: number, b: number, c: number) => boolean): boolean {
  for (let c = -rk!; c <= rk!; c++) {
    for (let b = -rj!; b <= rj!; b++) for (let a = -ri!; a <= ri!; a++) if (!test(a, b, c)) return false;
  }
  return true;
}

function growByConfidenceReference(volume: Volume, request: GrowRequest, rule: ConfidenceRange): Uint8Array {
  const at = reader(volume.voxels, volume.dims);
  const { confidence: _, ...rest } = request;
  const seeds = request.seeds.map(([i, j, k]) => at(i, j, k)).filter(Number.isFinite);
  const rangeOf = (values: readonly number[]) => {
    const numbers = values.filter(Number.isFinite);
    const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
    const variance = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (numbers.length - 1);
    const away = rule.multiplier * Math.sqrt(variance);
    return { variance, range: { low: Math.min(mean - away, ...seeds), high: Math.max(mean + away, ...seeds) } };
  };
  const around: number[] = [];
  for (const [i, j, k] of request.seeds) {
    boxEvery([rule.radius, rule.radius, rule.radius], (a, b, c) => around.push(at(i + a, j + b, k + c)) > 0);
  }
  let grown = growByRulesReference(volume, { ...rest, range: rangeOf(around).range });
  for (let n = 0; n < rule.iterations; n++) {
    const values = [...volume.voxels].filter((_value, voxel) => grown[voxel] === 1);
    if (values.length < 2) break;
    const { variance, range } = rangeOf(values);
    if (variance === 0) break;
    grown = growByRulesReference(volume, { ...rest, range });
  }
  return grown;
}
