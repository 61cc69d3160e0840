import { VoxelwrightError } from "#base";
import { BRICK_EDGE, BRICK_VOXELS, brickCoordinates, brickDims, brickIndex, type Dims, Residency } from "#volume";
import { decodeLabelBrick, encodeLabelBrick } from "./label-brick.ts";

/**
 * The bricks of a labelmap at level 0: bytes at rest for every brick that holds a label, decoded arrays for those in use, by a
 * byte budget. A decoded brick that was changed is encoded when it leaves the cache or its bytes are asked for.
 */
export class LabelStore {
  readonly dims: Dims;
  readonly bricks: Dims;
  readonly #resting = new Map<number, Uint8Array>();
  readonly #decoded: Residency<Uint16Array>;
  /** Bricks whose decoded array is newer than their bytes. */
  readonly #changed = new Set<number>();

  constructor(dims: Dims, budgetBytes: number, bricks: Iterable<readonly [number, Uint8Array]>) {
    if (budgetBytes < BRICK_VOXELS * 2) {
      throw new VoxelwrightError("argument", `A labelmap needs room for one brick, ${BRICK_VOXELS * 2} bytes.`);
    }
    this.dims = dims;
    this.bricks = brickDims(dims);
    this.#decoded = new Residency(budgetBytes, {
      bytesOf: (labels) => labels.byteLength,
      evict: (key, labels) => this.#settle(Number(key), labels),
    });
    for (const [index, bytes] of bricks) {
      this.check(index);
      this.#resting.set(index, bytes);
    }
  }

  /** Throws `argument` unless the volume has such a brick. */
  check(index: number): void {
    const count = this.bricks[0] * this.bricks[1] * this.bricks[2];
    if (Number.isInteger(index) && index >= 0 && index < count) return;
    throw new VoxelwrightError("argument", `The volume has ${count} bricks and none with the index ${index}.`);
  }

  /** Voxels of a brick that belong to the volume, along i, j, k. */
  extent(index: number): Dims {
    const at = brickCoordinates(this.bricks, index);
    const along = (axis: 0 | 1 | 2): number => Math.min(BRICK_EDGE, this.dims[axis] - at[axis] * BRICK_EDGE);
    return [along(0), along(1), along(2)];
  }

  /** Decoded labels, to be read only; undefined where all is background. */
  read(index: number): Uint16Array | undefined {
    const cached = this.#decoded.get(String(index));
    if (cached) return cached;
    const bytes = this.#resting.get(index);
    if (!bytes) return undefined;
    const labels = decodeLabelBrick(bytes);
    this.#checkPadding(index, labels);
    this.#decoded.put(String(index), labels);
    return labels;
  }

  /** Decoded labels to be changed in place; the change must be done before the next call of any method. */
  edit(index: number): Uint16Array {
    let labels = this.read(index);
    if (!labels) {
      labels = new Uint16Array(BRICK_VOXELS);
      this.#decoded.put(String(index), labels);
    }
    this.#changed.add(index);
    return labels;
  }

  /** Whether a brick may hold a label, or is laid out for changes; nothing is encoded or decoded for it. */
  holds(index: number): boolean {
    return this.#resting.has(index) || this.#changed.has(index);
  }

  /** Bytes at rest; undefined where all is background. */
  bytes(index: number): Uint8Array | undefined {
    if (this.#changed.has(index)) this.#settle(index, this.#decoded.get(String(index))!);
    return this.#resting.get(index);
  }

  /** Puts a brick back as it was, from its bytes. */
  restore(index: number, bytes: Uint8Array | undefined): void {
    this.#changed.delete(index);
    this.#decoded.delete(String(index));
    if (bytes) this.#resting.set(index, bytes);
    else this.#resting.delete(index);
  }

  /** Bricks that hold a label, ascending. */
  indices(): number[] {
    for (const index of [...this.#changed]) this.bytes(index);
    return [...this.#resting.keys()].sort((a, b) => a - b);
  }

  /** Bricks that may hold a label, in no order; nothing is encoded for it. */
  knownIndices(): number[] {
    return [...this.#resting.keys(), ...this.#changed];
  }

  /** Bytes at rest of all bricks. */
  get restingBytes(): number {
    let bytes = 0;
    for (const brick of this.#resting.values()) bytes += brick.length;
    return bytes;
  }

  #settle(index: number, labels: Uint16Array): void {
    if (!this.#changed.delete(index)) return;
    const bytes = encodeLabelBrick(labels);
    if (bytes) this.#resting.set(index, bytes);
    else this.#resting.delete(index);
  }

  /** Labels past the volume's edge would be counted and exported by nobody and seen by somebody: such a brick is damaged. */
  #checkPadding(index: number, labels: Uint16Array): void {
    const [ni, nj, nk] = this.extent(index);
    if (ni === BRICK_EDGE && nj === BRICK_EDGE && nk === BRICK_EDGE) return;
    for (let n = 0; n < BRICK_VOXELS; n++) {
      if (labels[n] === 0) continue;
      if ((n & 63) >= ni || ((n >> 6) & 63) >= nj || n >> 12 >= nk) {
        throw new VoxelwrightError("integrity", "A label brick has labels past the edge of the volume.", {
          subject: `brick ${brickCoordinates(this.bricks, index).join(", ")}`,
        });
      }
    }
  }
}

/** Brick and voxel in it of a whole voxel index; undefined outside the volume. */
export function locateVoxel(
  dims: Dims,
  bricks: Dims,
  ijk: readonly [number, number, number],
): { readonly brickIndex: number; readonly voxel: number } | undefined {
  const [i, j, k] = ijk;
  if (!(i >= 0 && j >= 0 && k >= 0 && i < dims[0] && j < dims[1] && k < dims[2])) return undefined;
  return {
    brickIndex: brickIndex(bricks, i >> 6, j >> 6, k >> 6),
    voxel: ((k & 63) << 12) | ((j & 63) << 6) | (i & 63),
  };
}
