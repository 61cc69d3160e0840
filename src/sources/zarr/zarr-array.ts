import { type AbortOptions, SharedWork } from "#base";
import { createVoxels, type Dims, Residency, type VoxelArray, type VoxelType } from "#volume";
import { type Array as Zarr, type DataType, open, registry, root } from "zarrita";
import { ZARR_CHUNK_MAX_BYTES } from "../limits.ts";
import { formatBytes, limitError, sourceError, unsupportedError } from "../source-errors.ts";
import { heldAs, misfitValue, type SourceType, sourceBytes, toVoxels } from "../voxel-conversion.ts";
import { setUpCodecs } from "./codecs.ts";
import { asZarrError, unknownCodec } from "./zarr-errors.ts";
import type { AxisRoles } from "./zarr-geometry.ts";
import { fileSubject, readJson, type ReadOptions, type ZarrPath, type ZarrStore } from "./zarr-store.ts";

/** Decoded chunks of an image's arrays, held within one budget. */
export type ChunkMemory = Residency<VoxelArray>;

/** Room for decoded chunks of all arrays of an image. */
export function chunkMemory(budgetBytes: number): ChunkMemory {
  return new Residency<VoxelArray>(budgetBytes, { bytesOf: (chunk) => chunk.byteLength, evict: () => undefined });
}

/** Where voxels of a box go: into `voxels` from `at` on, with these steps along j and k. */
export interface BoxTarget {
  readonly voxels: VoxelArray;
  readonly at: number;
  readonly pitchJ: number;
  readonly pitchK: number;
}

const TYPES: Readonly<Record<string, SourceType>> = {
  bool: "uint8",
  int8: "int8",
  uint8: "uint8",
  int16: "int16",
  uint16: "uint16",
  int32: "int32",
  uint32: "uint32",
  int64: "int64",
  uint64: "uint64",
  float32: "float32",
  float64: "float64",
};

/** What zarrita reads without an entry among its codecs. */
const BUILT_IN = new Set(["sharding_indexed", "fixedscaleoffset"]);

/** Elements of an array come in chunks; boxes of voxels are cut out of them, whatever the order of the axes. */
export class ZarrArray {
  readonly path: string;
  readonly shape: readonly number[];
  readonly chunks: readonly number[];
  readonly sourceType: SourceType;
  readonly #array: Zarr<DataType>;
  readonly #subject: string;
  readonly #memory: ChunkMemory;
  readonly #reading = new SharedWork<VoxelArray>();

  private constructor(
    array: Zarr<DataType>,
    path: string,
    subject: string,
    sourceType: SourceType,
    memory: ChunkMemory,
  ) {
    this.#array = array;
    this.path = path;
    this.shape = array.shape;
    this.chunks = array.chunks;
    this.sourceType = sourceType;
    this.#subject = subject;
    this.#memory = memory;
  }

  /**
   * Reads the array's metadata. Rejects with `source` where there is no array or its metadata are broken, `unsupported` for codecs
   * and types that are not read, `limit` for chunks that are too large.
   */
  static async open(
    store: ZarrStore,
    path: string,
    format: 2 | 3,
    memory: ChunkMemory,
    options: AbortOptions = {},
  ): Promise<ZarrArray> {
    const location: ZarrPath = `/${path.replace(/^\/+|\/+$/g, "")}`;
    const subject = fileSubject(store, location);
    const below = (name: string): ZarrPath => (location === "/" ? `/${name}` : `${location}/${name}`);
    const files = new Map<string, Uint8Array>();
    const keep = async (name: string): Promise<Record<string, unknown> | undefined> => {
      const json = await readJson(store, below(name), options);
      if (json) files.set(below(name), new TextEncoder().encode(JSON.stringify(json)));
      return json;
    };
    const metadata = await keep(format === 3 ? "zarr.json" : ".zarray");
    const v3 = format === 3 ? metadata : undefined;
    if (!metadata || (v3 && v3["node_type"] !== "array"))
      throw sourceError(
        subject,
        "The image names an array that is not there.",
        "Get a fresh and whole copy of the image.",
      );
    const typeName = v3 ? String(v3["data_type"]) : typeOfV2(metadata["dtype"]);
    const type = TYPES[typeName];
    if (!type)
      throw unsupportedError(
        subject,
        `The image holds elements of type “${typeName}”, which are no voxels that are read.`,
        "Write it with whole numbers of 8 to 64 bits, or floating point of 32 or 64 bits.",
      );
    setUpCodecs();
    for (const codec of v3 ? codecsOfV3(v3["codecs"]) : codecsOfV2(metadata)) {
      if (!BUILT_IN.has(codec) && !registry.has(codec) && !registry.has(`numcodecs.${codec}`))
        throw unknownCodec(subject, codec);
    }
    // What was read above is not asked for again.
    const reading = {
      get: async (key: ZarrPath, read?: ReadOptions) =>
        files.get(key) ?? (key.endsWith(".zattrs") ? undefined : store.get(key, read)),
      getRange: store.getRange.bind(store),
    };
    let array: Zarr<DataType>;
    try {
      const place = root(reading).resolve(location.slice(1));
      array = await (v3 ? open.v3(place, { kind: "array" }) : open.v2(place, { kind: "array", attrs: false }));
    } catch (error) {
      throw asZarrError(subject, error);
    }
    const bytes = array.chunks.reduce((size, n) => size * n, sourceBytes(type));
    if (bytes > ZARR_CHUNK_MAX_BYTES)
      throw limitError(
        subject,
        `One chunk of ${array.chunks.join("×")} elements takes ${formatBytes(bytes)}; ${formatBytes(ZARR_CHUNK_MAX_BYTES)} is the limit.`,
        "Write the image in smaller chunks.",
      );
    return new ZarrArray(array, path, subject, type, memory);
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
    const chunk = await this.#chunk(coordinates, options);
    const strides = this.#strides;
    let origin = 0;
    for (const axis of frames) origin += (frameIndex[axis]! % this.chunks[axis]!) * strides[axis]!;
    const step = space.map((axis) => (axis < 0 ? 0 : strides[axis]!));
    const start = space.map((axis, n) => (axis < 0 ? 0 : at[n]! * this.chunks[axis]!));
    const first = min.map((n, axis) => Math.max(n, start[axis]!));
    const last = max.map((n, axis) => Math.min(n, start[axis]! + (space[axis]! < 0 ? 1 : this.chunks[space[axis]!]!)));
    const { voxels, at: base, pitchJ, pitchK } = target;
    const count = last[0]! - first[0]!;
    for (let k = first[2]!; k < last[2]!; k++) {
      for (let j = first[1]!; j < last[1]!; j++) {
        let read =
          origin + (first[0]! - start[0]!) * step[0]! + (j - start[1]!) * step[1]! + (k - start[2]!) * step[2]!;
        let write = base + first[0]! - min[0] + (j - min[1]) * pitchJ + (k - min[2]) * pitchK;
        if (step[0] === 1) voxels.set(chunk.subarray(read, read + count), write);
        else for (let n = 0; n < count; n++, read += step[0]!) voxels[write++] = chunk[read]!;
      }
    }
  }

