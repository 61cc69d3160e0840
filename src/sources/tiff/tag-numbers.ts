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

/**
 * The numbers of a tag. Those that lie apart from their directory are read here, and given to geotiff.js (3.0.5), which takes them for little
 * endian in any file, and keeps a read that failed.
 */
async function tagNumbers(
  directory: ImageFileDirectory,
  tag: number,
  littleEndian: boolean,
  blob: Blob,
): Promise<readonly number[]> {
  const apart = directory.actualizedFields.has(tag) ? undefined : directory.deferredArrays.get(tag);
  if (!apart) return numbers(await directory.loadValue(tag));
  const { arrayOffset, itemSize, length } = apart;
  const view = new DataView(await blob.slice(arrayOffset, arrayOffset + itemSize * length).arrayBuffer());
  const found = Array.from({ length }, (_, n) => {
    const at = n * itemSize;
    if (itemSize === 1) return view.getUint8(at);
    if (itemSize === 2) return view.getUint16(at, littleEndian);
    return itemSize === 4 ? view.getUint32(at, littleEndian) : Number(view.getBigUint64(at, littleEndian));
  });
  directory.actualizedFields.set(tag, found);
  return found;
}

function numbers(value: unknown): readonly number[] {
  if (typeof value === "number" || typeof value === "bigint") return [Number(value)];
  return Array.from((value ?? []) as ArrayLike<number | bigint>, Number);
}
