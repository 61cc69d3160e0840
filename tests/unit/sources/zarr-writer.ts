import Blosc from "numcodecs/blosc";
import LZ4 from "numcodecs/lz4";
import Zstd from "numcodecs/zstd";
import { deflateSync, gzipSync } from "node:zlib";
import type { SourceFile } from "#sources";
import type { Dims } from "#volume";

/** OME-Zarr images in memory, written by the codecs' own encoders. Sizes and chunks are in the order of `axes`. */

export type CodecName = "none" | "blosc-lz4" | "blosc-zstd" | "zstd" | "lz4" | "gzip" | "zlib";

export interface ZarrResolution {
  readonly path?: string;
  readonly shape: readonly number[];
  readonly scale?: readonly number[];
  readonly translation?: readonly number[];
  /** Value of an element by its index. */
  readonly value: (...index: number[]) => number;
}

export interface ZarrImageWanted {
  readonly version?: "0.4" | "0.5";
  readonly axes?: readonly object[];
  readonly resolutions: readonly ZarrResolution[];
  readonly chunks: readonly number[];
  /** Chunks of a shard along each axis (Zarr 3). */
  readonly shards?: readonly number[];
  /** Where shards hold their index; at their end unless told. */
  readonly indexAt?: "start" | "end";
  readonly codec?: CodecName;
  /** A CRC-32C behind every chunk (Zarr 3). */
  readonly checked?: boolean;
  /** Numpy's name, little endian. */
  readonly dtype?: "u1" | "i2" | "u2" | "i4" | "f4" | "f8" | "i8" | "u8";
  /** What the metadata say of absent chunks; those of nothing but 0 are absent. */
  readonly fill?: unknown;
  readonly multiscales?: object;
  readonly ome?: object;
}

export const AXES_ZYX = ["z", "y", "x"].map((name) => ({ name, type: "space", unit: "millimeter" }));

const ARRAYS = {
  u1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  f4: Float32Array,
  f8: Float64Array,
  i8: BigInt64Array,
  u8: BigUint64Array,
} as const;
const V3_TYPES = {
  u1: "uint8",
  i2: "int16",
  u2: "uint16",
  i4: "int32",
  f4: "float32",
  f8: "float64",
  i8: "int64",
  u8: "uint64",
} as const;

const encoders: Readonly<Record<CodecName, (bytes: Uint8Array) => Promise<Uint8Array>>> = {
  none: async (bytes) => bytes,
  "blosc-lz4": async (bytes) =>
    Blosc.fromConfig({ id: "blosc", cname: "lz4", clevel: 5, shuffle: 1, blocksize: 0 }).encode(bytes),
  "blosc-zstd": async (bytes) =>
    Blosc.fromConfig({ id: "blosc", cname: "zstd", clevel: 5, shuffle: 2, blocksize: 0 }).encode(bytes),
  zstd: async (bytes) => Zstd.fromConfig({ id: "zstd", level: 3 }).encode(bytes),
  lz4: async (bytes) => LZ4.fromConfig({ id: "lz4", acceleration: 1 }).encode(bytes),
  gzip: async (bytes) => gzipSync(bytes),
  zlib: async (bytes) => deflateSync(bytes),
};

const V2_CODECS: Readonly<Record<CodecName, object | null>> = {
  none: null,
  "blosc-lz4": { id: "blosc", cname: "lz4", clevel: 5, shuffle: 1, blocksize: 0 },
  "blosc-zstd": { id: "blosc", cname: "zstd", clevel: 5, shuffle: 2, blocksize: 0 },
  zstd: { id: "zstd", level: 3 },
  lz4: { id: "lz4", acceleration: 1 },
  gzip: { id: "gzip", level: 5 },
  zlib: { id: "zlib", level: 5 },
};

