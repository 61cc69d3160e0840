import type { AbortOptions } from "#base";
import { createVoxels, type VoxelArray, type VoxelType } from "#volume";
import { type Array as Zarr, type DataType, open, registry, root } from "zarrita";
import { ZARR_CHUNK_MAX_BYTES } from "../limits.ts";
import { formatBytes, limitError, sourceError, unsupportedError } from "../source-errors.ts";
import { heldAs, type SourceType, sourceBytes } from "../voxel-conversion.ts";
import { ChunkedArray, type ChunkMemory, heldVoxels } from "./chunked-array.ts";
import { setUpCodecs } from "./codecs.ts";
import { fillValue } from "./fill-value.ts";
import { type ChunkRead, readUndamaged } from "./read-undamaged.ts";
import { asZarrError, unknownCodec } from "./zarr-errors.ts";
import { shardIndexPlace, shardReading } from "./zarr-shards.ts";
import { fileSubject, readJson, type ReadOptions, type ZarrPath, type ZarrStore } from "./zarr-store.ts";

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

/**
 * Reads the array's metadata. Rejects with `source` where there is no array or its metadata are broken, `unsupported` for codecs
 * and types that are not read, `limit` for chunks that are too large.
 */
export async function openZarrArray(
  store: ZarrStore,
  path: string,
  format: 2 | 3,
  memory: ChunkMemory,
  options: AbortOptions = {},
): Promise<ChunkedArray> {
  const location: ZarrPath = `/${path.replace(/^\/+|\/+$/g, "")}`;
  const subject = fileSubject(store, location);
  const file: ZarrPath = `${location === "/" ? "" : location}/${format === 3 ? "zarr.json" : ".zarray"}`;
  const metadata = await readJson(store, file, options);
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
    // zarrita knows a codec of Zarr 2 by this longer name alone.
    if (!BUILT_IN.has(codec) && !registry.has(v3 ? codec : `numcodecs.${codec}`)) throw unknownCodec(subject, codec);
  }
  const indexPlace = v3 && shardIndexPlace(subject, v3);
  const fill = fillValue(subject, type, metadata["fill_value"]);
  const understood = new TextEncoder().encode(JSON.stringify({ ...metadata, fill_value: fill }));
  const reading = {
    // What was read above is not asked for again.
    get: async (key: ZarrPath, read?: ReadOptions) => (key === file ? understood : store.get(key, read)),
    ...(indexPlace && shardReading(store, indexPlace)),
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
  return new ChunkedArray({
    path,
    shape: array.shape,
    chunks: array.chunks,
    sourceType: type,
    memory,
    decode: (coordinates, signal) =>
      readUndamaged(store, signal, (read) => decodeChunk(array, type, subject, coordinates, read)),
  });
}

async function decodeChunk(
  array: Zarr<DataType>,
  type: SourceType,
  arraySubject: string,
  coordinates: readonly number[],
  options: ChunkRead,
): Promise<VoxelArray> {
  const subject = `${arraySubject} (chunk ${coordinates.join(", ")})`;
  let chunk: Awaited<ReturnType<Zarr<DataType>["getChunk"]>>;
  try {
    chunk = await array.getChunk([...coordinates], options);
  } catch (error) {
    throw asZarrError(subject, error);
  }
  options.signal.throwIfAborted();
  const count = array.chunks.reduce((size, n) => size * n, 1);
  const { buffer, byteOffset, byteLength } = chunk.data as unknown as Uint8Array<ArrayBuffer>;
  if (byteLength !== count * sourceBytes(type))
    throw sourceError(
      subject,
      "Voxels of the image are damaged: a chunk has another size than stated.",
      "Get a fresh copy of the image.",
    );
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  const voxels = heldVoxels(bytes, count, type, subject);
  return rowMajor(voxels, chunk.shape, chunk.stride, heldAs(type));
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
    const { name, configuration } = (codec ?? {}) as {
      name?: unknown;
      configuration?: { codecs?: unknown; index_codecs?: unknown };
    };
    if (typeof name !== "string") return [];
    return [name, ...codecsOfV3(configuration?.codecs), ...codecsOfV3(configuration?.index_codecs)];
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
