import { BRICK_VOXELS } from "#volume";
import { ByteReader, ByteWriter } from "./bytes.ts";
import { emptyMask, maskWords, setMaskRun } from "./mask.ts";

/**
 * A brick's mask as runs: lengths of voxels not set, set, not set, … as varints until all 64³ are told, i fastest. The WASM core
 * writes the same bytes.
 */
export function encodeMaskRuns(mask: Uint8Array): Uint8Array<ArrayBuffer> {
  const words = maskWords(mask);
  const writer = new ByteWriter();
  let start = 0;
  let inside = 0;
  for (let n = 0; n < words.length; n++) {
    const word = words[n]!;
    if (word === (inside ? 0xffffffff : 0)) continue;
    for (let bit = 0; bit < 32; bit++) {
      if (((word >>> bit) & 1) === inside) continue;
      writer.varint(n * 32 + bit - start);
      start = n * 32 + bit;
      inside ^= 1;
    }
  }
  writer.varint(BRICK_VOXELS - start);
  return writer.finish();
}

/** The inverse, into `mask` or a new one. Throws `integrity` for bytes that do not tell 64³ voxels. */
export function decodeMaskRuns(bytes: Uint8Array, mask: Uint8Array = emptyMask()): Uint8Array {
  mask.fill(0);
  const reader = new ByteReader(bytes, "A mask");
  let at = 0;
  for (let inside = false; at < BRICK_VOXELS; inside = !inside) {
    const length = reader.varint();
    if (at + length > BRICK_VOXELS) throw reader.fault("has a run of a wrong length");
    if (inside && length > 0) setMaskRun(mask, at, length);
    at += length;
  }
  if (!reader.done) throw reader.fault("goes on after its last voxel");
  return mask;
}
