import { BRICK_EDGE, brickDims, brickIndex, type Dims, type IndexBox } from "#volume";

/** The bricks that a box of voxels touches, numbered from its first one, bi fastest. */
export class GrowthBox {
  /** Voxels, upper ends outside; within the volume. */
  readonly box: IndexBox;
  /** First brick and number of bricks along i, j, k. */
  readonly first: Dims;
  readonly counts: Dims;
  readonly #bricks: Dims;

  /** `box` must hold a voxel. */
  constructor(dims: Dims, box: IndexBox) {
    this.box = box;
    this.#bricks = brickDims(dims);
    this.first = box.min.map((n) => Math.floor(n / BRICK_EDGE)) as unknown as Dims;
    this.counts = box.max.map((n, axis) => Math.ceil(n / BRICK_EDGE) - this.first[axis]!) as unknown as Dims;
  }

  /** Bricks in the box. */
  get size(): number {
    return this.counts[0] * this.counts[1] * this.counts[2];
  }

  /** Voxels from the first voxel of the first brick. */
  fromFirst(ijk: readonly number[]): Dims {
    return ijk.map((n, axis) => n - this.first[axis]! * BRICK_EDGE) as unknown as Dims;
  }

  contains(ijk: readonly number[]): boolean {
    return ijk.every((n, axis) => n >= this.box.min[axis]! && n < this.box.max[axis]!);
  }

  /** Number of a brick by its place in the box, −1 outside it. */
  number(i: number, j: number, k: number): number {
    const [ni, nj, nk] = this.counts;
    return i >= 0 && j >= 0 && k >= 0 && i < ni && j < nj && k < nk ? (k * nj + j) * ni + i : -1;
  }

  /** Number of the brick that holds a voxel of the volume. */
  numberOf(ijk: readonly number[]): number {
    const [i, j, k] = ijk.map((n, axis) => Math.floor(n / BRICK_EDGE) - this.first[axis]!) as unknown as Dims;
    return this.number(i, j, k);
  }

  /** Place of a brick in the box. */
  place(number: number): Dims {
    const [ni, nj] = this.counts;
    const row = Math.floor(number / ni);
    return [number % ni, row % nj, Math.floor(row / nj)];
  }

  /** Brick coordinates in the volume. */
  brick(number: number): Dims {
    return this.place(number).map((n, axis) => n + this.first[axis]!) as unknown as Dims;
  }

  /** `brickIndex` in the volume. */
  index(number: number): number {
    return brickIndex(this.#bricks, ...this.brick(number));
  }
}
