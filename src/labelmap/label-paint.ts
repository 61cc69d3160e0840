import { BRICK_EDGE, BRICK_VOXELS, type Dims } from "#volume";
import { Touched } from "./label-change.ts";

/**
 * Gives the voxels of a mask the label `value` where `allowed[label they have]` is 1. Voxels past `extent` belong to no volume and
 * stay as they are.
 */
export function paintMask(
  labels: Uint16Array,
  words: Uint32Array,
  extent: Dims,
  allowed: Uint8Array,
  value: number,
): Touched {
  const touched = new Touched();
  const words0 = extent[2] * BRICK_EDGE * 2;
  for (let word = 0; word < words0; word++) {
    let bits = words[word]!;
    if (bits === 0 || ((word >> 1) & 63) >= extent[1]) continue;
    const within = extent[0] - (word & 1) * 32;
    if (within <= 0) continue;
    if (within < 32) bits &= (1 << within) - 1;
    const base = word * 32;
    while (bits !== 0) {
      const voxel = base + 31 - Math.clz32(bits & -bits);
      bits &= bits - 1;
      const old = labels[voxel]!;
      if (old === value || allowed[old] === 0) continue;
      labels[voxel] = value;
      touched.add(voxel);
    }
  }
  return touched;
}

/** Gives voxels the labels of `proposed` where these are not 0 and `allowed[label they have]` is 1. */
export function paintLabels(labels: Uint16Array, proposed: Uint16Array, extent: Dims, allowed: Uint8Array): Touched {
  const touched = new Touched();
  for (let voxel = 0; voxel < BRICK_VOXELS; voxel++) {
    const value = proposed[voxel]!;
    if (value === 0) continue;
    const old = labels[voxel]!;
    if (old === value || allowed[old] === 0) continue;
    if ((voxel & 63) >= extent[0] || ((voxel >> 6) & 63) >= extent[1] || voxel >> 12 >= extent[2]) continue;
    labels[voxel] = value;
    touched.add(voxel);
  }
  return touched;
}
