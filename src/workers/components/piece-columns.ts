import { BRICK_EDGE, brickCoordinates, type Dims, type IndexBox, type IndexIjk } from "#volume";
import { voxelsOf } from "./piece-block.ts";

/** Place of a brick's voxel, (k·64 + j)·64 + i, in the volume's order of i, then j, then k. */
export function firstVoxelOf(dims: Dims, bricks: Dims, index: number, voxel: number): number {
  const [bi, bj, bk] = brickCoordinates(bricks, index);
  const i = bi * BRICK_EDGE + (voxel & 63);
  const j = bj * BRICK_EDGE + ((voxel >> 6) & 63);
  return ((bk * BRICK_EDGE + (voxel >> 12)) * dims[1] + j) * dims[0] + i;
}

/** The voxel at a place in the volume's order. */
export function voxelAt(dims: Dims, place: number): IndexIjk {
  const i = place % dims[0];
  const row = (place - i) / dims[0];
  return [i, row % dims[1], Math.floor(row / dims[1])];
}

/** Pieces in the volume, a column for each of their fields, so that millions take 46 bytes each. */
export class PieceColumns {
  readonly dims: Dims;
  readonly #bricks: Dims;
  #segments = new Uint16Array(256);
  #voxels = new Float64Array(256);
  #firsts = new Float64Array(256);
  /** i0, j0, k0, i1, j1, k1 a piece, upper ends inside. */
  #boxes = new Int32Array(256 * 6);
  #count = 0;

  constructor(dims: Dims, bricks: Dims) {
    this.dims = dims;
    this.#bricks = bricks;
  }

  get count(): number {
    return this.#count;
  }

  segment(n: number): number {
    return this.#segments[n]!;
  }

  voxels(n: number): number {
    return this.#voxels[n]!;
  }

  /** Place of the first voxel in the volume's order. */
  first(n: number): number {
    return this.#firsts[n]!;
  }

  box(n: number): IndexBox {
    const box = this.#boxes.subarray(n * 6, n * 6 + 6);
    return { min: [box[0]!, box[1]!, box[2]!], max: [box[3]! + 1, box[4]! + 1, box[5]! + 1] };
  }

  /** Adds the piece whose record begins at word `at`; returns its number. */
  add(index: number, records: Uint32Array, at: number): number {
    const n = this.#count++;
    if (n === this.#segments.length) this.#grow();
    const [bi, bj, bk] = brickCoordinates(this.#bricks, index);
    const [low, high] = [records[at + 2]!, records[at + 3]!];
    this.#segments[n] = high >>> 16;
    this.#voxels[n] = voxelsOf(records[at]!);
    this.#firsts[n] = firstVoxelOf(this.dims, this.#bricks, index, records[at + 1]!);
    const box = n * 6;
    this.#boxes[box] = bi * BRICK_EDGE + (low & 0xff);
    this.#boxes[box + 1] = bj * BRICK_EDGE + ((low >>> 8) & 0xff);
    this.#boxes[box + 2] = bk * BRICK_EDGE + ((low >>> 16) & 0xff);
    this.#boxes[box + 3] = bi * BRICK_EDGE + 63 - (low >>> 24);
    this.#boxes[box + 4] = bj * BRICK_EDGE + 63 - (high & 0xff);
    this.#boxes[box + 5] = bk * BRICK_EDGE + 63 - ((high >>> 8) & 0xff);
    return n;
  }

  /** Adds what piece `from` has to piece `to`. */
  merge(to: number, from: number): void {
    this.#voxels[to]! += this.#voxels[from]!;
    if (this.#firsts[from]! < this.#firsts[to]!) this.#firsts[to] = this.#firsts[from]!;
    const boxes = this.#boxes;
    for (let side = 0; side < 6; side++) {
      const other = boxes[from * 6 + side]!;
      const own = boxes[to * 6 + side]!;
      if (side < 3 ? other < own : other > own) boxes[to * 6 + side] = other;
    }
  }

  #grow(): void {
    const grown = <Column extends Uint16Array | Float64Array | Int32Array>(column: Column): Column => {
      const larger = new (column.constructor as new (length: number) => Column)(column.length * 2);
      larger.set(column);
      return larger;
    };
    this.#segments = grown(this.#segments);
    this.#voxels = grown(this.#voxels);
    this.#firsts = grown(this.#firsts);
    this.#boxes = grown(this.#boxes);
  }
}
