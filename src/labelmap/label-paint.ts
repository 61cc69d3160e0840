import { BRICK_VOXELS, type Dims } from "#volume";
import { LabelRunWriter } from "./label-brick.ts";
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
  for (let word = 0; word < words.length; word++) {
    if (words[word] === 0) continue;
    let bits = words[word]! & withinExtent(word, extent);
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

/**
 * A brick at rest whose voxels in a mask have the label `value` and the others none: what `paintMask` makes of background, without
 * laying out 64³ voxels. `bytes` is undefined where the mask holds no voxel of the volume.
 */
export function maskOverBackground(
  words: Uint32Array,
  extent: Dims,
  value: number,
): { readonly bytes: Uint8Array<ArrayBuffer> | undefined; readonly touched: Touched } {
  const touched = new Touched();
  const writer = new LabelRunWriter();
  let start = -1;
  const to = (voxel: number, inside: boolean): void => {
    if (inside) {
      writer.add(voxel, 0);
      start = voxel;
      return;
    }
    writer.add(voxel, value);
    touched.addRun(start, voxel - start);
    start = -1;
  };
  for (let word = 0; word < words.length; word++) {
    const bits = words[word]! & withinExtent(word, extent);
    if (bits === (start < 0 ? 0 : -1)) continue;
    for (let bit = 0; bit < 32; bit++) {
      const inside = ((bits >>> bit) & 1) === 1;
      if (inside !== start >= 0) to(word * 32 + bit, inside);
    }
  }
  if (start >= 0) to(BRICK_VOXELS, false);
  else writer.add(BRICK_VOXELS, 0);
  return { bytes: writer.finish(), touched };
}

/** Bits of a mask's word that lie within the extent. */
function withinExtent(word: number, [ni, nj, nk]: Dims): number {
  if (word >> 7 >= nk || ((word >> 1) & 63) >= nj) return 0;
  const within = ni - (word & 1) * 32;
  return within >= 32 ? -1 : within <= 0 ? 0 : (1 << within) - 1;
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
