import { SharedWork } from "#base";
import { type Dims, Residency } from "#volume";
import { sourceError } from "../source-errors.ts";
import { fileSubject, type ReadOptions, type ZarrPath, type ZarrStore } from "../zarr/zarr-store.ts";
import { gunzipBytes } from "./gunzip-bytes.ts";
import type { Sharding } from "./info.ts";
import { murmurHash64 } from "./murmur-hash.ts";

/** Indices of minishards that are held; each tells the places of some hundred chunks. */
const INDEX_BYTES = 16 * 1024 ** 2;
/** Largest index of one minishard: a million chunks. */
const INDEX_MAX_BYTES = 24 * 1024 ** 2;

/** Places of the chunks of a minishard, by ascending identifier. */
interface MinishardIndex {
  readonly ids: BigUint64Array;
  /** From the start of the file. */
  readonly starts: Float64Array;
  readonly lengths: Float64Array;
}

/**
 * The “compressed Morton code” of a chunk: bits of x, y and z in turn, the lowest first, without those that no chunk of the grid has.
 */
export function mortonCode(at: Dims, grid: Dims): bigint {
  let code = 0n;
  let to = 0n;
  for (let bit = 0; grid.some((n) => 2 ** bit < n); bit++)
    for (const axis of [0, 1, 2] as const) {
      if (2 ** bit >= grid[axis]) continue;
      code |= BigInt(Math.floor(at[axis] / 2 ** bit) % 2) << to;
      to++;
    }
  return code;
}

/** Chunks in shard files: read by two indices and one range. */
export class Shards {
  readonly #store: ZarrStore;
  readonly #folder: string;
  readonly #sharding: Sharding;
  readonly #indices = new Residency<MinishardIndex>(INDEX_BYTES, {
    bytesOf: ({ ids }) => ids.length * 24 + 64,
    evict: () => undefined,
  });
  readonly #reading = new SharedWork<MinishardIndex | undefined>();

  constructor(store: ZarrStore, folder: string, sharding: Sharding) {
    this.#store = store;
    this.#folder = folder;
    this.#sharding = sharding;
  }

  /** The chunk as it was packed; undefined where there is none. */
  async read(id: bigint, options: ReadOptions): Promise<Uint8Array | undefined> {
    const { preshiftBits, hash, minishardBits, shardBits, dataEncoding } = this.#sharding;
    const shifted = id >> BigInt(preshiftBits);
    const hashed = hash === "identity" ? shifted : murmurHash64(shifted);
    const minishard = Number(hashed & ((1n << BigInt(minishardBits)) - 1n));
    const shard = (hashed >> BigInt(minishardBits)) & ((1n << BigInt(shardBits)) - 1n);
    const name = shard.toString(16).padStart(Math.ceil(shardBits / 4), "0");
    const path: ZarrPath = `/${this.#folder}/${name}.shard`;
    const index = await this.#index(path, minishard, options);
    const n = index ? find(index.ids, id) : -1;
    if (!index || n < 0) return undefined;
    const bytes = await this.#range(path, index.starts[n]!, index.lengths[n]!, options);
    if (!bytes) throw this.#damaged(path);
    return dataEncoding === "gzip" ? gunzipBytes(bytes) : bytes;
  }

  async #index(path: ZarrPath, minishard: number, options: ReadOptions): Promise<MinishardIndex | undefined> {
    const key = `${path}:${minishard}`;
    const held = this.#indices.get(key);
    if (held) return held;
    return this.#reading.run(key, options.signal, async (signal) => {
      const index = await this.#readIndex(path, minishard, { ...options, signal });
      if (index) this.#indices.put(key, index);
      return index;
    });
  }

  async #readIndex(path: ZarrPath, minishard: number, options: ReadOptions): Promise<MinishardIndex | undefined> {
    const { minishardBits, indexEncoding } = this.#sharding;
    const base = 2 ** minishardBits * 16;
    const place = await this.#range(path, minishard * 16, 16, options);
    if (!place) return undefined;
    const view = new DataView(place.buffer, place.byteOffset, place.byteLength);
    const from = Number(view.getBigUint64(0, true));
    const to = Number(view.getBigUint64(8, true));
    if (from === to) return undefined;
    if (to < from || to - from > INDEX_MAX_BYTES) throw this.#damaged(path);
    const packed = await this.#range(path, base + from, to - from, options);
    if (!packed) throw this.#damaged(path);
    const bytes = indexEncoding === "gzip" ? await gunzipBytes(packed, INDEX_MAX_BYTES) : packed;
    if (bytes.length % 24 !== 0) throw this.#damaged(path);
    return indexOf(new BigUint64Array(bytes.slice().buffer), base);
  }

  /** Exactly these bytes; undefined where there is no such file. */
  async #range(path: ZarrPath, offset: number, length: number, options: ReadOptions): Promise<Uint8Array | undefined> {
    const bytes = await this.#store.getRange(path, { offset, length }, options);
    if (bytes && bytes.length !== length) throw this.#damaged(path);
    return bytes;
  }

  #damaged(path: ZarrPath): Error {
    return sourceError(
      fileSubject(this.#store, path),
      "The index of a shard is damaged, or the file ends early.",
      "Get a fresh copy of the volume.",
    );
  }
}

/** Identifiers and starts are told as differences: starts from the end of the chunk before. */
function indexOf(told: BigUint64Array, base: number): MinishardIndex {
  const count = told.length / 3;
  const ids = new BigUint64Array(count);
  const starts = new Float64Array(count);
  const lengths = new Float64Array(count);
  let id = 0n;
  let at = base;
  for (let n = 0; n < count; n++) {
    id = BigInt.asUintN(64, id + told[n]!);
    ids[n] = id;
    starts[n] = at + Number(told[count + n]!);
    lengths[n] = Number(told[2 * count + n]!);
    at = starts[n]! + lengths[n]!;
  }
  return { ids, starts, lengths };
}

function find(ids: BigUint64Array, id: bigint): number {
  let [low, high] = [0, ids.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ids[middle]! < id) low = middle + 1;
    else high = middle;
  }
  return ids[low] === id ? low : -1;
}
