import { BRICK_VOXELS, type VoxelArray, type VoxelType } from "#volume";

/** How the voxels of one type lie in an atlas: `stored = texel · scale + offset`. */
export interface BrickFormat {
  readonly texture: "r8unorm" | "r32float";
  readonly scale: number;
  readonly offset: number;
  /** Bytes of one brick in the atlas. */
  readonly brickBytes: number;
}

/** 8-bit types take one byte a voxel, all others a float, which holds every integer up to 2²⁴ exactly. */
export function brickFormat(type: VoxelType): BrickFormat {
  if (type === "uint8") return { texture: "r8unorm", scale: 255, offset: 0, brickBytes: BRICK_VOXELS };
  // Signed bytes are shifted by 128 on upload: r8snorm would take −128 and −127 for one value.
  if (type === "int8") return { texture: "r8unorm", scale: 255, offset: -128, brickBytes: BRICK_VOXELS };
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
export function texelRange(type: VoxelType, min: number, max: number): readonly [min: number, max: number] {
  if (type === "uint8") return [min / 255, max / 255];
  if (type === "int8") return [(min + 128) / 255, (max + 128) / 255];
  // Its NaN are below all others.
  return type === "float32" ? [NO_VALUE, Number.isFinite(max) ? max : -NO_VALUE] : [min, max];
}

/** Texels of a brick as its atlas takes them; `scratch` (64³ floats) is used where voxels must be converted. */
export function brickTexels(
  type: VoxelType,
  voxels: VoxelArray,
  scratch: Float32Array<ArrayBuffer>,
): Uint8Array | Float32Array {
  if (type === "uint8") return voxels as Uint8Array;
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
