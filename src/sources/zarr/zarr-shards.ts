import { sourceError, unsupportedError } from "../source-errors.ts";
import { fileSubject, type ZarrStore } from "./zarr-store.ts";

/** Where shards hold their index. */
export type IndexPlace = "start" | "end";

interface Codec {
  readonly name?: unknown;
  readonly configuration?: {
    readonly chunk_shape?: unknown;
    readonly codecs?: unknown;
    readonly index_location?: unknown;
  };
}

const SHARDING = "sharding_indexed";

/**
 * Where the shards of an array hold their index, by its `zarr.json` (Zarr 3, “sharding_indexed” 1.0); undefined for arrays without
 * shards. Throws `unsupported` for shards that zarrita reads in another way than they are written, `source` for broken metadata.
 */
export function shardIndexPlace(
  subject: string,
  { codecs, chunk_grid: grid }: Readonly<Record<string, unknown>>,
): IndexPlace | undefined {
  const all = list<Codec>(codecs);
  const sharding = all.find(isSharding);
  if (!sharding) return undefined;
  const { chunk_shape: chunk, codecs: inner, index_location: place = "end" } = sharding.configuration ?? {};
  if (all.length > 1) throw unread(subject, "shards that are turned or packed as a whole");
  if (list<Codec>(inner).some(isSharding)) throw unread(subject, "shards within shards");
  if (place !== "start" && place !== "end") throw unread(subject, `shards with their index at “${String(place)}”`);
  const shard = list<number>(
    (grid as { configuration?: { chunk_shape?: unknown } } | undefined)?.configuration?.chunk_shape,
  );
  const edges = list<number>(chunk);
  if (edges.length !== shard.length || edges.some((edge, axis) => !(edge >= 1) || shard[axis]! % edge !== 0))
    throw sourceError(
      subject,
      `The metadata of the image are broken: shards of ${shard.join("×")} do not hold whole chunks of ${edges.join("×")}.`,
      "Write the image again.",
    );
  return place;
}

/**
 * What zarrita reads shards by. It asks for an index by the last bytes of a shard wherever that lies, and takes what it gets as it is:
 * here the index comes from its place, and whatever is not there in full is an error.
 */
export function shardReading(store: ZarrStore, place: IndexPlace): Pick<ZarrStore, "getRange"> {
  return {
    async getRange(path, range, options) {
      const isIndex = "suffixLength" in range;
      const length = isIndex ? range.suffixLength : range.length;
      const damaged = (): Error =>
        sourceError(
          fileSubject(store, path),
          "Voxels of the image are damaged: a shard ends early, or its index is wrong.",
          "Get a fresh copy of the image.",
        );
      if (!isIndex && !(Number.isSafeInteger(range.offset + length) && length > 0)) throw damaged();
      const bytes = await store.getRange(path, isIndex && place === "start" ? { offset: 0, length } : range, options);
      // Without a file there is no shard; once an index has told of a chunk, it is there.
      if (bytes ? bytes.length !== length : !isIndex) throw damaged();
      return bytes;
    },
  };
}

function isSharding({ name }: Codec): boolean {
  return name === SHARDING;
}

function list<T>(value: unknown): readonly T[] {
  return Array.isArray(value) ? (value as T[]) : [];
}

function unread(subject: string, what: string): Error {
  return unsupportedError(
    subject,
    `The image has ${what}, which are not read.`,
    "Write it with plain shards, or without any.",
  );
}
