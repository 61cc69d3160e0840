import { unzlibSync } from "fflate";
import { ZARR_CHUNK_MAX_BYTES } from "../limits.ts";

/*
 * The decoders of numcodecs give an array of the stated size also for data that they fail on, with whatever their memory held. So
 * blosc and LZ4 data are looked through before: whether what is stated fits what is there, by all that these decoders fail on. LZ4 and
 * BloscLZ carry no checksum, so a flipped bit within the values themselves passes, as it does everywhere.
 */

const DAMAGED = "the data are damaged";
/** Least bytes of one stream of a split block (c-blosc, `BLOSC_MIN_BUFFERSIZE`), and most streams (`MAX_SPLITS`). */
const SPLIT_BYTES = 128;
const SPLITS = 16;

/** Versions that c-blosc 1 reads, of frames and of every way of packing, and the flag of a header that it does not use. */
const BLOSC_VERSION = 2;
const CODEC_VERSION = 1;
const RESERVED = 8;
/** Ways of packing within blosc, by the number that a header has for each; Snappy, 2, is none of numcodecs'. */
const BLOSCLZ = 0;
const LZ4 = 1;
const ZLIB = 3;
const ZSTD = 4;
const CHECKED: ReadonlySet<number> = new Set([BLOSCLZ, LZ4, ZLIB, ZSTD]);

/** Unpacks a Zstandard frame. */
export type Unzstd = (bytes: Uint8Array) => Promise<Uint8Array>;

/** Throws where a blosc 1 frame (c-blosc, README_CHUNK_FORMAT) is not whole. */
export async function checkBlosc(bytes: Uint8Array, unzstd: () => Promise<Unzstd>): Promise<void> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 16) throw new Error(DAMAGED);
  const [version, codecVersion, flags, typeSize] = bytes as unknown as [number, number, number, number];
  const [size, blockSize, packed] = [4, 8, 12].map((at) => view.getUint32(at, true)) as [number, number, number];
  if (version !== BLOSC_VERSION) throw new Error(`blosc frames of version ${version} are not read`);
  if (packed !== bytes.length || size > ZARR_CHUNK_MAX_BYTES || typeSize === 0) throw new Error(DAMAGED);
  if (size === 0) return;
  if (flags & RESERVED || blockSize === 0 || blockSize > size) throw new Error(DAMAGED);
  if (flags & 2) {
    if (packed !== size + 16) throw new Error(DAMAGED);
    return;
  }
  if (codecVersion !== CODEC_VERSION || !CHECKED.has(flags >> 5)) throw new Error(DAMAGED);
  const blocks = Math.ceil(size / blockSize);
  if (16 + 4 * blocks > bytes.length) throw new Error(DAMAGED);
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
  if (format === BLOSCLZ) checkBloscLz(bytes, expected);
  else if (format === LZ4) checkLz4Block(bytes, expected);
  else if (format === ZLIB) checkZlib(bytes, expected);
  else if ((await (await unzstd())(bytes)).length !== expected) throw new Error(DAMAGED);
}

/** fflate inflates without comparing the checksum (RFC 1950, 2.2), which c-blosc fails on. */
function checkZlib(bytes: Uint8Array, expected: number): void {
  const data = unzlibSync(bytes);
  const told = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4).getUint32(0);
  if (data.length !== expected || adler32(data) !== told) throw new Error(DAMAGED);
}

function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (let n = 0; n < bytes.length; ) {
    // So many sums of bytes stay below 2³² (zlib, `NMAX`).
    for (const end = Math.min(n + 5552, bytes.length); n < end; n++) {
      low += bytes[n]!;
      high += low;
    }
    low %= 65_521;
    high %= 65_521;
  }
  return ((high << 16) | low) >>> 0;
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

/** Distances from which on BloscLZ tells them in two bytes more (c-blosc, `MAX_DISTANCE`). */
const FAR = 8191;

/** Adds up the lengths of a BloscLZ stream (c-blosc, `blosclz_decompress`), as `checkLz4Block` does. */
function checkBloscLz(bytes: Uint8Array, expected: number): void {
  const { length } = bytes;
  let at = 0;
  let given = 0;
  const next = (): number => {
    if (at + 1 >= length) throw new Error(DAMAGED);
    return bytes[at++]!;
  };
  // A stream begins with literals, and ends with them.
  for (let control = bytes[at++]! & 31; ; control = bytes[at++]!) {
    if (control < 32) {
      at += control + 1;
      given += control + 1;
      if (at > length || given > expected) throw new Error(DAMAGED);
    } else {
      let run = (control >> 5) + 2;
      if (run === 9) for (let more = 255; more === 255; run += more) more = next();
      let distance = ((control & 31) << 8) + next();
      if (distance === FAR) distance += (next() << 8) + bytes[at++]!;
      given += run;
      if (given > expected || distance >= given - run) throw new Error(DAMAGED);
      if (at >= length) throw new Error(DAMAGED);
    }
    if (at === length) break;
  }
  if (given !== expected) throw new Error(DAMAGED);
}
