import { type AbortOptions, SharedWork } from "#base";
import { createVoxels, type Dims, Residency, type VoxelArray, type VoxelType } from "#volume";
import { limitError } from "../source-errors.ts";
import { heldAs, misfitValue, type SourceType, toVoxels } from "../voxel-conversion.ts";
import type { AxisRoles } from "./zarr-geometry.ts";

/** Decoded chunks of an image's arrays, held within one budget. */
export type ChunkMemory = Residency<VoxelArray>;

/** Room for decoded chunks of all arrays of an image. */
export function chunkMemory(budgetBytes: number): ChunkMemory {
  return new Residency<VoxelArray>(budgetBytes, { bytesOf: (chunk) => chunk.byteLength, evict: () => undefined });
}

/** Rows up to this length are copied by a loop, which makes no view for each. */
const LOOPED = 256;

/** Where voxels of a box go: into `voxels` from `at` on, with these steps along j and k. */
export interface BoxTarget {
  readonly voxels: VoxelArray;
  readonly at: number;
  readonly pitchJ: number;
  readonly pitchK: number;
}

/** What an array of chunks is made of. */
export interface ChunkedArrayParts {
  /** Tells arrays of one image apart. */
  readonly path: string;
  /** Elements along each stored axis. */
  readonly shape: readonly number[];
  /** Elements of a chunk along each stored axis. */
  readonly chunks: readonly number[];
  readonly sourceType: SourceType;
  readonly memory: ChunkMemory;
  /** A whole chunk with its last axis fastest, whatever lies past the array. */
  readonly decode: (coordinates: readonly number[], signal: AbortSignal) => Promise<VoxelArray>;
}

/** Elements of an array come in chunks; boxes of voxels are cut out of them, whatever the order of the axes. */
export class ChunkedArray {
  readonly path: string;
  readonly shape: readonly number[];
  readonly chunks: readonly number[];
  readonly sourceType: SourceType;
  readonly #memory: ChunkMemory;
  readonly #decode: ChunkedArrayParts["decode"];
  readonly #reading = new SharedWork<VoxelArray>();

  constructor({ path, shape, chunks, sourceType, memory, decode }: ChunkedArrayParts) {
    this.path = path;
    this.shape = shape;
    this.chunks = chunks;
    this.sourceType = sourceType;
    this.#memory = memory;
    this.#decode = decode;
  }

  get voxelType(): VoxelType {
    return heldAs(this.sourceType);
  }

  /** Voxels along i, j, k. */
  dims({ space }: AxisRoles): Dims {
    return space.map((n) => (n < 0 ? 1 : this.shape[n]!)) as unknown as Dims;
  }

  /** Chunk edges along i, j, k. */
  chunkDims({ space }: AxisRoles): Dims {
    return space.map((n) => (n < 0 ? 1 : this.chunks[n]!)) as unknown as Dims;
  }

  /** Reads the voxels `min` to `max` (outside) of a frame, which lie in the array, into `target`. Chunks come several at a time. */
  async readBox(
    roles: AxisRoles,
    frame: number,
    min: Dims,
    max: Dims,
    target: BoxTarget,
    options: AbortOptions = {},
  ): Promise<void> {
    const edges = this.chunkDims(roles);
    const from = min.map((n, axis) => Math.floor(n / edges[axis]!));
    const to = max.map((n, axis) => Math.ceil(n / edges[axis]!));
    const within = this.#frameIndex(roles, frame);
    const reads: Promise<void>[] = [];
    for (let ck = from[2]!; ck < to[2]!; ck++)
      for (let cj = from[1]!; cj < to[1]!; cj++)
        for (let ci = from[0]!; ci < to[0]!; ci++)
          reads.push(this.#copyChunk(roles, within, [ci, cj, ck], min, max, target, options));
    await Promise.all(reads);
  }

  /** Index along each frame axis. */
  #frameIndex({ frames }: AxisRoles, frame: number): number[] {
    const index = this.shape.map(() => 0);
    let rest = frame;
    for (const axis of frames.toReversed()) {
      index[axis] = rest % this.shape[axis]!;
      rest = Math.floor(rest / this.shape[axis]!);
    }
    return index;
  }

