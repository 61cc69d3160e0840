import type { GeoTIFFImage } from "geotiff";
import type { VoxelType } from "#volume";
import type { SourceFile } from "../source.ts";
import { sourceBytes } from "../voxel-conversion.ts";
import { blockPlaces } from "./tag-numbers.ts";
import { type PageKind, pageSourceType } from "./page-kind.ts";

/** How the blocks of a page are packed (TIFF 6.0; 50000 by libtiff). */
export type Packing = "none" | "lzw" | "deflate" | "packbits" | "zstd";

const PACKINGS: ReadonlyMap<number, Packing> = new Map([
  [1, "none"],
  [5, "lzw"],
  [8, "deflate"],
  [32946, "deflate"],
  [32773, "packbits"],
  [50000, "zstd"],
]);

/** A page of one number a pixel in strips or tiles, which `decodePage` unpacks. */
export interface PackedPage {
  readonly width: number;
  readonly height: number;
  readonly voxelType: VoxelType;
  /** Type of the numbers in the file. */
  readonly sourceType: VoxelType | "float64";
  readonly littleEndian: boolean;
  readonly packing: Packing;
  /** 1 none, 2 differences along a row, 3 the same of the bytes of floating point numbers (Adobe Technical Note 3). */
  readonly predictor: 1 | 2 | 3;
  /** Size of a block: a tile, or the rows of a strip. */
  readonly blockWidth: number;
  readonly blockHeight: number;
  /** Where the blocks lie in the bytes that go with it, row by row. */
  readonly blocks: readonly (readonly [start: number, byteLength: number])[];
}

/** Blocks are read together where no more than this share of what is read lies between them. */
const MOST_BETWEEN = 0.25;

/** A page with its packed bytes, the caller's own; undefined where its numbers lie in another way. */
export async function readPacked(
  image: GeoTIFFImage,
  kind: PageKind,
  { blob }: SourceFile,
): Promise<{ readonly page: PackedPage; readonly bytes: Uint8Array<ArrayBuffer> } | undefined> {
  const directory = image.fileDirectory;
  const packing = PACKINGS.get(Number(directory.getValue("Compression") ?? 1));
  const sourceType = pageSourceType(kind);
  const usual =
    !kind.color && image.getSamplesPerPixel() === 1 && image.getBitsPerSample() === sourceBytes(sourceType) * 8;
  if (!packing || !usual || Number((await load("FillOrder")) ?? 1) !== 1) return undefined;
  const predicted = packing === "none" || packing === "packbits" ? 1 : Number((await load("Predictor")) ?? 1);
  if (predicted !== 1 && predicted !== 2 && predicted !== 3) return undefined;
  const tiled = !directory.hasTag("StripOffsets");
  const { width, height, voxelType } = kind;
  const blockWidth = tiled ? Number(await load("TileWidth")) : width;
  const stated = Number((await load(tiled ? "TileLength" : "RowsPerStrip")) ?? height);
  const blockHeight = tiled ? stated : Math.min(stated, height);
  const { littleEndian } = image;
  const { starts, lengths } = await blockPlaces(directory, littleEndian, blob);
  const count = Math.ceil(width / blockWidth) * Math.ceil(height / blockHeight);
  if (!(count >= 1) || starts.length !== count || lengths.length !== count) return undefined;
  const ends = starts.map((start, n) => start + lengths[n]!);
  if (lengths.some((length) => !(length > 0)) || ends.some((end) => end > blob.size)) return undefined;
  const from = starts.reduce((least, start) => Math.min(least, start));
  const span = ends.reduce((most, end) => Math.max(most, end)) - from;
  const packedBytes = lengths.reduce((sum, length) => sum + length, 0);
  // Blocks that share their bytes could claim any amount.
  if (packedBytes > blob.size) return undefined;
  const together = span * (1 - MOST_BETWEEN) <= packedBytes;
  let bytes: Uint8Array<ArrayBuffer>;
  const blocks: (readonly [number, number])[] = [];
  if (together) {
    bytes = new Uint8Array(await blob.slice(from, from + span).arrayBuffer());
    for (const [n, start] of starts.entries()) blocks.push([start - from, lengths[n]!]);
  } else {
    const parts = await Promise.all(starts.map((start, n) => blob.slice(start, ends[n]!).arrayBuffer()));
    bytes = new Uint8Array(packedBytes);
    let at = 0;
    for (const part of parts) {
      bytes.set(new Uint8Array(part), at);
      blocks.push([at, part.byteLength]);
      at += part.byteLength;
    }
  }
  return {
    page: {
      width,
      height,
      voxelType,
      sourceType,
      littleEndian,
      packing,
      predictor: predicted,
      blockWidth,
      blockHeight,
      blocks,
    },
    bytes,
  };

  function load(tag: Parameters<typeof directory.loadValue>[0]): Promise<unknown> {
    return directory.hasTag(tag) ? directory.loadValue(tag) : Promise.resolve(undefined);
  }
}
