import type { Dims, IndexBox } from "#volume";
import type { DistanceRequest } from "../distance/distance.api.ts";

/**
 * The least squared distance from every voxel of a box to a site, in the smallest spacing, Infinity where there is none: for every
 * site the sum of three f32 terms, i and j first, by trying all sites of a line, axis after axis. Sites are indexed in the volume.
 */
export function squaredDistancesReference(
  isSite: (i: number, j: number, k: number) => boolean,
  sites: IndexBox,
  box: IndexBox,
  spacingMm: readonly [number, number, number],
): Float32Array {
  const unit = Math.min(...spacingMm);
  const square = (axis: 0 | 1 | 2, steps: number): number => Math.fround(((spacingMm[axis] / unit) * steps) ** 2);
  const [ci, cj, ck] = [0, 1, 2].map((axis) => box.max[axis]! - box.min[axis]!) as [number, number, number];
  const [, nj, nk] = [0, 1, 2].map((axis) => sites.max[axis]! - sites.min[axis]!) as [number, number, number];
  const least = (count: number, of: (n: number) => number): number => {
    let best = Number.POSITIVE_INFINITY;
    for (let n = 0; n < count; n++) best = Math.min(best, of(n));
    return best;
  };
  const alongI = new Float32Array(ci * nj * nk).fill(Number.POSITIVE_INFINITY);
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let site = sites.min[0]; site < sites.max[0]; site++) {
        if (!isSite(site, j + sites.min[1], k + sites.min[2])) continue;
        for (let i = 0; i < ci; i++) {
          const n = (k * nj + j) * ci + i;
          alongI[n] = Math.min(alongI[n]!, square(0, site - i - box.min[0]));
        }
      }
    }
  }
  const alongJ = new Float32Array(ci * cj * nk);
  for (let k = 0, n = 0; k < nk; k++) {
    for (let j = 0; j < cj; j++) {
      const v = j + box.min[1] - sites.min[1];
      for (let i = 0; i < ci; i++, n++) {
        alongJ[n] = least(nj, (w) => Math.fround(alongI[(k * nj + w) * ci + i]! + square(1, w - v)));
      }
    }
  }
  const all = new Float32Array(ci * cj * ck);
  for (let k = 0, n = 0; k < ck; k++) {
    const v = k + box.min[2] - sites.min[2];
    for (let m = 0; m < ci * cj; m++, n++) {
      all[n] = least(nk, (w) => Math.fround(alongJ[w * ci * cj + m]! + square(2, w - v)));
    }
  }
  return all;
}

/** What the kernel gives for dense labels, bit for bit. */
export function distanceReference(
  labels: ArrayLike<number>,
  dims: Dims,
  { mode, spacingMm, segments, box = { min: [0, 0, 0], max: dims }, maxMm }: DistanceRequest,
): Float32Array {
  const whole: IndexBox = { min: [0, 0, 0], max: dims };
  const unit = Math.fround(Math.min(...spacingMm));
  const at = (i: number, j: number, k: number): number => labels[(k * dims[1] + j) * dims[0] + i]!;
  const isMember = (label: number): boolean => (segments ? segments.includes(label) : label !== 0);
  const mm = (isSite: (label: number) => boolean): Float32Array =>
    squaredDistancesReference((i, j, k) => isSite(at(i, j, k)), whole, box, spacingMm).map((squared) =>
      Math.fround(Math.fround(Math.sqrt(squared)) * unit),
    );
  const field = mode === "many" ? undefined : mm(isMember);
  const inside = mode === "signed" ? mm((label) => !isMember(label)) : undefined;
  const perLabel = new Map<number, Float32Array>();
  const values = new Float32Array((box.max[0] - box.min[0]) * (box.max[1] - box.min[1]) * (box.max[2] - box.min[2]));
  let n = 0;
  for (let k = box.min[2]; k < box.max[2]; k++) {
    for (let j = box.min[1]; j < box.max[1]; j++) {
      for (let i = box.min[0]; i < box.max[0]; i++, n++) {
        const label = at(i, j, k);
        if (field) values[n] = inside && isMember(label) ? -inside[n]! : field[n]!;
        else if (label !== 0 && isMember(label)) {
          if (!perLabel.has(label))
            perLabel.set(
              label,
              mm((other) => other !== label),
            );
          values[n] = perLabel.get(label)![n]!;
        }
        if (maxMm !== undefined) values[n] = Math.max(-maxMm, Math.min(maxMm, values[n]!));
      }
    }
  }
  return values;
}
