import { BRICK_EDGE, type Dims, type VoxelArray, type VoxelType } from "#volume";
import { needsRange, planMetric, type SeedsMetric, seedKeys, type ValueRange } from "../seeds/metric.ts";
import type { SeedsRequest } from "../seeds/seeds.api.ts";
import { neighbourSteps } from "./grow.ts";

/** Ranks are kept in the low bits of one exact number, costs above: a heap by number is lexicographic. */
const RANKS = 65_536;

export interface SeedsReferenceResult {
  /** Label proposed for every voxel, 0 where none is. */
  readonly labels: Uint16Array;
  /** Cost in units of every voxel that is proposed or a seed; −1 elsewhere. */
  readonly costs: Float64Array;
  readonly metric: SeedsMetric;
}

/**
 * Growth from seeds by Dijkstra's algorithm with a binary heap over a flat volume, i fastest: what the kernel must equal voxel
 * for voxel. Seeds are fixed: paths begin there and lead through none.
 */
export function seedsReference(
  { dims, type, voxels }: { readonly dims: Dims; readonly type: VoxelType; readonly voxels: VoxelArray },
  drawn: ArrayLike<number>,
  request: SeedsRequest,
): SeedsReferenceResult {
  const segments = [...new Set(request.segments)].sort((a, b) => a - b);
  const min = dims.map((_, axis) => Math.max(0, Math.ceil(request.region?.min[axis] ?? 0))) as unknown as Dims;
  const max = dims.map((n, axis) => Math.min(n, Math.ceil(request.region?.max[axis] ?? n))) as unknown as Dims;
  const range = needsRange(type) ? finiteRange(dims, voxels, min, max) : undefined;
  const metric = planMetric(type, range, { ...request, segments });
  const seedKey = seedKeys(segments, metric, request.bias).map((key) => {
    const cost = Math.floor(key / 2 ** metric.labelBits);
    return cost * RANKS + (key % 2 ** metric.labelBits);
  });
  const { valueOffset, valueStep, costShift, stepUnits, maximumUnits } = metric;
  const quantised = Float64Array.from(voxels, (value) => Math.floor((value - valueOffset) / valueStep + 0.5));
  const inside = new Set(request.inside ?? [0]);
  const [ni, nj, nk] = dims;
  const free = new Uint8Array(voxels.length);
  const keys = new Float64Array(voxels.length).fill(Number.POSITIVE_INFINITY);
  const heap = new Heap();
  for (let k = min[2], n = 0; k < max[2]; k++) {
    for (let j = min[1]; j < max[1]; j++) {
      for (let i = min[0]; i < max[0]; i++) {
        n = (k * nj + j) * ni + i;
        if (!Number.isFinite(voxels[n]!)) continue;
        const rank = segments.indexOf(drawn[n]!);
        if (rank >= 0) {
          keys[n] = seedKey[rank]!;
          heap.push(keys[n]!, n);
        } else if (inside.has(drawn[n]!)) free[n] = 1;
      }
    }
  }
  const units = 2 ** costShift;
  const steps = neighbourSteps(request.connectivity).map(([di, dj, dk]) => {
    return { di, dj, dk, apart: (dk * nj + dj) * ni + di, cost: stepUnits[(dk + 1) * 9 + (dj + 1) * 3 + di + 1]! };
  });
  const done = new Uint8Array(voxels.length);
  for (let n = heap.pop(); n !== undefined; n = heap.pop()) {
    if (done[n] !== 0) continue;
    done[n] = 1;
    const i = n % ni;
    const j = Math.floor(n / ni) % nj;
    const k = Math.floor(n / (ni * nj));
    for (const { di, dj, dk, apart, cost } of steps) {
      if (i + di < 0 || j + dj < 0 || k + dk < 0 || i + di >= ni || j + dj >= nj || k + dk >= nk) continue;
      const m = n + apart;
      if (free[m] === 0) continue;
      const key = keys[n]! + (Math.abs(quantised[n]! - quantised[m]!) * units + cost) * RANKS;
      if (key >= keys[m]! || key >= (maximumUnits + 1) * RANKS) continue;
      keys[m] = key;
      heap.push(key, m);
    }
  }
  const labels = Uint16Array.from(keys, (key, n) => (free[n] && key < Infinity ? segments[(key % RANKS) - 1]! : 0));
  return { labels, costs: keys.map((key) => (key < Infinity ? Math.floor(key / RANKS) : -1)), metric };
}

/** Range of the finite values of all bricks that the region touches. */
function finiteRange([ni, nj, nk]: Dims, voxels: VoxelArray, min: Dims, max: Dims): ValueRange | undefined {
  const whole = (n: number) => Math.floor(n / BRICK_EDGE) * BRICK_EDGE;
  const end = (n: number, of: number) => Math.min(of, Math.ceil(n / BRICK_EDGE) * BRICK_EDGE);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let k = whole(min[2]); k < end(max[2], nk); k++) {
    for (let j = whole(min[1]); j < end(max[1], nj); j++) {
      for (let i = whole(min[0]); i < end(max[0], ni); i++) {
        const value = voxels[(k * nj + j) * ni + i]!;
        if (!Number.isFinite(value)) continue;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
  }
  return low <= high ? [low, high] : undefined;
}

/** A binary heap of (key, voxel); entries that were improved stay and are passed over when they come out. */
class Heap {
  readonly #keys: number[] = [];
  readonly #voxels: number[] = [];

  push(key: number, voxel: number): void {
    let at = this.#keys.length;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (this.#keys[up]! <= key) break;
      this.#keys[at] = this.#keys[up]!;
      this.#voxels[at] = this.#voxels[up]!;
      at = up;
    }
    this.#keys[at] = key;
    this.#voxels[at] = voxel;
  }

  pop(): number | undefined {
    const first = this.#voxels[0];
    const key = this.#keys.pop();
    const voxel = this.#voxels.pop();
    const size = this.#keys.length;
    if (key === undefined || voxel === undefined || size === 0) return first;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= size) break;
      if (down + 1 < size && this.#keys[down + 1]! < this.#keys[down]!) down++;
      if (this.#keys[down]! >= key) break;
      this.#keys[at] = this.#keys[down]!;
      this.#voxels[at] = this.#voxels[down]!;
      at = down;
    }
    this.#keys[at] = key;
    this.#voxels[at] = voxel;
    return first;
  }
}
