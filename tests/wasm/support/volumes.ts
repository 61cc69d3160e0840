import type { KernelImage, KernelLabels } from "#workers";
import {
  BRICK_EDGE,
  BRICK_VOXELS,
  brickDims,
  brickIndex,
  type BrickPixels,
  createVoxels,
  type Dims,
  type VoxelArray,
  type VoxelType,
} from "#volume";

/** A whole small volume in one array, i fastest. */
export interface FlatVolume {
  readonly dims: Dims;
  readonly type: VoxelType;
  readonly voxels: VoxelArray;
}

export function flatVolume(
  dims: Dims,
  type: VoxelType,
  value: (i: number, j: number, k: number) => number,
): FlatVolume {
  const voxels = createVoxels(type, dims[0] * dims[1] * dims[2]);
  let n = 0;
  for (let k = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) for (let i = 0; i < dims[0]; i++) voxels[n++] = value(i, j, k);
  }
  return { dims, type, voxels };
}

/** The brick of a flat volume, padded by repeating the last voxel. */
export function cutBrick({ dims, type, voxels }: FlatVolume, [bi, bj, bk]: Dims): BrickPixels {
  const cut = createVoxels(type, BRICK_VOXELS);
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  const i0 = bi * BRICK_EDGE;
  const columns = Math.min(BRICK_EDGE, dims[0] - i0);
  for (let k = 0; k < BRICK_EDGE; k++) {
    const fk = Math.min(bk * BRICK_EDGE + k, dims[2] - 1);
    for (let j = 0; j < BRICK_EDGE; j++) {
      const fj = Math.min(bj * BRICK_EDGE + j, dims[1] - 1);
      const from = (fk * dims[1] + fj) * dims[0] + i0;
      const to = (k * BRICK_EDGE + j) * BRICK_EDGE;
      cut.set(voxels.subarray(from, from + columns), to);
      if (columns < BRICK_EDGE) cut.fill(cut[to + columns - 1]!, to + columns, to + BRICK_EDGE);
    }
  }
  for (const value of cut) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return {
    address: { frame: 0, level: 0, bi, bj, bk },
    voxels: cut,
    min: min <= max ? min : Number.NaN,
    max: min <= max ? max : Number.NaN,
  };
}

/** Bricks that were cut before; a volume does not change once it has been read. */
const cutBricks = new WeakMap<FlatVolume, Map<number, BrickPixels>>();

/** A flat volume as kernels see it. `reads` counts how often each brick was read. */
export function imageOf(volume: FlatVolume): KernelImage & { readonly reads: Map<number, number> } {
  const bricks = brickDims(volume.dims);
  const held = cutBricks.get(volume) ?? new Map<number, BrickPixels>();
  cutBricks.set(volume, held);
  const reads = new Map<number, number>();
  return {
    dims: volume.dims,
    voxelType: volume.type,
    frame: 0,
    reads,
    bricks: {
      readBrick({ bi, bj, bk }, { signal } = {}) {
        signal?.throwIfAborted();
        const index = brickIndex(bricks, bi, bj, bk);
        reads.set(index, (reads.get(index) ?? 0) + 1);
        const brick = held.get(index) ?? cutBrick(volume, [bi, bj, bk]);
        held.set(index, brick);
        return Promise.resolve(brick);
      },
    },
  };
}

/** A flat label map as sparse bricks, as kernels see it. */
export function labelsOf(
  dims: Dims,
  labels: ArrayLike<number>,
): KernelLabels & { readonly held: Map<number, Uint16Array> } {
  const held = new Map<number, Uint16Array>();
  forEachRow(dims, (index, local, flat, columns) => {
    for (let i = 0; i < columns; i++) {
      const label = labels[flat + i]!;
      if (label === 0) continue;
      let brick = held.get(index);
      if (!brick) held.set(index, (brick = new Uint16Array(BRICK_VOXELS)));
      brick[local + i] = label;
    }
  });
  return { dims, held, readBrick: (index) => held.get(index), brickIndices: () => held.keys() };
}

/** Visits every row of every brick: the brick, and where the row begins in it and in the flat volume. */
function forEachRow(dims: Dims, visit: (index: number, local: number, flat: number, columns: number) => void): void {
  const bricks = brickDims(dims);
  for (let k = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) {
      for (let bi = 0; bi < bricks[0]; bi++) {
        const local = ((k % BRICK_EDGE) * BRICK_EDGE + (j % BRICK_EDGE)) * BRICK_EDGE;
        const index = brickIndex(bricks, bi, Math.floor(j / BRICK_EDGE), Math.floor(k / BRICK_EDGE));
        const i = bi * BRICK_EDGE;
        visit(index, local, (k * dims[1] + j) * dims[0] + i, Math.min(BRICK_EDGE, dims[0] - i));
      }
    }
  }
}

/** A mask proposal as one flat array of 0 and 1; throws when a bit lies outside the volume. */
export function flattenMask(dims: Dims, bricks: Iterable<readonly [number, Uint8Array]>): Uint8Array {
  const flat = new Uint8Array(dims[0] * dims[1] * dims[2]);
  for (const [index, bits] of bricks) {
    for (let n = 0; n < bits.length; n++) {
      const byte = bits[n]!;
      if (byte === 0) continue;
      const at = flatIndex(dims, index, n * 8);
      for (let bit = 0; bit < 8; bit++) {
        if (((byte >> bit) & 1) === 0) continue;
        flatIndex(dims, index, n * 8 + bit);
        flat[at + bit] = 1;
      }
    }
  }
  return flat;
}

/** A label proposal as one flat array; throws when a label lies outside the volume. */
export function flattenLabels(dims: Dims, bricks: Iterable<readonly [number, Uint16Array]>): Uint16Array {
  const flat = new Uint16Array(dims[0] * dims[1] * dims[2]);
  for (const [index, labels] of bricks) {
    for (let n = 0; n < labels.length; n++) {
      if (labels[n] !== 0) flat[flatIndex(dims, index, n)] = labels[n]!;
    }
  }
  return flat;
}

function flatIndex(dims: Dims, index: number, n: number): number {
  const columns = Math.ceil(dims[0] / 64);
  const rows = Math.ceil(dims[1] / 64);
  const i = (index % columns) * 64 + (n & 63);
  const j = (Math.floor(index / columns) % rows) * 64 + ((n >> 6) & 63);
  const k = Math.floor(index / (columns * rows)) * 64 + (n >> 12);
  if (i >= dims[0] || j >= dims[1] || k >= dims[2]) throw new Error(`Voxel ${i}, ${j}, ${k} lies outside the volume.`);
  return (k * dims[1] + j) * dims[0] + i;
}

/** Random numbers from 0 to 1 that a seed repeats (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
