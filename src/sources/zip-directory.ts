import { ARCHIVE_MAX_DIRECTORY_BYTES, ARCHIVE_MAX_ENTRIES } from "./limits.ts";
import { limitError, sourceError } from "./source-errors.ts";

/** One entry of a zip archive's central directory (PKWARE APPNOTE 6.3, § 4.3.12). */
export interface ZipEntry {
  /** As written in the archive; not to be trusted as a path. */
  readonly name: string;
  /** 0 = stored, 8 = deflate. */
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Position of the local header in the archive. */
  readonly headerAt: number;
}

const END_SIGNATURE = 0x06054b50;
const ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
const ZIP64_END_SIGNATURE = 0x06064b50;
const ENTRY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;

/** True for the first bytes of a zip archive, an empty one included. */
export function isZip(head: Uint8Array): boolean {
  return (
    head.length >= 4 &&
    head[0] === 0x50 &&
    head[1] === 0x4b &&
    ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6))
  );
}

/** Reads the directory at the end of the archive. Throws `source` when it is missing or broken, `limit` when it is too large. */
export async function readZipDirectory(blob: Blob, subject: string): Promise<ZipEntry[]> {
  const { count, size, at } = await findDirectory(blob, subject);
  if (count > ARCHIVE_MAX_ENTRIES || size > ARCHIVE_MAX_DIRECTORY_BYTES) {
    throw limitError(
      subject,
      `The archive lists ${count} files; ${ARCHIVE_MAX_ENTRIES} is the limit.`,
      "Unpack it and drop the folder.",
    );
  }
  const broken = (): Error =>
    sourceError(subject, "The archive's list of files is damaged.", "Get a fresh copy of the archive.");
  if (at < 0 || at + size > blob.size) throw broken();
  const bytes = new Uint8Array(await blob.slice(at, at + size).arrayBuffer());
  const view = new DataView(bytes.buffer);
  const entries: ZipEntry[] = [];
  let position = 0;
  for (let n = 0; n < count; n++) {
    if (position + 46 > bytes.length || view.getUint32(position, true) !== ENTRY_SIGNATURE) throw broken();
    const nameLength = view.getUint16(position + 28, true);
    const extraLength = view.getUint16(position + 30, true);
    const commentLength = view.getUint16(position + 32, true);
    const next = position + 46 + nameLength + extraLength + commentLength;
    if (next > bytes.length) throw broken();
    const flags = view.getUint16(position + 8, true);
    const nameBytes = bytes.subarray(position + 46, position + 46 + nameLength);
    const extra = new DataView(bytes.buffer, position + 46 + nameLength, extraLength);
    const wide = zip64Sizes(
      extra,
      view.getUint32(position + 24, true),
      view.getUint32(position + 20, true),
      view.getUint32(position + 42, true),
    );
    entries.push({
      name: decodeName(nameBytes, (flags & 0x800) !== 0),
      method: view.getUint16(position + 10, true),
      encrypted: (flags & 1) !== 0,
      crc: view.getUint32(position + 16, true),
      compressedSize: wide.compressedSize,
      size: wide.size,
      headerAt: wide.headerAt,
    });
    position = next;
  }
  return entries;
}

/** Position of the entry's data, past its local header. */
export async function zipDataStart(blob: Blob, entry: ZipEntry, subject: string): Promise<number> {
  const view = new DataView(await blob.slice(entry.headerAt, entry.headerAt + 30).arrayBuffer());
  if (view.byteLength < 30 || view.getUint32(0, true) !== LOCAL_SIGNATURE) {
    throw sourceError(
      subject,
      "The archive does not have this file where its list says.",
      "Get a fresh copy of the archive.",
    );
  }
  const start = entry.headerAt + 30 + view.getUint16(26, true) + view.getUint16(28, true);
  if (start + entry.compressedSize > blob.size)
    throw sourceError(subject, "The archive ends inside this file.", "Get a fresh copy of the archive.");
  return start;
}

async function findDirectory(blob: Blob, subject: string): Promise<{ count: number; size: number; at: number }> {
  const tailAt = Math.max(0, blob.size - 65557);
  const view = new DataView(await blob.slice(tailAt).arrayBuffer());
  let end = view.byteLength - 22;
  while (end >= 0 && view.getUint32(end, true) !== END_SIGNATURE) end--;
  if (end < 0)
    throw sourceError(
      subject,
      "The archive has no list of files at its end: it was cut off.",
      "Download or copy it again.",
    );
  const plain = {
    count: view.getUint16(end + 10, true),
    size: view.getUint32(end + 12, true),
    at: view.getUint32(end + 16, true),
  };
  const isZip64 = plain.count === 0xffff || plain.size === 0xffffffff || plain.at === 0xffffffff;
  if (!isZip64 || end < 20 || view.getUint32(end - 20, true) !== ZIP64_LOCATOR_SIGNATURE) return plain;
  const recordAt = Number(view.getBigUint64(end - 12, true));
  const record = new DataView(await blob.slice(recordAt, recordAt + 56).arrayBuffer());
  if (record.byteLength < 56 || record.getUint32(0, true) !== ZIP64_END_SIGNATURE) {
    throw sourceError(subject, "The archive's list of files is damaged.", "Get a fresh copy of the archive.");
  }
  return {
    count: Number(record.getBigUint64(32, true)),
    size: Number(record.getBigUint64(40, true)),
    at: Number(record.getBigUint64(48, true)),
  };
}

/** Sizes of more than 32 bits stand in extra field 1, each only where the plain field is full (APPNOTE § 4.5.3). */
function zip64Sizes(
  extra: DataView,
  size: number,
  compressedSize: number,
  headerAt: number,
): { size: number; compressedSize: number; headerAt: number } {
  const found = { size, compressedSize, headerAt };
  for (let at = 0; at + 4 <= extra.byteLength; at += 4 + extra.getUint16(at + 2, true)) {
    if (extra.getUint16(at, true) !== 1) continue;
    let field = at + 4;
    const end = Math.min(field + extra.getUint16(at + 2, true), extra.byteLength);
    for (const key of ["size", "compressedSize", "headerAt"] as const) {
      if (found[key] === 0xffffffff && field + 8 <= end) {
        found[key] = Number(extra.getBigUint64(field, true));
        field += 8;
      }
    }
  }
  return found;
}

/** UTF-8 where the flag says so or the bytes are valid UTF-8, else one character a byte. */
function decodeName(bytes: Uint8Array, utf8: boolean): string {
  try {
    return new TextDecoder("utf-8", { fatal: !utf8 }).decode(bytes);
  } catch {
    return new TextDecoder("latin1").decode(bytes);
  }
}
