import { VoxelwrightError } from "#base";
import type { DecodedSamples, FrameInfo } from "../decode-frame.ts";

/** RLE (PS3.5 annex G): byte planes, most significant first, each packed by PackBits. Throws `source` where they end early. */
export function decodeRle(bytes: Uint8Array, info: FrameInfo): DecodedSamples {
  const { columns, rows } = info;
  const count = columns * rows;
  const planes = info.bitsAllocated / 8;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 64 || view.getUint32(0, true) !== planes) {
    throw new VoxelwrightError("source", `The RLE voxels do not have the ${planes} byte planes that ${info.bitsAllocated} bits need.`);
  }
  const samples = planes === 1 ? new Uint8Array(count) : planes === 2 ? new Uint16Array(count) : new Uint32Array(count);
  const target = new Uint8Array(samples.buffer);
  for (let plane = 0; plane < planes; plane++) {
    const from = view.getUint32(4 + plane * 4, true);
    const to = plane + 1 < planes ? view.getUint32(8 + plane * 4, true) : bytes.length;
    const written = unpack(bytes.subarray(from, to), target, planes - 1 - plane, planes, count);
    if (written < count) throw new VoxelwrightError("source", `The RLE voxels end early: ${written} of ${count} are there.`);
  }
  return { columns, rows, samples };
}

/** Unpacks one byte plane into every `stride`-th byte of `target`; returns how many bytes came. */
function unpack(packed: Uint8Array, target: Uint8Array, start: number, stride: number, count: number): number {
  let written = 0;
  for (let at = 0; at < packed.length && written < count; ) {
    const control = packed[at++]!;
    if (control === 128) continue;
    if (control < 128) {
      const end = Math.min(at + control + 1, packed.length);
      for (; at < end && written < count; written++) target[start + written * stride] = packed[at++]!;
    } else {
      const value = packed[at++] ?? 0;
      const end = Math.min(written + 257 - control, count);
      for (; written < end; written++) target[start + written * stride] = value;
    }
  }
  return written;
}
