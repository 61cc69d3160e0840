import { VoxelwrightError } from "#base";
import { bytesPerVoxel, createVoxels, viewVoxels, type VoxelArray, type VoxelType } from "#volume";
import { decodeJpeg } from "./codecs/gdcm.ts";
import { decodeHtj2k } from "./codecs/openjph.ts";
import { decodeJpeg2000 } from "./codecs/openjpeg.ts";
import { decodeJpegLs } from "./codecs/charls.ts";
import type { DecodedSamples, FrameInfo } from "./codecs/frame-info.ts";
import { decodeRle } from "./codecs/rle.ts";
import { type StreamSize, streamSize } from "./codecs/stream-size.ts";
import type { PixelFormat } from "./instance.ts";

/** How voxels of a format are held: the allocated width, signed as Pixel Representation says. */
export function voxelTypeOf(format: PixelFormat): VoxelType {
  if (format.kind !== "integer") return "float32";
  return `${format.signed ? "int" : "uint"}${format.bitsAllocated}` as VoxelType;
}

/**
 * Voxels of one stored frame: decompressed, garbage above the stored bits masked off, sign extended (PS3.5 section 8.1.1). Pure and
 * without state but for loaded codecs, so it may run in any worker. Throws `source`, without a subject, for bytes that do not
 * decode to the frame's size.
 */
export async function decodeFrame(bytes: Uint8Array, info: FrameInfo): Promise<VoxelArray> {
  const count = info.rows * info.columns;
  if (info.coding === "raw") return maskBits(rawSamples(bytes, info, count), info);
  const stated = info.coding === "rle" ? undefined : streamSize(bytes);
  if (stated) checkSize(stated, info);
  const decoded = await decompress(bytes, info);
  checkSize(decoded, info);
  return maskBits(decoded.samples, info);
}

function checkSize({ columns, rows }: StreamSize, info: FrameInfo): void {
  if (columns === info.columns && rows === info.rows) return;
  const message = `The compressed voxels are ${columns}×${rows}, the header says ${info.columns}×${info.rows}.`;
  throw new VoxelwrightError("source", message);
}

async function decompress(bytes: Uint8Array, info: FrameInfo): Promise<DecodedSamples> {
  try {
    switch (info.coding) {
      case "rle":
        return decodeRle(bytes, info);
      case "jpeg":
        return await decodeJpeg(bytes, info);
      case "jpeg-ls":
        return await decodeJpegLs(bytes);
      case "jpeg-2000":
        return await decodeJpeg2000(bytes);
      case "htj2k":
        return await decodeHtj2k(bytes);
      case "raw":
        throw new VoxelwrightError("argument", "Raw voxels are not compressed.");
    }
  } catch (cause) {
    if (cause instanceof VoxelwrightError) throw cause;
    throw new VoxelwrightError("source", `The compressed voxels (${info.coding}) are damaged and cannot be decoded.`, {
      cause,
    });
  }
}

function rawSamples(bytes: Uint8Array, info: FrameInfo, count: number): ArrayLike<number> {
  const size = info.bitsAllocated / 8;
  if (bytes.length < count * size) {
    throw new VoxelwrightError("source", `The voxels end early: ${bytes.length} of ${count * size} bytes are there.`);
  }
  const buffer = aligned(bytes, size, count);
  if (info.swapBytes > 1) swapBytes(new Uint8Array(buffer), info.swapBytes);
  if (info.kind === "float32") return new Float32Array(buffer, 0, count);
  if (info.kind === "float64") return new Float64Array(buffer, 0, count);
  return size === 1
    ? new Uint8Array(buffer, 0, count)
    : size === 2
      ? new Uint16Array(buffer, 0, count)
      : new Uint32Array(buffer, 0, count);
}

/** The bytes in a buffer of their own. */
function aligned(bytes: Uint8Array, size: number, count: number): ArrayBuffer {
  const whole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength && bytes.byteLength % size === 0;
  return whole ? (bytes.buffer as ArrayBuffer) : (bytes.slice(0, count * size).buffer as ArrayBuffer);
}

function swapBytes(bytes: Uint8Array, size: number): void {
  for (let at = 0; at + size <= bytes.length; at += size) {
    for (let low = at, high = at + size - 1; low < high; low++, high--) {
      const byte = bytes[low]!;
      bytes[low] = bytes[high]!;
      bytes[high] = byte;
    }
  }
}

/** Keeps the stored bits and extends the sign. Samples that need neither become the voxels as they are, without a copy. */
function maskBits(samples: ArrayLike<number>, info: FrameInfo): VoxelArray {
  const count = info.rows * info.columns;
  const { bitsStored, signed } = info;
  if (samples.length < count)
    throw new VoxelwrightError("source", `Only ${samples.length} of ${count} voxels were decoded.`);
  const shift = info.coding === "raw" || info.coding === "rle" ? info.highBit + 1 - bitsStored : 0;
  const type = voxelTypeOf(info);
  if (info.kind !== "integer" || (shift === 0 && bitsStored === info.bitsAllocated))
    return asVoxels(samples, type, count);
  if (type === "int16" || type === "uint16") {
    const words = asVoxels(samples, type, count) as Int16Array | Uint16Array;
    if (words instanceof Int16Array) extendSigned(words, 32 - bitsStored - shift, 32 - bitsStored);
    else keepUnsigned(words, shift, 2 ** bitsStored - 1);
    return words;
  }
  const voxels = createVoxels(type, count);
  const up = 32 - bitsStored;
  if (signed) for (let n = 0; n < count; n++) voxels[n] = ((samples[n]! >>> shift) << up) >> up;
  else for (let n = 0; n < count; n++) voxels[n] = ((samples[n]! >>> shift) << up) >>> up;
  return voxels;
}

/** Apart for each array type, so that each is compiled for the one it meets. */
function extendSigned(voxels: Int16Array, up: number, down: number): void {
  for (let n = 0; n < voxels.length; n++) voxels[n] = (voxels[n]! << up) >> down;
}

function keepUnsigned(voxels: Uint16Array, shift: number, mask: number): void {
  for (let n = 0; n < voxels.length; n++) voxels[n] = (voxels[n]! >>> shift) & mask;
}

/** Samples as voxels of their type, in a buffer of their own: the decoder's buffer where it is one, else a copy. */
function asVoxels(samples: ArrayLike<number>, type: VoxelType, count: number): VoxelArray {
  const size = bytesPerVoxel(type);
  if (ArrayBuffer.isView(samples) && !(samples instanceof Float64Array)) {
    const { buffer, byteOffset, byteLength } = samples;
    const sameKind = samples instanceof Float32Array === (type === "float32");
    if (sameKind && byteLength === samples.length * size && buffer instanceof ArrayBuffer) {
      const own = byteOffset === 0 && byteLength === buffer.byteLength;
      return viewVoxels(type, own ? buffer : buffer.slice(byteOffset, byteOffset + count * size), 0, count);
    }
  }
  const voxels = createVoxels(type, count);
  for (let n = 0; n < count; n++) voxels[n] = samples[n]!;
  return voxels;
}
