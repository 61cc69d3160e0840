import type { GeoTIFFImage } from "geotiff";
import type { BodyPart } from "../body.ts";
import type { SourceFile } from "../source.ts";
import { sourceError } from "../source-errors.ts";
import { sourceBytes } from "../voxel-conversion.ts";
import { blockPlaces } from "./tag-numbers.ts";
import { type PageKind, pageSourceType } from "./page-kind.ts";

/** Where the numbers of a page lie as they are, row by row without a gap. */
export interface RawPlace {
  /** First byte in the file. */
  readonly start: number;
  readonly byteLength: number;
  readonly littleEndian: boolean;
}

/** The place of a page that is not compressed, in its file; undefined where it is, or where its numbers lie in another way. */
export async function rawPlace(
  image: GeoTIFFImage,
  kind: PageKind,
  littleEndian: boolean,
  blob: Blob,
): Promise<RawPlace | undefined> {
  const directory = image.fileDirectory;
  const bytes = sourceBytes(pageSourceType(kind));
  const asTheyAre = Number(directory.getValue("Compression") ?? 1) === 1 && !directory.hasTag("TileWidth");
  if (!asTheyAre || kind.color || image.getSamplesPerPixel() !== 1 || image.getBitsPerSample() !== bytes * 8)
    return undefined;
  const { starts: offsets, lengths: counts } = await blockPlaces(directory, littleEndian, blob);
  const byteLength = kind.width * kind.height * bytes;
  const [start] = offsets;
  let end = start ?? Number.NaN;
  for (const [n, offset] of offsets.entries()) {
    if (offset !== end) return undefined;
    end += counts[n] ?? Number.NaN;
  }
  // One strip may be said to hold all that follows.
  const whole = start !== undefined && (offsets.length === 1 ? end >= start + byteLength : end === start + byteLength);
  return whole && start + byteLength <= blob.size ? { start, byteLength, littleEndian } : undefined;
}

/**
 * The number of pictures of a stack that ImageJ describes behind one directory, as it writes those of more than 4 GiB: they follow the
 * first without a gap. 1 where the file has no more than the one. Throws `source` where it ends within the stack.
 */
export function imageJStackSize({ name, blob }: SourceFile, description: string, first: RawPlace): number {
  const told = description.startsWith("ImageJ=") ? Number(/^images=(\d+)\s*$/m.exec(description)?.[1] ?? 1) : 1;
  const there = Math.floor((blob.size - first.start) / first.byteLength);
  if (told < 2 || there < 2) return 1;
  if (there < told)
    throw sourceError(
      name,
      `The file tells of ${told} pictures and ends in number ${there + 1}.`,
      "It was cut off; copy or download it again.",
    );
  return told;
}

/** Pages in order as stretches of their files; those that follow one another in a file are one. */
export function rawParts(places: readonly (RawPlace & { readonly file: SourceFile })[]): readonly BodyPart[] {
  const parts: BodyPart[] = [];
  for (const { file, start, byteLength } of places) {
    const last = parts.at(-1);
    if (last?.blob === file.blob && last.start + last.byteLength === start)
      parts[parts.length - 1] = { ...last, byteLength: last.byteLength + byteLength };
    else parts.push({ name: file.name, blob: file.blob, start, encoding: "raw", byteLength });
  }
  return parts;
}
