import { BRICK_EDGE } from "./brick.ts";
import type { Dims } from "./image-grid.ts";
import type { PyramidLevel } from "./pyramid.ts";
import { createVoxels, type VoxelArray, type VoxelType } from "./voxel-type.ts";

/** What is done with every voxel of the slices of one level on their way into bricks. */
export interface SliceWork {
  /**
   * Copies a slice into plane `plane` of the bricks of a slab, bi fastest, with the last column and row repeated, and widens their
   * ranges: pairs of smallest and largest voxel, smallest above largest until a number was seen; NaN counts for nothing.
   */
  place(slice: VoxelArray, plane: number, slab: readonly VoxelArray[], ranges: Float64Array): void;
  /** Keeps the sums of the first slice of a pair. */
  sum(slice: VoxelArray): void;
  /**
   * The slice of the level after that a pair becomes, of which this is the second slice: means of eight, rounded half up for integers.
   * Where an axis is not halved, and at an odd end, a voxel counts twice. The receiver's until the next call.
   */
  mean(slice: VoxelArray): VoxelArray;
}

/** The work of every level of a pyramid, the finest first. */
export type PyramidWork = (levels: readonly PyramidLevel[], voxelType: VoxelType) => readonly SliceWork[];

/** In plain TypeScript. */
export const plainPyramidWork: PyramidWork = (levels, voxelType) =>
  levels.map((level, n) => new PlainSliceWork(level, levels[n + 1]?.dims, voxelType));

class PlainSliceWork implements SliceWork {
  readonly #level: PyramidLevel;
  readonly #coarse: Dims | undefined;
  readonly #voxelType: VoxelType;
  readonly #loops: SliceLoops;
  #sums: Sums | undefined;
  #mean: VoxelArray | undefined;

  constructor(level: PyramidLevel, coarse: Dims | undefined, voxelType: VoxelType) {
    this.#level = level;
    this.#coarse = coarse;
    this.#voxelType = voxelType;
    this.#loops = sliceLoops(voxelType);
  }

  place(slice: VoxelArray, plane: number, slab: readonly VoxelArray[], ranges: Float64Array): void {
    const { dims, bricks } = this.#level;
    const first = plane * BRICK_EDGE * BRICK_EDGE;
    for (let bj = 0; bj < bricks[1]; bj++) {
      const rows = Math.min(BRICK_EDGE, dims[1] - bj * BRICK_EDGE);
      for (let bi = 0; bi < bricks[0]; bi++) {
        const n = bj * bricks[0] + bi;
        const brick = slab[n]!;
        const columns = Math.min(BRICK_EDGE, dims[0] - bi * BRICK_EDGE);
        const from = bj * BRICK_EDGE * dims[0] + bi * BRICK_EDGE;
        this.#loops.copyTile({ from, width: dims[0], to: first, columns, rows }, slice, brick, ranges, n);
        if (columns < BRICK_EDGE) repeatLastColumn(brick, first, columns, rows);
        const lastRow = first + (rows - 1) * BRICK_EDGE;
        for (let j = rows; j < BRICK_EDGE; j++) brick.copyWithin(first + j * BRICK_EDGE, lastRow, lastRow + BRICK_EDGE);
      }
    }
  }

