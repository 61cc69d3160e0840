import { bytesPerVoxel, isVoxelType, type VoxelArray, type VoxelType, viewVoxels } from "#volume";

/** Types of voxels as files hold them. */
export type SourceType = VoxelType | "int64" | "uint64" | "float64" | "rgb24" | "rgba32" | "complex64" | "complex128";

/** How a type that bricks do not hold is brought in. */
interface Conversion {
  readonly bytes: number;
  readonly held: VoxelType;
  /** Bytes of the numbers inside one voxel, for swapping. */
  readonly swap: number;
  /** What is said about it; `undefined` where no value can change. */
  readonly note: string;
  /** Converts `count` voxels of little-endian `bytes`; returns the index of the first that does not fit, or −1. */
  readonly convert: (bytes: Uint8Array, count: number, out: VoxelArray) => number;
}

const CONVERSIONS: Readonly<Record<Exclude<SourceType, VoxelType>, Conversion>> = {
  int64: {
    bytes: 8,
    held: "int32",
    swap: 8,
    note: "64-bit integers are held in 32 bits; a value that does not fit would have stopped the import.",
    convert: convertInt64,
  },
  uint64: {
    bytes: 8,
    held: "uint32",
    swap: 8,
    note: "64-bit integers are held in 32 bits; a value that does not fit would have stopped the import.",
    convert: convertUint64,
  },
  float64: {
    bytes: 8,
    held: "float32",
    swap: 8,
    note: "64-bit floating point values are rounded to 32 bits (about 7 digits).",
    convert: convertFloat64,
  },
  rgb24: {
    bytes: 3,
    held: "uint8",
    swap: 1,
    note: "Colour is shown as grey (luma of red, green and blue).",
    convert: convertRgb,
  },
  rgba32: {
    bytes: 4,
    held: "uint8",
    swap: 1,
    note: "Colour is shown as grey (luma of red, green and blue); opacity is left out.",
    convert: convertRgba,
  },
  complex64: {
    bytes: 8,
    held: "float32",
    swap: 4,
    note: "Complex values are shown by their magnitude.",
    convert: convertComplex64,
  },
  complex128: {
    bytes: 16,
    held: "float32",
    swap: 8,
    note: "Complex values are shown by their magnitude, rounded to 32 bits.",
    convert: convertComplex128,
  },
};

/** Bytes of one voxel in the file. */
export function sourceBytes(type: SourceType): number {
  return isVoxelType(type) ? bytesPerVoxel(type) : CONVERSIONS[type].bytes;
}

/** How bricks hold a source type. */
export function heldAs(type: SourceType): VoxelType {
  return isVoxelType(type) ? type : CONVERSIONS[type].held;
}

/** The sentence a conversion owes to the reader, if there is one. */
export function conversionNote(type: SourceType): string | undefined {
  return isVoxelType(type) ? undefined : CONVERSIONS[type].note;
}

/** Alignment that reading in place needs. */
export function sourceAlignment(type: SourceType): number {
  return isVoxelType(type) ? bytesPerVoxel(type) : CONVERSIONS[type].swap;
}

/**
 * Voxels of one slice from file bytes: a view where the type is held as it is, else converted into `out`. `bytes` starts at
 * a multiple of `sourceAlignment` and is swapped in place when the file is big endian. `misfit` is the index of the first
 * voxel whose value cannot be held, −1 when all can.
 */
export function toVoxels(
  bytes: Uint8Array,
  count: number,
  type: SourceType,
  littleEndian: boolean,
  out: VoxelArray | undefined,
): { readonly voxels: VoxelArray; readonly misfit: number } {
  if (isVoxelType(type)) {
    if (!littleEndian) swapBytes(bytes, bytesPerVoxel(type));
    return { voxels: viewVoxels(type, bytes.buffer, bytes.byteOffset, count), misfit: -1 };
  }
  const conversion = CONVERSIONS[type];
  if (!littleEndian) swapBytes(bytes, conversion.swap);
  return { voxels: out!, misfit: conversion.convert(bytes, count, out!) };
}

