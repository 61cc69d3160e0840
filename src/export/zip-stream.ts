import { crc32 } from "#base";
import type { ByteChunks } from "./export-file.ts";

/** A file of an archive. */
export interface ZipEntry {
  /** `/` between folders. */
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const LOCAL_SIGNATURE = 0x04034b50;
const ENTRY_SIGNATURE = 0x02014b50;
const END_SIGNATURE = 0x06054b50;
const ZIP64_END_SIGNATURE = 0x06064b50;
const ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
/** Version that a reader needs: 2.0 for folders, 4.5 for ZIP64. */
const [PLAIN, WIDE] = [20, 45];
/** Names are UTF-8. */
const UTF8 = 0x800;
/** 1 January 1980, so that equal contents make equal archives. */
const DATE = 0x21;
const MOST_32 = 0xffffffff;
const MOST_16 = 0xffff;

/** A zip archive (PKWARE APPNOTE 6.3) whose entries are stored as they are; ZIP64 where 4 GiB or 65,535 entries do not do. */
export async function* zipStream(entries: AsyncIterable<ZipEntry>): ByteChunks {
  const directory: Uint8Array<ArrayBuffer>[] = [];
  let at = 0;
  for await (const { path, bytes } of entries) {
    const name = new TextEncoder().encode(path);
    const sums = { crc: crc32(bytes), size: bytes.length };
    const header = record(30, name, (view) => {
      view.setUint32(0, LOCAL_SIGNATURE, true);
      writeCommon(view, 4, PLAIN, sums, name.length);
    });
    directory.push(directoryEntry(name, sums, at));
    at += header.length + bytes.length;
    yield header;
    yield bytes;
  }
  let size = 0;
  for (const entry of directory) {
    size += entry.length;
    yield entry;
  }
  yield endOf(directory.length, size, at);
}

interface Sums {
  readonly crc: number;
  readonly size: number;
}

function directoryEntry(name: Uint8Array, sums: Sums, at: number): Uint8Array<ArrayBuffer> {
  const wide = at >= MOST_32;
  const extra = new Uint8Array(wide ? 12 : 0);
  if (wide) {
    const view = new DataView(extra.buffer);
    view.setUint16(0, 1, true);
    view.setUint16(2, 8, true);
    view.setBigUint64(4, BigInt(at), true);
  }
  return record(46, concatenated(name, extra), (view) => {
    view.setUint32(0, ENTRY_SIGNATURE, true);
    view.setUint16(4, WIDE, true);
    writeCommon(view, 6, wide ? WIDE : PLAIN, sums, name.length);
    view.setUint16(30, extra.length, true);
    view.setUint32(42, Math.min(at, MOST_32), true);
  });
}

/** Fields that the header before an entry and the one in the directory have in common, from the version needed on. */
function writeCommon(view: DataView, from: number, version: number, { crc, size }: Sums, nameLength: number): void {
  view.setUint16(from, version, true);
  view.setUint16(from + 2, UTF8, true);
  view.setUint16(from + 8, DATE, true);
  view.setUint32(from + 10, crc, true);
  view.setUint32(from + 14, size, true);
  view.setUint32(from + 18, size, true);
  view.setUint16(from + 22, nameLength, true);
}

function endOf(count: number, size: number, at: number): Uint8Array<ArrayBuffer> {
  const wide = count >= MOST_16 || size >= MOST_32 || at >= MOST_32;
  const end = record(22, new Uint8Array(0), (view) => {
    view.setUint32(0, END_SIGNATURE, true);
    view.setUint16(8, Math.min(count, MOST_16), true);
    view.setUint16(10, Math.min(count, MOST_16), true);
    view.setUint32(12, Math.min(size, MOST_32), true);
    view.setUint32(16, Math.min(at, MOST_32), true);
  });
  if (!wide) return end;
  const wideEnd = record(56 + 20, new Uint8Array(0), (view) => {
    view.setUint32(0, ZIP64_END_SIGNATURE, true);
    view.setBigUint64(4, 44n, true);
    view.setUint16(12, WIDE, true);
    view.setUint16(14, WIDE, true);
    for (const field of [24, 32]) view.setBigUint64(field, BigInt(count), true);
    view.setBigUint64(40, BigInt(size), true);
    view.setBigUint64(48, BigInt(at), true);
    view.setUint32(56, ZIP64_LOCATOR_SIGNATURE, true);
    view.setBigUint64(64, BigInt(at + size), true);
    view.setUint32(72, 1, true);
  });
  return concatenated(wideEnd, end);
}

function record(length: number, tail: Uint8Array, write: (view: DataView) => void): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length + tail.length);
  write(new DataView(bytes.buffer));
  bytes.set(tail, length);
  return bytes;
}

function concatenated(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}