function v3Codecs(codec: CodecName): object[] {
  if (codec === "none") return [];
  const { id, ...configuration } = V2_CODECS[codec] as { id: string };
  if (id !== "blosc") return [{ name: id, configuration }];
  const { shuffle, ...rest } = configuration as { shuffle: number };
  return [
    {
      name: "blosc",
      configuration: { ...rest, typesize: 2, shuffle: ["noshuffle", "shuffle", "bitshuffle"][shuffle] },
    },
  ];
}

/** Files of an image below `name`. */
export async function zarrFiles(name: string, wanted: ZarrImageWanted): Promise<SourceFile[]> {
  const { version = "0.4", axes = AXES_ZYX, resolutions, ome = {} } = wanted;
  const files = new Map<string, Uint8Array>();
  const put = (path: string, json: object): void =>
    void files.set(path, new TextEncoder().encode(JSON.stringify(json)));
  const multiscales = [
    {
      ...(version === "0.4" ? { version } : {}),
      axes,
      datasets: resolutions.map(({ path, scale, translation }, n) => ({
        path: path ?? String(n),
        coordinateTransformations: [
          { type: "scale", scale: scale ?? axes.map(() => 1) },
          ...(translation ? [{ type: "translation", translation }] : []),
        ],
      })),
      ...wanted.multiscales,
    },
  ];
  if (version === "0.4") {
    put(".zgroup", { zarr_format: 2 });
    put(".zattrs", { multiscales, ...ome });
  } else {
    put("zarr.json", { zarr_format: 3, node_type: "group", attributes: { ome: { version, multiscales, ...ome } } });
  }
  for (const [n, resolution] of resolutions.entries())
    await writeArray(resolution.path ?? String(n), resolution, wanted, files);
  return [...files].map(([path, bytes]) => ({
    name: `${name}/${path}`,
    blob: new Blob([bytes as Uint8Array<ArrayBuffer>]),
  }));
}

async function writeArray(
  path: string,
  { shape, value }: ZarrResolution,
  wanted: ZarrImageWanted,
  files: Map<string, Uint8Array>,
): Promise<void> {
  const {
    version = "0.4",
    chunks,
    shards,
    indexAt = "end",
    codec = "none",
    checked = false,
    dtype = "u2",
    fill = 0,
  } = wanted;
  const json = (file: string, content: object): void =>
    void files.set(`${path}/${file}`, new TextEncoder().encode(JSON.stringify(content)));
  const bytesCodec = { name: "bytes", configuration: { endian: "little" } };
  if (version === "0.4") {
    json(".zarray", {
      zarr_format: 2,
      shape,
      chunks,
      dtype: `${dtype === "u1" ? "|" : "<"}${dtype}`,
      compressor: V2_CODECS[codec],
      fill_value: fill,
      order: "C",
      filters: null,
      dimension_separator: "/",
    });
  } else {
    const inner = [bytesCodec, ...v3Codecs(codec), ...(checked ? [{ name: "crc32c" }] : [])];
    json("zarr.json", {
      zarr_format: 3,
      node_type: "array",
      shape,
      data_type: V3_TYPES[dtype],
      chunk_grid: {
        name: "regular",
        configuration: { chunk_shape: shards ? chunks.map((edge, n) => edge * shards[n]!) : chunks },
      },
      chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
      fill_value: fill,
      codecs: shards
        ? [
            {
              name: "sharding_indexed",
              configuration: {
                chunk_shape: chunks,
                codecs: inner,
                index_codecs: [bytesCodec, { name: "crc32c" }],
                index_location: indexAt,
              },
            },
          ]
        : inner,
      attributes: {},
    });
  }
  const counts = shape.map((length, axis) => Math.ceil(length / chunks[axis]!));
  const key = (at: readonly number[]): string =>
    version === "0.4" ? `${path}/${at.join("/")}` : `${path}/c/${at.join("/")}`;
  const shardsOf = new Map<string, { at: number[]; bytes: Uint8Array }[]>();
  for (const at of indices(counts)) {
    const data = new ARRAYS[dtype](chunks.reduce((size, edge) => size * edge, 1));
    let n = 0;
    for (const within of indices(chunks)) {
      const index = within.map((offset, axis) => at[axis]! * chunks[axis]! + offset);
      if (index.every((i, axis) => i < shape[axis]!)) {
        const v = value(...index);
        (data as { [n: number]: number | bigint })[n] = dtype.endsWith("8") && dtype !== "f8" ? BigInt(v) : v;
      }
      n++;
    }
    // Chunks of nothing but the fill value are left out, as writers do.
    if (data.every((v: number | bigint) => Number(v) === 0)) continue;
    const packed = await encoders[codec](new Uint8Array(data.buffer));
    const bytes = checked ? withChecksum(packed) : packed;
    if (!shards) files.set(key(at), bytes);
    else {
      const shard = key(at.map((c, axis) => Math.floor(c / shards[axis]!)));
      shardsOf.set(shard, [...(shardsOf.get(shard) ?? []), { at: at.map((c, axis) => c % shards[axis]!), bytes }]);
    }
  }
  for (const [shard, parts] of shardsOf) files.set(shard, shardBytes(parts, shards!, indexAt));
}

