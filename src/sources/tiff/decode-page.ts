import { createVoxels, isVoxelType, type VoxelArray } from "#volume";
import { ZstdCodec } from "../zarr/zstd.ts";
import { sourceAlignment, sourceBytes, swapBytes, toVoxels } from "../voxel-conversion.ts";
import { unpackLzw } from "./lzw.ts";
import type { PackedPage, Packing } from "./packed-page.ts";
import { undoDifferences, undoFloatDifferences } from "./predictors.ts";

/**
 * Voxels of a page, row by row, of its packed bytes. Pure, so that it may run in any worker. Rejects with an error of any kind for blocks
 * that do not unpack to as many bytes as they should.
 */
export async function decodePage(bytes: Uint8Array<ArrayBuffer>, page: PackedPage): Promise<VoxelArray> {
  const { width, height, sourceType, blockWidth, blockHeight, predictor, littleEndian } = page;
  const size = sourceBytes(sourceType);
  const numbers = new Uint8Array(width * height * size);
  const across = Math.ceil(width / blockWidth);
  const rowBytes = blockWidth * size;
  const tile = across === 1 && blockWidth === width ? undefined : new Uint8Array(rowBytes * blockHeight);
  for (const [n, [start, length]] of page.blocks.entries()) {
    const top = Math.floor(n / across) * blockHeight;
    const rows = Math.min(blockHeight, height - top);
    const block = tile ?? numbers.subarray(top * rowBytes, (top + rows) * rowBytes);
    await unpack(bytes.subarray(start, start + length), block, page.packing);
    if (predictor === 2) {
      if (!littleEndian) swapBytes(block, sourceAlignment(sourceType));
      undoDifferences(block, blockWidth, size);
    } else if (predictor === 3) undoFloatDifferences(block, blockWidth, size);
    if (!tile) continue;
    const left = (n % across) * blockWidth;
    const columns = Math.min(blockWidth, width - left);
    for (let row = 0; row < rows; row++)
      numbers.set(tile.subarray(row * rowBytes, row * rowBytes + columns * size), ((top + row) * width + left) * size);
  }
  // What was predicted is little endian by now.
  return pageVoxels(numbers, width * height, page, littleEndian || predictor !== 1);
}

/** Numbers of a page as voxels; `numbers` begin at a multiple of eight bytes, and are swapped in place. A float64 that 32 bits cannot hold becomes infinite. */
export function pageVoxels(
  numbers: Uint8Array<ArrayBuffer>,
  count: number,
  { sourceType, voxelType }: Pick<PackedPage, "sourceType" | "voxelType">,
  littleEndian: boolean,
): VoxelArray {
  if (isVoxelType(sourceType)) return toVoxels(numbers, count, sourceType, littleEndian, undefined).voxels;
  if (!littleEndian) swapBytes(numbers, sourceAlignment(sourceType));
  const voxels = createVoxels(voxelType, count);
  voxels.set(new Float64Array(numbers.buffer, numbers.byteOffset, count));
  return voxels;
}

/** Fills `out`; rejects where there is less, or what is there is damaged. */
async function unpack(packed: Uint8Array<ArrayBuffer>, out: Uint8Array, packing: Packing): Promise<void> {
  switch (packing) {
    case "none":
      return take(packed, out);
    case "lzw":
      return unpackLzw(packed, out);
    case "packbits":
      return unpackBits(packed, out);
    case "deflate":
      return inflate(packed, out);
    case "zstd":
      return take(await ZstdCodec.fromConfig().decode(packed), out);
  }
}

function take(bytes: Uint8Array, out: Uint8Array): void {
  if (bytes.length < out.length) throw endsEarly();
  out.set(bytes.subarray(0, out.length));
}

/** To its end, which has the checksum. */
async function inflate(packed: Uint8Array<ArrayBuffer>, out: Uint8Array): Promise<void> {
  const { readable, writable } = new DecompressionStream("deflate");
  const writer = writable.getWriter();
  // The reader hears of what goes wrong.
  writer.write(packed).catch(() => undefined);
  writer.close().catch(() => undefined);
  let at = 0;
  for (const reader = readable.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    const part = value.subarray(0, out.length - at);
    out.set(part, at);
    at += part.length;
  }
  if (at < out.length) throw endsEarly();
}

/** TIFF 6.0, section 9. */
function unpackBits(packed: Uint8Array, out: Uint8Array): void {
  let at = 0;
  for (let n = 0; at < out.length; ) {
    if (n >= packed.length) throw endsEarly();
    const head = (packed[n++]! << 24) >> 24;
    if (head === -128) continue;
    if (head >= 0) {
      if (n + head + 1 > packed.length) throw endsEarly();
      const part = packed.subarray(n, n + Math.min(head + 1, out.length - at));
      out.set(part, at);
      at += part.length;
      n += head + 1;
    } else {
      if (n >= packed.length) throw endsEarly();
      const end = Math.min(out.length, at + 1 - head);
      out.fill(packed[n++]!, at, end);
      at = end;
    }
  }
}

function endsEarly(): Error {
  return new Error("a block ends early");
}