  sum(slice: VoxelArray): void {
    const coarse = this.#coarse!;
    const sums = (this.#sums ??= this.#loops.createSums(coarse[0] * coarse[1]));
    forEachRowPair(this.#level.dims, coarse, (row) => this.#loops.sum(slice, row, sums));
  }

  mean(slice: VoxelArray): VoxelArray {
    const coarse = this.#coarse!;
    const mean = (this.#mean ??= createVoxels(this.#voxelType, coarse[0] * coarse[1]));
    forEachRowPair(this.#level.dims, coarse, (row) => this.#loops.mean(slice, row, this.#sums!, mean));
    return mean;
  }
}

/** Which voxels of a slice go into which of the coarser one: always four, some of them twice at odd borders. */
function forEachRowPair(fine: Dims, coarse: Dims, take: (row: RowPair) => void): void {
  const width = fine[0];
  const halveI = coarse[0] !== width;
  const stepJ = coarse[1] === fine[1] ? 1 : 2;
  const pairs = halveI ? width >> 1 : width;
  for (let j = 0; j < coarse[1]; j++) {
    const a = j * stepJ * width;
    const b = Math.min(j * stepJ + stepJ - 1, fine[1] - 1) * width;
    const to = j * coarse[0];
    take({ a, b, next: halveI ? 1 : 0, step: halveI ? 2 : 1, to, count: pairs });
    if (halveI && width & 1) {
      take({ a: a + width - 1, b: b + width - 1, next: 0, step: 1, to: to + pairs, count: 1 });
    }
  }
}

function repeatLastColumn(brick: VoxelArray, plane: number, columns: number, rows: number): void {
  for (let j = 0; j < rows; j++) {
    const row = plane + j * BRICK_EDGE;
    brick.fill(brick[row + columns - 1]!, row + columns, row + BRICK_EDGE);
  }
}

/**
 * The loops over every voxel. They are written twice on purpose: engines compile a loop for up to four kinds of typed array and fall
 * back to one that is ten times slower beyond, so types of up to 16 bits and wider ones go separate ways.
 */
interface SliceLoops {
  createSums(voxels: number): Sums;
  /** Copies a tile out of a slice `width` wide and widens pair `n` of the ranges. */
  copyTile(tile: Tile, slice: VoxelArray, brick: VoxelArray, ranges: Float64Array, n: number): void;
  /** Sums of the first slice of a pair. */
  sum(slice: VoxelArray, row: RowPair, sums: Sums): void;
  /** Means of eight: the sums and the second slice of a pair. */
  mean(slice: VoxelArray, row: RowPair, sums: Sums, mean: VoxelArray): void;
}

/** Where a tile lies in its slice and in its brick. */
interface Tile {
  readonly from: number;
  readonly width: number;
  readonly to: number;
  readonly columns: number;
  readonly rows: number;
}

/**
 * Two rows of a slice (the same twice at an odd border) that become one row, and how: each sum takes voxels `at` and `at + next` of
 * both rows, and the next sum starts `step` further on.
 */
interface RowPair {
  readonly a: number;
  readonly b: number;
  readonly next: number;
  readonly step: number;
  readonly to: number;
  readonly count: number;
}

type Sums = Int32Array | Float64Array;

function sliceLoops(voxelType: VoxelType): SliceLoops {
  if (voxelType === "float32") return FLOAT;
  return voxelType === "int32" || voxelType === "uint32" ? WIDE : NARROW;
}

/** Up to 16 bits: sums of eight fit 32 bits, and a shift rounds them. */
const NARROW: SliceLoops = {
  createSums: (voxels) => new Int32Array(voxels),

  copyTile({ from, width, to, columns, rows }, slice, brick, ranges, n) {
    let low = ranges[n * 2]!;
    let high = ranges[n * 2 + 1]!;
    for (let j = 0; j < rows; j++) {
      const source = from + j * width;
      const target = to + j * BRICK_EDGE;
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
  createSums: (voxels) => new Float64Array(voxels),

  copyTile({ from, width, to, columns, rows }, slice, brick, ranges, n) {
    let low = ranges[n * 2]!;
    let high = ranges[n * 2 + 1]!;
    for (let j = 0; j < rows; j++) {
      const source = from + j * width;
      const target = to + j * BRICK_EDGE;
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
      const value = (sums[to + n]! + four) * 0.125;
      // NaN of one kind, as which kind comes out of a sum depends on the order of its terms.
      mean[to + n] = Number.isNaN(value) ? Number.NaN : value;
    }
  },
};
