import { VoxelwrightError } from "#base";
import type { DecodedSamples, FrameInfo } from "./frame-info.ts";

/** RLE (PS3.5 annex G): byte planes, most significant first, each packed by PackBits. Throws `source` where they end early. */
export function decodeRle(bytes: Uint8Array, info: FrameInfo): DecodedSamples {
  const { columns, rows } = info;
  const count = columns * rows;
  const planes = info.bitsAllocated / 8;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 64 || view.getUint32(0, true) !== planes) {
    throw new VoxelwrightError(
      "source",
      `The RLE voxels do not have the ${planes} byte planes that ${info.bitsAllocated} bits need.`,
    );
  }
  // Two bytes unpack to 128 at most: voxels that cannot come are not allocated.
  if (bytes.length * 64 < count * planes) {
    throw new VoxelwrightError(
      "source",
      `The RLE voxels end early: ${bytes.length} bytes cannot hold ${columns}×${rows}.`,
    );
  }
  const samples = planes === 1 ? new Uint8Array(count) : planes === 2 ? new Uint16Array(count) : new Uint32Array(count);
  const target = new Uint8Array(samples.buffer);
  for (let plane = 0; plane < planes; plane++) {
    const from = view.getUint32(4 + plane * 4, true);
    const to = plane + 1 < planes ? view.getUint32(8 + plane * 4, true) : bytes.length;
    if (!unpack(bytes.subarray(from, to), target, planes - 1 - plane, planes, count)) {
      throw new VoxelwrightError(
        "source",
        `The RLE voxels are damaged: byte plane ${plane + 1} does not unpack to ${count} bytes.`,
      );
    }
  }
  return { columns, rows, samples };
}

/**
 * Unpacks one byte plane into every `stride`-th byte of `target`. False unless it comes to exactly `count` bytes, with nothing
 * but a little padding after them: RLE has no checksum, so this is the only sign of damage.
 */
function unpack(packed: Uint8Array, target: Uint8Array, start: number, stride: number, count: number): boolean {
  let written = 0;
  let at = 0;
  while (at < packed.length && written < count) {
    const control = packed[at++]!;
    if (control === 128) continue;
    const length = control < 128 ? control + 1 : 257 - control;
    if (written + length > count || at + (control < 128 ? length : 1) > packed.length) return false;
    if (control < 128) {
      for (let n = 0; n < length; n++) target[start + written++ * stride] = packed[at++]!;
    } else {
      const value = packed[at++]!;
      for (let n = 0; n < length; n++) target[start + written++ * stride] = value;
    }
  }
  return written === count && (packed.length - at <= 2 || packed.subarray(at).every((byte) => byte === 0));
}
