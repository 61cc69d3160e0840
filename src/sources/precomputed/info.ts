import type { Dims } from "#volume";
import * as v from "valibot";
import { ZARR_CHUNK_MAX_BYTES } from "../limits.ts";
import { formatBytes, limitError, sourceError, unsupportedError } from "../source-errors.ts";
import { type SourceType, sourceBytes } from "../voxel-conversion.ts";

/** How chunk identifiers lead to places in shard files (“neuroglancer_uint64_sharded_v1”). */
export interface Sharding {
  readonly preshiftBits: number;
  readonly hash: "identity" | "murmurhash3_x86_128";
  readonly minishardBits: number;
  readonly shardBits: number;
  readonly indexEncoding: "raw" | "gzip";
  readonly dataEncoding: "raw" | "gzip";
}

/** One resolution. Triples run along x, y, z. */
export interface PrecomputedScale {
  /** Path of its folder below that of the volume. */
  readonly key: string;
  readonly size: Dims;
  /** Voxel edges in nanometres. */
  readonly resolutionNm: Dims;
  /** Voxel of the volume's frame that the first stored one is. */
  readonly offset: Dims;
  readonly chunk: Dims;
  readonly encoding: "raw" | "jpeg" | "compressed_segmentation";
  /** Of compressed segmentations. */
  readonly block: Dims;
  readonly sharding: Sharding | undefined;
}

/** What an `info` file says of a volume. */
export interface PrecomputedInfo {
  readonly kind: "image" | "segmentation";
  readonly sourceType: SourceType;
  readonly channels: number;
  /** The finest first. */
  readonly scales: readonly PrecomputedScale[];
  /** Path of the names of segments, below the volume's folder. */
  readonly segmentProperties: string | undefined;
}

const TYPES = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "float32"] as const;
const ENCODINGS = ["raw", "jpeg", "compressed_segmentation"] as const;

const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 40));
const triple = <T extends v.GenericSchema>(of: T) => v.tuple([of, of, of]);
const bits = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(64));
const packing = v.optional(v.picklist(["raw", "gzip"]), "raw");
const sharding = v.looseObject({
  "@type": v.literal("neuroglancer_uint64_sharded_v1"),
  preshift_bits: bits,
  hash: v.picklist(["identity", "murmurhash3_x86_128"]),
  // A shard's index is held whole.
  minishard_bits: v.pipe(bits, v.maxValue(32)),
  shard_bits: bits,
  minishard_index_encoding: packing,
  data_encoding: packing,
});
const lowerCase = v.pipe(v.string(), v.toLowerCase());
const scale = v.looseObject({
  key: v.string(),
  size: triple(count),
  resolution: triple(v.pipe(v.number(), v.finite(), v.gtValue(0))),
  voxel_offset: v.optional(triple(v.pipe(v.number(), v.integer())), [0, 0, 0]),
  chunk_sizes: v.pipe(v.array(triple(count)), v.minLength(1)),
  encoding: lowerCase,
  compressed_segmentation_block_size: v.optional(triple(count)),
  sharding: v.optional(v.nullable(sharding)),
});
const schema = v.looseObject({
  type: v.picklist(["image", "segmentation"]),
  data_type: lowerCase,
  num_channels: count,
  scales: v.pipe(v.array(scale), v.minLength(1), v.maxLength(32)),
  segment_properties: v.optional(v.nullable(v.string())),
});

/** Whether JSON is the `info` of a volume; meshes, skeletons and annotations have such files as well. */
export function isVolumeInfo(json: Readonly<Record<string, unknown>> | undefined): boolean {
  const kind = json?.["@type"];
  return Array.isArray(json?.["scales"]) && (kind === undefined || kind === "neuroglancer_multiscale_volume");
}

/**
 * Reads the `info` file of a volume (Neuroglancer's “precomputed” format). Throws `source` where it is broken, `unsupported` for types
 * and encodings that are not read, `limit` for chunks that are too large.
 */
export function parseInfo(json: unknown, subject: string): PrecomputedInfo {
  const parsed = v.safeParse(schema, json);
  if (!parsed.success) {
    const where = v.getDotPath(parsed.issues[0]) ?? "info";
    throw sourceError(
      subject,
      `The metadata of the volume are broken: “${where}” is not as the precomputed format wants it.`,
      "Write the volume again.",
    );
  }
  const { type, data_type: dataType, num_channels: channels, scales, segment_properties: properties } = parsed.output;
  const sourceType = TYPES.find((known) => known === dataType);
  if (!sourceType)
    throw unsupportedError(
      subject,
      `The volume holds elements of type “${dataType}”, which are no voxels that are read.`,
      "Write it with whole numbers of 8 to 64 bits, or floating point of 32 bits.",
    );
  return {
    kind: type,
    sourceType,
    channels,
    scales: scales.map((one) => scaleOf(one, sourceType, channels, subject)),
    segmentProperties: properties ?? undefined,
  };
}

function scaleOf(
  one: v.InferOutput<typeof scale>,
  type: SourceType,
  channels: number,
  subject: string,
): PrecomputedScale {
  const encoding = ENCODINGS.find((known) => known === one.encoding);
  const packed = encoding === "compressed_segmentation" && type !== "uint32" && type !== "uint64";
  const colour = encoding === "jpeg" && (type !== "uint8" || channels !== 1);
  if (!encoding || packed || colour) {
    const what = colour ? "jpeg of several channels" : one.encoding;
    throw unsupportedError(
      subject,
      `The voxels are packed as “${what}”, which is not read; raw, jpeg of one channel and compressed_segmentation are.`,
      "Write the volume with one of them.",
    );
  }
  const chunk = one.chunk_sizes[0]!;
  const bytes = chunk[0] * chunk[1] * chunk[2] * channels * sourceBytes(type);
  if (bytes > ZARR_CHUNK_MAX_BYTES)
    throw limitError(
      subject,
      `One chunk of ${chunk.join("×")} voxels takes ${formatBytes(bytes)}; ${formatBytes(ZARR_CHUNK_MAX_BYTES)} is the limit.`,
      "Write the volume in smaller chunks.",
    );
  return {
    key: one.key.replace(/^\/+|\/+$/g, ""),
    size: one.size,
    resolutionNm: one.resolution,
    offset: one.voxel_offset,
    chunk,
    encoding,
    block: one.compressed_segmentation_block_size ?? [8, 8, 8],
    sharding: one.sharding
      ? {
          preshiftBits: one.sharding.preshift_bits,
          hash: one.sharding.hash,
          minishardBits: one.sharding.minishard_bits,
          shardBits: one.sharding.shard_bits,
          indexEncoding: one.sharding.minishard_index_encoding,
          dataEncoding: one.sharding.data_encoding,
        }
      : undefined,
  };
}
