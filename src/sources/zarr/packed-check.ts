import { unzlibSync } from "fflate";
import { ZARR_CHUNK_MAX_BYTES } from "../limits.ts";

/*
 * The decoders of numcodecs give an array of the stated size also for data that they fail on, with whatever their memory held. So
 * blosc and LZ4 data are looked through before: whether what is stated fits what is there. LZ4 carries no checksum, so a flipped bit
 * within the values themselves passes, as it does everywhere.
 */

const DAMAGED = "the data are damaged";
/** Least bytes of one stream of a split block (c-blosc, `BLOSC_MIN_BUFFERSIZE`), and most streams (`MAX_SPLITS`). */
const SPLIT_BYTES = 128;
const SPLITS = 16;

/** Unpacks a Zstandard frame. */
export type Unzstd = (bytes: Uint8Array) => Promise<Uint8Array>;

/** Throws where a blosc 1 frame (c-blosc, README_CHUNK_FORMAT) is not whole. */
export async function checkBlosc(bytes: Uint8Array, unzstd: () => Promise<Unzstd>): Promise<void> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 16) throw new Error(DAMAGED);
  const [version, , flags, typeSize] = bytes as unknown as [number, number, number, number];
  const [size, blockSize, packed] = [4, 8, 12].map((at) => view.getUint32(at, true)) as [number, number, number];
  if (version > 2) throw new Error(`blosc frames of version ${version} are not read`);
  if (packed !== bytes.length || size > ZARR_CHUNK_MAX_BYTES || typeSize === 0) throw new Error(DAMAGED);
  if (size === 0) return;
  if (flags & 2) {
    if (packed !== size + 16) throw new Error(DAMAGED);
    return;
  }
  const blocks = Math.ceil(size / blockSize);
  if (blockSize === 0 || 16 + 4 * blocks > bytes.length) throw new Error(DAMAGED);
  for (let block = 0; block < blocks; block++) {
    const length = Math.min(blockSize, size - block * blockSize);
    const split =
      (flags & 16) === 0 && typeSize <= SPLITS && length === blockSize && Math.floor(length / typeSize) >= SPLIT_BYTES;
    const streams = split ? typeSize : 1;
    let at = view.getUint32(16 + 4 * block, true);
    for (let n = 0; n < streams; n++) {
      if (at < 16 || at + 4 > bytes.length) throw new Error(DAMAGED);
      const within = view.getUint32(at, true);
      at += 4;
      if (at + within > bytes.length) throw new Error(DAMAGED);
      const expected = Math.floor(length / streams);
      // A stream that did not shrink lies there as it is.
      if (within !== expected) await checkStream(bytes.subarray(at, at + within), flags >> 5, expected, unzstd);
      at += within;
    }
  }
}

async function checkStream(
  bytes: Uint8Array,
  format: number,
  expected: number,
  unzstd: () => Promise<Unzstd>,
): Promise<void> {
  if (format === 1) checkLz4Block(bytes, expected);
  else if (format === 3 && unzlibSync(bytes).length !== expected) throw new Error(DAMAGED);
  else if (format === 4 && (await (await unzstd())(bytes)).length !== expected) throw new Error(DAMAGED);
}

/** Throws where numcodecs' LZ4, a size and a block, is not whole. */
export function checkLz4(bytes: Uint8Array): void {
  if (bytes.length < 4) throw new Error(DAMAGED);
  const size = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  if (size > ZARR_CHUNK_MAX_BYTES) throw new Error(DAMAGED);
  checkLz4Block(bytes.subarray(4), size);
}

/** Adds up the lengths of an LZ4 block (lz4_Block_format): literals and matches must give `expected` bytes and end with it. */
function checkLz4Block(bytes: Uint8Array, expected: number): void {
  let at = 0;
  let given = 0;
  const long = (first: number): number => {
    let length = first;
    if (first === 15) {
      for (;;) {
        const more = bytes[at++];
        if (more === undefined) throw new Error(DAMAGED);
        length += more;
        if (more < 255) break;
      }
    }
    return length;
  };
  while (at < bytes.length) {
    const token = bytes[at++]!;
    const literals = long(token >> 4);
    at += literals;
    given += literals;
    if (at === bytes.length) break;
    const distance = bytes[at]! | (bytes[at + 1]! << 8);
    at += 2;
    if (at > bytes.length || distance === 0 || distance > given) throw new Error(DAMAGED);
    given += long(token & 15) + 4;
    if (given > expected) throw new Error(DAMAGED);
  }
  if (at !== bytes.length || given !== expected) throw new Error(DAMAGED);
}