  /** Steps in a decoded chunk, kept with row-major order. */
  get #strides(): number[] {
    const strides = this.chunks.map(() => 1);
    for (let axis = strides.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1]! * this.chunks[axis + 1]!;
    return strides;
  }

  async #chunk(coordinates: readonly number[], { signal }: AbortOptions): Promise<VoxelArray> {
    const key = `${this.path}:${coordinates.join(",")}`;
    const held = this.#memory.get(key);
    if (held) return held;
    return this.#reading.run(key, signal, async (shared) => {
      const chunk = await this.#decode(coordinates, shared);
      this.#memory.put(key, chunk);
      return chunk;
    });
  }

  async #decode(coordinates: readonly number[], signal: AbortSignal): Promise<VoxelArray> {
    const subject = `${this.#subject} (chunk ${coordinates.join(", ")})`;
    let chunk: Awaited<ReturnType<Zarr<DataType>["getChunk"]>>;
    try {
      chunk = await this.#array.getChunk([...coordinates], { signal });
    } catch (error) {
      throw asZarrError(subject, error);
    }
    signal.throwIfAborted();
    const count = this.chunks.reduce((size, n) => size * n, 1);
    const { buffer, byteOffset, byteLength } = chunk.data as unknown as Uint8Array<ArrayBuffer>;
    if (byteLength !== count * sourceBytes(this.sourceType))
      throw sourceError(
        subject,
        "Voxels of the image are damaged: a chunk has another size than stated.",
        "Get a fresh copy of the image.",
      );
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    const out = heldAs(this.sourceType) === this.sourceType ? undefined : createVoxels(this.voxelType, count);
    const { voxels, misfit } = toVoxels(bytes, count, this.sourceType, true, out);
    if (misfit >= 0)
      throw limitError(
        subject,
        `A voxel holds ${misfitValue(bytes, misfit, this.sourceType)}, which does not fit ${this.voxelType}.`,
        "Values are never cut to fit; write the image with a smaller type.",
      );
    return rowMajor(voxels, chunk.shape, chunk.stride, this.voxelType);
  }
}

/** The same elements with the last axis fastest: chunks stored with another order of axes are turned once, when they are read. */
function rowMajor(
  voxels: VoxelArray,
  shape: readonly number[],
  stride: readonly number[],
  type: VoxelType,
): VoxelArray {
  let expected = 1;
  const plain = shape.every((_, n) => {
    const axis = shape.length - 1 - n;
    const fits = shape[axis] === 1 || stride[axis] === expected;
    expected *= shape[axis]!;
    return fits;
  });
  if (plain) return voxels;
  const turned = createVoxels(type, voxels.length);
  const index = shape.map(() => 0);
  let read = 0;
  for (let write = 0; write < turned.length; write++) {
    turned[write] = voxels[read]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      read += stride[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      read -= stride[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return turned;
}

function codecsOfV3(codecs: unknown): string[] {
  if (!Array.isArray(codecs)) return [];
  return codecs.flatMap((codec: unknown) => {
    if (typeof codec === "string") return [codec];
    const { name, configuration } = (codec ?? {}) as { name?: unknown; configuration?: { codecs?: unknown } };
    return typeof name === "string" ? [name, ...codecsOfV3(configuration?.codecs)] : [];
  });
}

function codecsOfV2({ compressor, filters }: Readonly<Record<string, unknown>>): string[] {
  const list = [compressor, ...(Array.isArray(filters) ? (filters as unknown[]) : [])];
  return list.flatMap((codec) => {
    const id = (codec as { id?: unknown } | null | undefined)?.id;
    return typeof id === "string" ? [id] : [];
  });
}

/** Zarr 3's name of a numpy type such as `<u2`; what it does not know stays as it is. */
function typeOfV2(dtype: unknown): string {
  const [, kind, bytes] = /^[<>|]([biuf])(\d)$/.exec(String(dtype)) ?? [];
  if (!kind) return typeof dtype === "string" ? dtype : "a record";
  return kind === "b" ? "bool" : `${{ i: "int", u: "uint", f: "float" }[kind]}${Number(bytes) * 8}`;
}
