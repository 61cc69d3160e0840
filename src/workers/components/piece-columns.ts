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
  /** The brick that was added to last, and its first voxel: pieces come brick by brick. */
  #index = -1;
  #at: Dims = [0, 0, 0];

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
    if (index !== this.#index) this.#goTo(index);
    const [i0, j0, k0] = this.#at;
    const first = records[at + 1]!;
    const low = records[at + 2]!;
    const high = records[at + 3]!;
    this.#segments[n] = high >>> 16;
    this.#voxels[n] = voxelsOf(records[at]!);
    this.#firsts[n] =
      ((k0 + (first >> 12)) * this.dims[1] + j0 + ((first >> 6) & 63)) * this.dims[0] + i0 + (first & 63);
    const box = n * 6;
    this.#boxes[box] = i0 + (low & 0xff);
    this.#boxes[box + 1] = j0 + ((low >>> 8) & 0xff);
    this.#boxes[box + 2] = k0 + ((low >>> 16) & 0xff);
    this.#boxes[box + 3] = i0 + 63 - (low >>> 24);
    this.#boxes[box + 4] = j0 + 63 - (high & 0xff);
    this.#boxes[box + 5] = k0 + 63 - ((high >>> 8) & 0xff);
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

  #goTo(index: number): void {
    const [bi, bj, bk] = brickCoordinates(this.#bricks, index);
    this.#index = index;
    this.#at = [bi * BRICK_EDGE, bj * BRICK_EDGE, bk * BRICK_EDGE];
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
