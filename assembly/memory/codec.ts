/*
 * A brick of 64³ voxels of s bytes, 1 or 2, losslessly compressed, and the memory of the codec.
 *
 *   at rest   2,048 tiles, a byte each │ their residuals │ first voxel, 2 B        where all voxels are equal: the first voxel alone
 *   a tile    bits 0–1 predictor │ bits 2–6 width of its residuals in bits, 0 to 8 s; the residuals take 16 B a bit (kernels/codec/planes.ts)
 *
 *   memory    guard, 65 rows │ voxels, 4,096 rows │ residuals of a tile: low bytes, 128 B │ high bytes, 128 B
 *
 * A tile is 16 × 8 voxels of a slice. Tiles follow one another i fastest, then j, then k.
 */

export const TILES: usize = 2048;
export const TILE_ROWS: i32 = 8;

/** Rows of tiles in a brick, one after another in memory. */
export const TILE_LINES: i32 = 512;

export const PREDICTOR_MASK: i32 = 3;
export const WIDTH_SHIFT: i32 = 2;

const BRICK_ROWS: usize = 4096;

/** Rows before the brick that its first slice and rows are predicted from; they hold the first voxel. */
const GUARD_ROWS: usize = 65;

export function rowBytes<T>(): usize {
  return 64 * sizeof<T>();
}

export function sliceBytes<T>(): usize {
  return 64 * rowBytes<T>();
}

/** A row of a tile: one vector of bytes, two of 16-bit voxels. */
export function tileRowBytes<T>(): usize {
  return 16 * sizeof<T>();
}

/** Bytes of the codec's memory for voxels of `size` bytes. */
export function codecMemoryBytes(size: usize): usize {
  return (GUARD_ROWS + BRICK_ROWS) * 64 * size + 256;
}

/** Where the brick lies in it. */
export function codecVoxels(memory: usize, size: usize): usize {
  return memory + GUARD_ROWS * 64 * size;
}

/** Where the residuals of a tile lie, low bytes first. */
export function tileResiduals<T>(voxels: usize): usize {
  return voxels + BRICK_ROWS * rowBytes<T>();
}

/** Fills the guard with the first voxel, and with `all` the brick. */
export function fillFirst<T>(voxels: usize, first: T, all: bool): void {
  const lanes = v128.splat<T>(first);
  const end = all ? tileResiduals<T>(voxels) : voxels;
  for (let at = voxels - GUARD_ROWS * rowBytes<T>(); at < end; at += 16) v128.store(at, lanes);
}
