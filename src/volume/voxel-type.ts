import { VoxelwrightError } from "#base";

/** How voxels are held in bricks. Wider source types are converted on import, with a note when that can lose bits. */
export type VoxelType = "uint8" | "int8" | "uint16" | "int16" | "uint32" | "int32" | "float32";

export type VoxelArray =
  | Uint8Array<ArrayBufferLike>
  | Int8Array<ArrayBufferLike>
  | Uint16Array<ArrayBufferLike>
  | Int16Array<ArrayBufferLike>
  | Uint32Array<ArrayBufferLike>
  | Int32Array<ArrayBufferLike>
  | Float32Array<ArrayBufferLike>;

interface VoxelArrayConstructor {
  new (length: number): VoxelArray;
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): VoxelArray;
  readonly BYTES_PER_ELEMENT: number;
}

const CONSTRUCTORS: Readonly<Record<VoxelType, VoxelArrayConstructor>> = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
};

/** Smallest and largest value a type can hold (float32: its finite range). */
export const VOXEL_RANGE: Readonly<Record<VoxelType, readonly [number, number]>> = {
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65535],
  int16: [-32768, 32767],
  uint32: [0, 4294967295],
  int32: [-2147483648, 2147483647],
  float32: [-3.4028234663852886e38, 3.4028234663852886e38],
};

export function isVoxelType(value: unknown): value is VoxelType {
  return typeof value === "string" && value in CONSTRUCTORS;
}

export function bytesPerVoxel(type: VoxelType): number {
  return CONSTRUCTORS[type].BYTES_PER_ELEMENT;
}

/** A zeroed array of `length` voxels. */
export function createVoxels(type: VoxelType, length: number): VoxelArray {
  return new CONSTRUCTORS[type](length);
}

/** A view of `length` voxels in `buffer`; `byteOffset` must be a multiple of the voxel size. */
export function viewVoxels(type: VoxelType, buffer: ArrayBufferLike, byteOffset = 0, length?: number): VoxelArray {
  const size = CONSTRUCTORS[type].BYTES_PER_ELEMENT;
  if (byteOffset % size !== 0)
    throw new VoxelwrightError("argument", `A view of ${type} voxels cannot start at byte ${byteOffset}.`);
  return new CONSTRUCTORS[type](buffer, byteOffset, length ?? Math.floor((buffer.byteLength - byteOffset) / size));
}