  async #copyChunk(
    { space, frames }: AxisRoles,
    frameIndex: readonly number[],
    at: Dims,
    min: Dims,
    max: Dims,
    target: BoxTarget,
    options: AbortOptions,
  ): Promise<void> {
    const coordinates = frameIndex.map((index, axis) => Math.floor(index / this.chunks[axis]!));
    for (const [n, axis] of space.entries()) if (axis >= 0) coordinates[axis] = at[n]!;
    const strides = this.#strides;
    let origin = 0;
    for (const axis of frames) origin += (frameIndex[axis]! % this.chunks[axis]!) * strides[axis]!;
    const step = space.map((axis) => (axis < 0 ? 0 : strides[axis]!));
    const start = space.map((axis, n) => (axis < 0 ? 0 : at[n]! * this.chunks[axis]!));
    const first = min.map((n, axis) => Math.max(n, start[axis]!));
    const last = max.map((n, axis) => Math.min(n, start[axis]! + (space[axis]! < 0 ? 1 : this.chunks[space[axis]!]!)));
    // Whoever reads another part of it will want it again.
    const inPart =
      frames.some((axis) => this.chunks[axis]! > 1) ||
      space.some((axis, n) => {
        const end = axis < 0 ? 1 : Math.min(start[n]! + this.chunks[axis]!, this.shape[axis]!);
        return first[n]! > start[n]! || last[n]! < end;
      });
    const chunk = await this.#chunk(coordinates, inPart, options);
    const { voxels, at: base, pitchJ, pitchK } = target;
    let [count, rows, planes] = last.map((n, axis) => n - first[axis]!) as [number, number, number];
    let read = origin;
    for (const axis of [0, 1, 2]) read += (first[axis]! - start[axis]!) * step[axis]!;
    let write = base + first[0]! - min[0] + (first[1]! - min[1]) * pitchJ + (first[2]! - min[2]) * pitchK;
    // Rows, and planes, that lie behind one another in both are one.
    if (step[0] === 1 && step[1] === count && pitchJ === count) {
      count *= rows;
      rows = 1;
      if (step[2] === count && pitchK === count) {
        count *= planes;
        planes = 1;
      }
    }
    for (let k = 0; k < planes; k++, read += step[2]!, write += pitchK) {
      for (let j = 0, from = read, to = write; j < rows; j++, from += step[1]!, to += pitchJ) {
        if (step[0] === 1 && count > LOOPED) voxels.set(chunk.subarray(from, from + count), to);
        else for (let n = 0, at = from; n < count; n++, at += step[0]!) voxels[to + n] = chunk[at]!;
      }
    }
  }

  /** Steps in a decoded chunk, kept with row-major order. */
  get #strides(): number[] {
    const strides = this.chunks.map(() => 1);
    for (let axis = strides.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * this.chunks[axis + 1]!;
    return strides;
  }

  async #chunk(coordinates: readonly number[], keep: boolean, { signal }: AbortOptions): Promise<VoxelArray> {
    const key = `${this.path}:${coordinates.join(",")}`;
    const held = this.#memory.get(key);
    if (held) return held;
    return this.#reading.run(key, signal, async (shared) => {
      const chunk = await this.#decode(coordinates, shared);
      if (keep) this.#memory.put(key, chunk);
      return chunk;
    });
  }
}

/** Voxels of little-endian bytes, as bricks hold them; `bytes` is aligned. Throws `limit` for a value that does not fit. */
export function heldVoxels(bytes: Uint8Array, count: number, type: SourceType, subject: string): VoxelArray {
  const held = heldAs(type);
  const out = held === type ? undefined : createVoxels(held, count);
  const { voxels, misfit } = toVoxels(bytes, count, type, true, out);
  if (misfit >= 0)
    throw limitError(
      subject,
      `A voxel holds ${misfitValue(bytes, misfit, type)}, which does not fit ${held}.`,
      "Values are never cut to fit; write the image with a smaller type.",
    );
  return voxels;
}