/** The value of one voxel that did not fit, for a message. `bytes` are little endian by now. */
export function misfitValue(bytes: Uint8Array, index: number, type: SourceType): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type === "int64") return String(view.getBigInt64(index * 8, true));
  if (type === "uint64") return String(view.getBigUint64(index * 8, true));
  if (type === "float64") return String(view.getFloat64(index * 8, true));
  return "a value beyond the range of 32-bit floating point";
}

/** Reverses the bytes of each number of `size` bytes in place; `bytes` is aligned to `size`. */
export function swapBytes(bytes: Uint8Array, size: number): void {
  if (size === 2) {
    const words = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1);
    for (let n = 0; n < words.length; n++) {
      const v = words[n]!;
      words[n] = (v << 8) | (v >>> 8);
    }
  } else if (size >= 4) {
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);
    for (let n = 0; n < words.length; n++) {
      const v = words[n]!;
      words[n] = (v << 24) | ((v & 0xff00) << 8) | ((v >>> 8) & 0xff00) | (v >>> 24);
    }
    if (size === 8) {
      for (let n = 0; n + 1 < words.length; n += 2) {
        const low = words[n]!;
        words[n] = words[n + 1]!;
        words[n + 1] = low;
      }
    }
  }
}

function convertInt64(bytes: Uint8Array, count: number, out: VoxelArray): number {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset, count * 2);
  for (let n = 0; n < count; n++) {
    const low = words[2 * n]!;
    if (words[2 * n + 1] !== low >> 31) return n;
    out[n] = low;
  }
  return -1;
}

function convertUint64(bytes: Uint8Array, count: number, out: VoxelArray): number {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, count * 2);
  for (let n = 0; n < count; n++) {
    if (words[2 * n + 1] !== 0) return n;
    out[n] = words[2 * n]!;
  }
  return -1;
}

function convertFloat64(bytes: Uint8Array, count: number, out: VoxelArray): number {
  const values = new Float64Array(bytes.buffer, bytes.byteOffset, count);
  for (let n = 0; n < count; n++) {
    const value = values[n]!;
    out[n] = value;
    if (out[n] === Infinity || out[n] === -Infinity) if (Number.isFinite(value)) return n;
  }
  return -1;
}

/** Luma by the weights of ITU-R BT.601, in 16-bit fixed point that sums to 1. */
function convertRgb(bytes: Uint8Array, count: number, out: VoxelArray): number {
  for (let n = 0, at = 0; n < count; n++, at += 3) {
    out[n] = (bytes[at]! * 19595 + bytes[at + 1]! * 38470 + bytes[at + 2]! * 7471 + 32768) >>> 16;
  }
  return -1;
}

function convertRgba(bytes: Uint8Array, count: number, out: VoxelArray): number {
  for (let n = 0, at = 0; n < count; n++, at += 4) {
    out[n] = (bytes[at]! * 19595 + bytes[at + 1]! * 38470 + bytes[at + 2]! * 7471 + 32768) >>> 16;
  }
  return -1;
}

function convertComplex64(bytes: Uint8Array, count: number, out: VoxelArray): number {
  return magnitudes(new Float32Array(bytes.buffer, bytes.byteOffset, count * 2), count, out);
}

function convertComplex128(bytes: Uint8Array, count: number, out: VoxelArray): number {
  return magnitudes(new Float64Array(bytes.buffer, bytes.byteOffset, count * 2), count, out);
}

function magnitudes(values: Float32Array | Float64Array, count: number, out: VoxelArray): number {
  for (let n = 0; n < count; n++) {
    const real = values[2 * n]!;
    const imaginary = values[2 * n + 1]!;
    out[n] = Math.sqrt(real * real + imaginary * imaginary);
    if (out[n] === Infinity && Number.isFinite(real) && Number.isFinite(imaginary)) return n;
  }
  return -1;
}
