import { BRICK_VOXELS, type VoxelArray, type VoxelType } from "#volume";

/** How the voxels of one type lie in an atlas: `stored = texel · scale + offset`. */
export interface BrickFormat {
  readonly texture: "r8unorm" | "rg8unorm" | "r32float";
  readonly scale: number;
  readonly offset: number;
  /** Bytes of one brick in the atlas. */
  readonly brickBytes: number;
}

/**
 * 8-bit types take one byte a voxel, 16-bit types the low byte and the high one. All others take a float, which holds every integer up
 * to 2²⁴ exactly. A filtered pair is the pair of what is filtered, so bytes serve hardware that cannot filter floats, or does so at a
 * part of its speed; what is read of them is off the voxel's value by no more than 1/100.
 */
export function brickFormat(type: VoxelType): BrickFormat {
  if (type === "uint8") return { texture: "r8unorm", scale: 255, offset: 0, brickBytes: BRICK_VOXELS };
  // Signed bytes are shifted by 128 on upload: r8snorm would take −128 and −127 for one value.
  if (type === "int8") return { texture: "r8unorm", scale: 255, offset: -128, brickBytes: BRICK_VOXELS };
  if (type === "uint16" || type === "int16") {
    // Signed numbers are shifted by half the range, as signed bytes are.
    const offset = type === "int16" ? -32768 : 0;
    return { texture: "rg8unorm", scale: 255, offset, brickBytes: BRICK_VOXELS * 2 };
  }
  return { texture: "r32float", scale: 1, offset: 0, brickBytes: BRICK_VOXELS * 4 };
}

/** Largest magnitude up to which a float holds every integer. */
const FLOAT_EXACT = 2 ** 24;

/** True when values of this type in [min, max] reach the screen unrounded. */
export function formatIsExact(type: VoxelType, min: number, max: number): boolean {
  if (type !== "uint32" && type !== "int32") return true;
  return min >= -FLOAT_EXACT && max <= FLOAT_EXACT;
}

/** Stands for NaN in an atlas: below every window and transparent in every transfer function. */
export const NO_VALUE = -3e38;

/** Least and greatest texel, as the shader reads it, of a brick whose voxels lie between `min` and `max`, NaN aside. */
export function texelRange(
  type: VoxelType,
  { scale, offset }: BrickFormat,
  min: number,
  max: number,
): readonly [min: number, max: number] {
  // Its NaN are below all others.
  if (type === "float32") return [NO_VALUE, Number.isFinite(max) ? max : -NO_VALUE];
  return [(min - offset) / scale, (max - offset) / scale];
}

/** Texels of a brick as its atlas takes them; `scratch` (64³ floats) is used where voxels must be converted. */
export function brickTexels(
  type: VoxelType,
  { texture }: BrickFormat,
  voxels: VoxelArray,
  scratch: Float32Array<ArrayBuffer>,
): Uint8Array | Uint16Array | Float32Array {
  if (type === "uint8") return voxels as Uint8Array;
  if (texture === "rg8unorm") return type === "uint16" ? (voxels as Uint16Array) : shifted16(voxels, scratch);
  if (type === "int8") {
    const bytes = new Uint8Array(scratch.buffer, 0, BRICK_VOXELS);
    for (let n = 0; n < BRICK_VOXELS; n++) bytes[n] = voxels[n]! + 128;
    return bytes;
  }
  if (type !== "float32") {
    for (let n = 0; n < BRICK_VOXELS; n++) scratch[n] = voxels[n]!;
    return scratch;
  }
  for (let n = 0; n < BRICK_VOXELS; n++) {
    const value = voxels[n]!;
    scratch[n] = Number.isNaN(value) ? NO_VALUE : Math.min(Math.max(value, NO_VALUE), -NO_VALUE);
  }
  return scratch;
}

/** Signed 16-bit voxels with their sign bit turned over, which adds half the range; two at a time. */
function shifted16(voxels: VoxelArray, scratch: Float32Array<ArrayBuffer>): Uint16Array {
  const into = new Uint32Array(scratch.buffer, 0, BRICK_VOXELS / 2);
  if (voxels.byteOffset % 4 === 0) {
    const pairs = new Uint32Array(voxels.buffer, voxels.byteOffset, BRICK_VOXELS / 2);
    for (let n = 0; n < into.length; n++) into[n] = pairs[n]! ^ 0x80008000;
  } else {
    for (let n = 0; n < into.length; n++)
      into[n] = ((voxels[2 * n]! & 0xffff) | (voxels[2 * n + 1]! << 16)) ^ 0x80008000;
  }
  return new Uint16Array(scratch.buffer, 0, BRICK_VOXELS);
}
