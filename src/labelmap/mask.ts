import { BRICK_VOXELS, type BrickPixels } from "#volume";

/** Bytes of a brick's mask: voxel n is bit n & 7 of byte n >> 3. */
export const MASK_BYTES = BRICK_VOXELS / 8;

/** A mask with no voxel set. */
export function emptyMask(): Uint8Array<ArrayBuffer> {
  return new Uint8Array(MASK_BYTES);
}

/** Sets `length` voxels from voxel `start` on. */
export function setMaskRun(mask: Uint8Array, start: number, length: number): void {
  const end = start + length;
  const firstByte = start >> 3;
  const lastByte = (end - 1) >> 3;
  const head = (0xff << (start & 7)) & 0xff;
  const tail = 0xff >> (7 - ((end - 1) & 7));
  if (firstByte === lastByte) {
    mask[firstByte]! |= head & tail;
    return;
  }
  mask[firstByte]! |= head;
  mask.fill(0xff, firstByte + 1, lastByte);
  mask[lastByte]! |= tail;
}

export function isInMask(mask: Uint8Array, voxel: number): boolean {
  return ((mask[voxel >> 3]! >> (voxel & 7)) & 1) === 1;
}

/** Voxels set. */
export function countMask(mask: Uint8Array): number {
  let count = 0;
  for (let byte of mask) for (; byte !== 0; byte &= byte - 1) count++;
  return count;
}

/** The mask as 32-bit words, voxel n in bit n & 31 of word n >> 5; a view where the bytes lie right, else a copy. */
export function maskWords(mask: Uint8Array): Uint32Array {
  const lies = mask.byteOffset % 4 === 0;
  return lies ? new Uint32Array(mask.buffer, mask.byteOffset, MASK_BYTES / 4) : new Uint32Array(mask.slice().buffer);
}

/**
 * The mask without the voxels whose stored value is not from `low` to `high` (inclusive). NaN is never in a range. `pixels` are of
 * the same brick at level 0.
 */
export function restrictToRange(mask: Uint8Array, pixels: BrickPixels, low: number, high: number): Uint8Array {
  if (pixels.min >= low && pixels.max <= high && !(pixels.voxels instanceof Float32Array)) return mask.slice();
  const restricted = emptyMask();
  if (pixels.max < low || pixels.min > high) return restricted;
  const { voxels } = pixels;
  for (let byte = 0; byte < MASK_BYTES; byte++) {
    let bits = mask[byte]!;
    if (bits === 0) continue;
    for (let bit = 0; bit < 8; bit++) {
      const value = voxels[byte * 8 + bit]!;
      if (!(value >= low && value <= high)) bits &= ~(1 << bit);
    }
    restricted[byte] = bits;
  }
  return restricted;
}
