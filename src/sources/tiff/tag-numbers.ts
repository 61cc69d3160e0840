import type { ImageFileDirectory } from "geotiff";

const STRIP_OFFSETS = 273;
const STRIP_BYTE_COUNTS = 279;
const TILE_OFFSETS = 324;
const TILE_BYTE_COUNTS = 325;

/** Where the blocks of a page lie in its file, and how long they are. */
export async function blockPlaces(
  directory: ImageFileDirectory,
  littleEndian: boolean,
  blob: Blob,
): Promise<{ readonly starts: readonly number[]; readonly lengths: readonly number[] }> {
  const tiled = !directory.hasTag("StripOffsets");
  const load = (tag: number): Promise<readonly number[]> => tagNumbers(directory, tag, littleEndian, blob);
  return {
    starts: await load(tiled ? TILE_OFFSETS : STRIP_OFFSETS),
    lengths: await load(tiled ? TILE_BYTE_COUNTS : STRIP_BYTE_COUNTS),
  };
}

/** The numbers of a tag; geotiff.js 3.0.5 reads those that lie apart from their directory as little endian, whatever the file is. */
async function tagNumbers(
  directory: ImageFileDirectory,
  tag: number,
  littleEndian: boolean,
  blob: Blob,
): Promise<readonly number[]> {
  const apart = littleEndian ? undefined : directory.deferredArrays.get(tag);
  if (!apart) return numbers(await directory.loadValue(tag));
  const { arrayOffset, itemSize, length } = apart;
  const view = new DataView(await blob.slice(arrayOffset, arrayOffset + itemSize * length).arrayBuffer());
  return Array.from({ length }, (_, n) => {
    const at = n * itemSize;
    return itemSize === 2 ? view.getUint16(at) : itemSize === 4 ? view.getUint32(at) : Number(view.getBigUint64(at));
  });
}

function numbers(value: unknown): readonly number[] {
  if (typeof value === "number" || typeof value === "bigint") return [Number(value)];
  return Array.from((value ?? []) as ArrayLike<number | bigint>, Number);
}
