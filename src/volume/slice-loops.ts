import type { VoxelArray, VoxelType } from "./voxel-type.ts";

/**
 * The loops over every voxel of an import. They are written twice on purpose: engines compile a loop for up to four kinds of typed
 * array and fall back to one that is ten times slower beyond, so types of up to 16 bits and wider ones go separate ways.
 */
export interface SliceLoops {
  /** Pairs of smallest and largest voxel, one for each brick: smallest above largest until a voxel was seen. */
  createRanges(bricks: number): Range;
  createSums(voxels: number): Sums;
  /** Copies a tile out of a slice `width` wide into rows `pitch` apart and widens pair `n` of the ranges; NaN counts for nothing. */
  copyTile(tile: Tile, slice: VoxelArray, brick: VoxelArray, ranges: Range, n: number): void;
  /** Sums of the first slice of a pair. */
  sum(slice: VoxelArray, row: RowPair, sums: Sums): void;
  /** Means of eight: the sums and the second slice of a pair. Rounded half up for integers. */
  mean(slice: VoxelArray, row: RowPair, sums: Sums, mean: VoxelArray): void;
}

/** Where a tile lies in its slice and in its brick. */
export interface Tile {
  readonly from: number;
  readonly width: number;
  readonly to: number;
  readonly pitch: number;
  readonly columns: number;
  readonly rows: number;
}

/**
 * Two rows of a slice (the same twice at an odd border) that become one row, and how: each sum takes voxels `at` and `at + next` of
 * both rows, and the next sum starts `step` further on.
 */
export interface RowPair {
  readonly a: number;
  readonly b: number;
  readonly next: number;
  readonly step: number;
  readonly to: number;
  readonly count: number;
}

export type Range = Int32Array | Float64Array;
export type Sums = Int32Array | Float64Array;

export function sliceLoops(voxelType: VoxelType): SliceLoops {
  if (voxelType === "float32") return FLOAT;
  return voxelType === "int32" || voxelType === "uint32" ? WIDE : NARROW;
}

/** Up to 16 bits: sums of eight fit 32 bits, and a shift rounds them. */
const NARROW: SliceLoops = {
  createRanges(bricks) {
    const ranges = new Int32Array(bricks * 2);
    for (let n = 0; n < bricks; n++) ranges.set([0x7fffffff, -0x80000000], n * 2);
    return ranges;
  },

  createSums: (voxels) => new Int32Array(voxels),

  copyTile({ from, width, to, pitch, columns, rows }, slice, brick, ranges, n) {
    let low = ranges[n * 2]!;
    let high = ranges[n * 2 + 1]!;
    for (let j = 0; j < rows; j++) {
      const source = from + j * width;
      const target = to + j * pitch;
      for (let i = 0; i < columns; i++) {
        const value = slice[source + i]!;
        brick[target + i] = value;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    ranges[n * 2] = low;
    ranges[n * 2 + 1] = high;
  },

  sum(slice, { a, b, next, step, to, count }, sums) {
    for (let n = 0, i = 0; n < count; n++, i += step) {
      sums[to + n] = slice[a + i]! + slice[a + i + next]! + slice[b + i]! + slice[b + i + next]!;
    }
  },

  mean(slice, { a, b, next, step, to, count }, sums, mean) {
    for (let n = 0, i = 0; n < count; n++, i += step) {
      const four = slice[a + i]! + slice[a + i + next]! + slice[b + i]! + slice[b + i + next]!;
      mean[to + n] = (sums[to + n]! + four + 4) >> 3;
    }
  },
};

/** 32-bit integers: in doubles, which hold their sums exactly. */
const WIDE: SliceLoops = {
  createRanges(bricks) {
    const ranges = new Float64Array(bricks * 2);
    for (let n = 0; n < bricks; n++) ranges.set([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], n * 2);
    return ranges;
  },

  createSums: (voxels) => new Float64Array(voxels),

  copyTile({ from, width, to, pitch, columns, rows }, slice, brick, ranges, n) {
    let low = ranges[n * 2]!;
    let high = ranges[n * 2 + 1]!;
    for (let j = 0; j < rows; j++) {
      const source = from + j * width;
      const target = to + j * pitch;
      for (let i = 0; i < columns; i++) {
        const value = slice[source + i]!;
        brick[target + i] = value;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    ranges[n * 2] = low;
    ranges[n * 2 + 1] = high;
  },

  sum(slice, { a, b, next, step, to, count }, sums) {
    for (let n = 0, i = 0; n < count; n++, i += step) {
      sums[to + n] = slice[a + i]! + slice[a + i + next]! + slice[b + i]! + slice[b + i + next]!;
    }
  },

  mean(slice, { a, b, next, step, to, count }, sums, mean) {
    for (let n = 0, i = 0; n < count; n++, i += step) {
      const four = slice[a + i]! + slice[a + i + next]! + slice[b + i]! + slice[b + i + next]!;
      mean[to + n] = Math.floor((sums[to + n]! + four) * 0.125 + 0.5);
    }
  },
};

const FLOAT: SliceLoops = {
  ...WIDE,
  mean(slice, { a, b, next, step, to, count }, sums, mean) {
    for (let n = 0, i = 0; n < count; n++, i += step) {
      const four = slice[a + i]! + slice[a + i + next]! + slice[b + i]! + slice[b + i + next]!;
      mean[to + n] = (sums[to + n]! + four) * 0.125;
    }
  },
};
