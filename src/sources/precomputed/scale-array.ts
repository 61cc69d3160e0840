import { isAbortError, VoxelwrightError } from "#base";
import { createVoxels, type Dims, type VoxelArray } from "#volume";
import { sourceError } from "../source-errors.ts";
import { heldAs, sourceBytes } from "../voxel-conversion.ts";
import { ChunkedArray, type ChunkMemory, heldVoxels } from "../zarr/chunked-array.ts";
import { readUndamaged } from "../zarr/read-undamaged.ts";
import { fileSubject, type ReadOptions, type ZarrPath, type ZarrStore } from "../zarr/zarr-store.ts";
import { unpackSegmentation } from "./compressed-segmentation.ts";
import { gunzipBytes } from "./gunzip-bytes.ts";
import type { PrecomputedInfo, PrecomputedScale } from "./info.ts";
import { mortonCode, Shards } from "./shards.ts";

/** A chunk as it is stored. */
interface PackedChunk {
  readonly bytes: Uint8Array;
  /** True where the file's name says so; else the bytes tell. */
  readonly gzip: boolean;
}

/** A chunk by its place in the grid of chunks (x, y, z); undefined where nothing is stored. */
type ReadChunk = (at: Dims, options: ReadOptions) => Promise<PackedChunk | undefined>;

/** A resolution as an array with the axes channel, z, y, x. What is not stored is 0. */
export function scaleArray(
  store: ZarrStore,
  info: PrecomputedInfo,
  scale: PrecomputedScale,
  memory: ChunkMemory,
): ChunkedArray {
  const { size, chunk, key } = scale;
  const { channels, sourceType } = info;
  const subject = fileSubject(store, `/${key}`);
  const read = scale.sharding ? shardedChunks(store, scale) : chunkFiles(store, scale);
  return new ChunkedArray({
    path: key,
    shape: [channels, size[2], size[1], size[0]],
    chunks: [channels, chunk[2], chunk[1], chunk[0]],
    sourceType,
    memory,
    decode([, z = 0, y = 0, x = 0], signal) {
      const at: Dims = [x, y, z];
      const extent = at.map((n, axis) => Math.min(chunk[axis]!, size[axis]! - n * chunk[axis]!)) as unknown as Dims;
      const which = `${subject} (chunk ${at.join(", ")})`;
      return readUndamaged(store, signal, async (options) => {
        try {
          const packed = await read(at, options);
          signal.throwIfAborted();
          if (!packed) return createVoxels(heldAs(sourceType), channels * chunk[0] * chunk[1] * chunk[2]);
          const bytes = await unpacked(packed, info, scale, extent);
          const voxels = heldVoxels(bytes, channels * extent[0] * extent[1] * extent[2], sourceType, which);
          return padded(voxels, extent, chunk, channels);
        } catch (error) {
          if (isAbortError(error) || error instanceof VoxelwrightError) throw error;
          const detail = error instanceof Error ? error.message : String(error);
          const message = `Voxels of the volume are damaged: ${detail}.`;
          throw sourceError(which, message, "Get a fresh copy of the volume.", error);
        }
      });
    },
  });
}

/** One file a chunk, named by the voxels that it holds. */
function chunkFiles(store: ZarrStore, { key, size, offset, chunk }: PrecomputedScale): ReadChunk {
  return async (at, options) => {
    const name = at
      .map((n, axis) => {
        const from = n * chunk[axis]!;
        return `${offset[axis]! + from}-${offset[axis]! + Math.min(from + chunk[axis]!, size[axis]!)}`;
      })
      .join("_");
    const path: ZarrPath = `/${key}/${name}`;
    const bytes = await store.get(path, options);
    if (bytes) return { bytes, gzip: false };
    // On disks, files that servers hand out as gzip carry its ending.
    const packed = store.local ? await store.get(`${path}.gz`, options) : undefined;
    return packed && { bytes: packed, gzip: true };
  };
}

function shardedChunks(store: ZarrStore, { key, size, chunk, sharding }: PrecomputedScale): ReadChunk {
  const shards = new Shards(store, key, sharding!);
  const grid = size.map((n, axis) => Math.ceil(n / chunk[axis]!)) as unknown as Dims;
  return async (at, options) => {
    const bytes = await shards.read(mortonCode(at, grid), options);
    return bytes && { bytes, gzip: false };
  };
}

/** Little-endian voxels of a chunk, x fastest, then y, z, channel; aligned to their size. */
async function unpacked(
  packed: PackedChunk,
  { sourceType, channels }: PrecomputedInfo,
  { encoding, block }: PrecomputedScale,
  extent: Dims,
): Promise<Uint8Array> {
  const expected = channels * extent[0] * extent[1] * extent[2] * sourceBytes(sourceType);
  const bytes = await inflated(packed, encoding === "raw" ? expected : undefined);
  if (encoding === "compressed_segmentation") {
    const words = unpackSegmentation(bytes, extent, channels, block, sourceType === "uint64" ? 2 : 1);
    return new Uint8Array(words.buffer);
  }
  if (encoding === "jpeg") {
    const { unpackJpeg } = await import("./jpeg.ts");
    return unpackJpeg(bytes, expected);
  }
  if (bytes.length !== expected) throw new Error(`a chunk has ${bytes.length} bytes instead of ${expected}`);
  return bytes.byteOffset % sourceBytes(sourceType) === 0 ? bytes : bytes.slice();
}

/**
 * What is within gzip, for servers hand it out as it lies. Raw voxels, `raw` bytes of them, can begin as gzip does: then they are it
 * only if as many come out of it.
 */
async function inflated({ bytes, gzip }: PackedChunk, raw: number | undefined): Promise<Uint8Array> {
  if (gzip) return gunzipBytes(bytes);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  if (bytes.length !== raw) return gunzipBytes(bytes);
  const voxels = await gunzipBytes(bytes, raw).catch(() => bytes);
  return voxels.length === raw ? voxels : bytes;
}

/** Chunks at the end of an axis hold what is there; arrays want all of one size. */
function padded(voxels: VoxelArray, extent: Dims, chunk: Dims, channels: number): VoxelArray {
  if (extent.every((n, axis) => n === chunk[axis])) return voxels;
  const Voxels = voxels.constructor as new (length: number) => VoxelArray;
  const whole = new Voxels(channels * chunk[0] * chunk[1] * chunk[2]);
  let from = 0;
  for (let c = 0; c < channels; c++)
    for (let z = 0; z < extent[2]; z++)
      for (let y = 0; y < extent[1]; y++, from += extent[0])
        whole.set(voxels.subarray(from, from + extent[0]), ((c * chunk[2] + z) * chunk[1] + y) * chunk[0]);
  return whole;
}
