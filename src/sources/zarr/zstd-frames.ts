/** What Zstandard frames hold together, in bytes. */
export interface FramesSize {
  /** All of it, or what it is at most. */
  readonly bytes: number;
  /** False where a frame does not state its size, as those of writers that stream. */
  readonly stated: boolean;
}

const MAGIC = 0xfd2fb528;
/** Frames with other things than data: sixteen magic numbers from here on (RFC 8878, 3.1.2). */
const SKIPPED = 0x184d2a50;
/** Most bytes of one block (RFC 8878, 3.1.1.2.4). */
const BLOCK_BYTES = 128 * 1024;
const RAW = 0;
const RLE = 1;
const RESERVED = 3;

/** The size of Zstandard frames one behind the other (RFC 8878, 3.1) by their headers. Throws where they are not whole. */
export function framesSize(data: Uint8Array): FramesSize {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let bytes = 0;
  let stated = true;
  let at = 0;
  // Reading past the end of a view throws.
  try {
    do {
      const magic = view.getUint32(at, true);
      if (((magic ^ SKIPPED) & ~15) === 0) {
        at += 8 + view.getUint32(at + 4, true);
        continue;
      }
      if (magic !== MAGIC) throw new RangeError("no frame begins here");
      const { length, size, checksum } = frameHeader(view, at);
      const blocks = blocksOf(view, at + length);
      at = blocks.end + (checksum ? 4 : 0);
      bytes += size ?? blocks.most;
      stated &&= size !== undefined;
    } while (at < data.length);
  } catch (cause) {
    throw new Error("this is no whole Zstandard frame", { cause });
  }
  if (at > data.length) throw new Error("the Zstandard frame ends early");
  return { bytes, stated };
}

/** The header of a frame (RFC 8878, 3.1.1.1): its own length, and the size of the content where it is stated. */
function frameHeader(
  view: DataView,
  at: number,
): { readonly length: number; readonly size: number | undefined; readonly checksum: boolean } {
  const descriptor = view.getUint8(at + 4);
  const single = (descriptor & 0x20) !== 0;
  const before = 5 + (single ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]!;
  const width = [single ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  const from = at + before;
  const sizes: Readonly<Record<number, () => number>> = {
    1: () => view.getUint8(from),
    2: () => view.getUint16(from, true) + 256,
    4: () => view.getUint32(from, true),
    8: () => Number(view.getBigUint64(from, true)),
  };
  return { length: before + width, size: sizes[width]?.(), checksum: (descriptor & 4) !== 0 };
}

/** Where the blocks of a frame end, and the most that they hold. */
function blocksOf(view: DataView, from: number): { readonly end: number; readonly most: number } {
  let at = from;
  let most = 0;
  for (let last = false; !last; ) {
    const header = view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
    last = (header & 1) !== 0;
    const type = (header >> 1) & 3;
    const size = header >> 3;
    if (type === RESERVED) throw new RangeError("a block is of no known type");
    at += 3 + (type === RLE ? 1 : size);
    most += type === RAW || type === RLE ? size : BLOCK_BYTES;
  }
  return { end: at, most };
}