/** A shard: chunks one after the other, behind or before them the index with its checksum. */
function shardBytes(
  parts: readonly { at: number[]; bytes: Uint8Array }[],
  shards: readonly number[],
  indexAt: "start" | "end",
): Uint8Array {
  const index = new BigUint64Array(shards.reduce((size, n) => size * n, 1) * 2).fill(2n ** 64n - 1n);
  let offset = indexAt === "start" ? index.byteLength + 4 : 0;
  for (const { at, bytes } of parts) {
    const n = at.reduce((sum, c, axis) => sum * shards[axis]! + c, 0);
    index[2 * n] = BigInt(offset);
    index[2 * n + 1] = BigInt(bytes.length);
    offset += bytes.length;
  }
  const told = withChecksum(new Uint8Array(index.buffer));
  const chunks = parts.map(({ bytes }) => bytes);
  return new Uint8Array(Buffer.concat(indexAt === "start" ? [told, ...chunks] : [...chunks, told]));
}

function* indices(counts: readonly number[]): Generator<number[]> {
  const total = counts.reduce((size, n) => size * n, 1);
  for (let n = 0; n < total; n++) {
    let rest = n;
    const index = counts.map(() => 0);
    for (let axis = counts.length - 1; axis >= 0; axis--) {
      index[axis] = rest % counts[axis]!;
      rest = Math.floor(rest / counts[axis]!);
    }
    yield index;
  }
}

/** A value that differs between neighbours along every axis, below 4096. */
export const patterned = (k: number, j: number, i: number): number => (i * 3 + j * 51 + k * 997) % 4096;

/** Resolutions of `dims` (i, j, k) as means of 2³ voxels of a function, rounded down in size as many writers do. */
export function halvedResolutions(dims: Dims, count: number, spacing: Dims, value = patterned): ZarrResolution[] {
  return Array.from({ length: count }, (_, level) => {
    const f = 2 ** level;
    const size = [dims[2], dims[1], dims[0]].map((n) => Math.max(1, Math.floor(n / f)));
    const scale = [spacing[2], spacing[1], spacing[0]].map((step) => step * f);
    const translation = [spacing[2], spacing[1], spacing[0]].map((step) => ((f - 1) / 2) * step);
    return { shape: size, scale, translation, value: (k, j, i) => value(k * f, j * f, i * f) };
  });
}

function withChecksum(bytes: Uint8Array): Uint8Array {
  const checked = Buffer.alloc(bytes.length + 4);
  checked.set(bytes);
  checked.writeUInt32LE(crc32c(bytes), bytes.length);
  return new Uint8Array(checked);
}

/** CRC-32C (RFC 3720), bit by bit. */
function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
