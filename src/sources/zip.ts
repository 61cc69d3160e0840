import type { AbortOptions } from "#base";
import { checkRatio } from "./compressed-size.ts";
import { InflatedBlob } from "./inflated-blob.ts";
import { ARCHIVE_MAX_INFLATED_BYTES, ENTRY_KEEP_TOTAL_BYTES } from "./limits.ts";
import { type Afar, afarOf, RangeBlob } from "./range-blob.ts";
import type { RefusedFile, SourceFile } from "./source.ts";
import { asSourceError, formatBytes, limitError, refusalLine, unsupportedError } from "./source-errors.ts";
import { readZipDirectory, type ZipEntry, zipDataStart } from "./zip-directory.ts";

/** The files of an archive, readable without unpacking it, and those that are not. */
export interface UnpackedArchive {
  readonly files: readonly SourceFile[];
  readonly refused: readonly RefusedFile[];
  /** Names that were changed. */
  readonly notes: readonly string[];
}

/**
 * Lists a zip archive as files under its own name. Nothing is inflated here: stored entries are slices of the archive,
 * deflated ones inflate when read. Bombs and whole archives above the limits are refused by what the directory declares, and
 * an entry that gives more than declared fails when read. Names never escape: `..`, drives and leading slashes are removed
 * and said. Rejects with `source` or `limit` when the archive as a whole cannot be used.
 */
export async function unpackZip(archive: SourceFile, { signal }: AbortOptions = {}): Promise<UnpackedArchive> {
  const entries = (await readZipDirectory(archive.blob, archive.name)).filter((entry) => !entry.name.endsWith("/"));
  const total = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (total > ARCHIVE_MAX_INFLATED_BYTES) {
    throw limitError(
      archive.name,
      `The archive would unpack to ${formatBytes(total)}; ${formatBytes(ARCHIVE_MAX_INFLATED_BYTES)} is the limit.`,
      "Unpack it and drop the part you need.",
    );
  }
  // Entries that share their data can make a bomb of entries that are none by themselves.
  checkRatio(archive.name, total, archive.blob.size, "archive");
  const large = total > ENTRY_KEEP_TOTAL_BYTES;
  const files: SourceFile[] = [];
  const refused: RefusedFile[] = [];
  const notes: string[] = [];
  const taken = new Set<string>();
  for (const entry of entries) {
    signal?.throwIfAborted();
    const safe = safeName(entry.name);
    const name = uniqueName(`${archive.name}/${safe.name}`, taken);
    try {
      files.push({ name, blob: await entryBlob(archive, entry, name, large) });
      if (safe.changed) {
        notes.push(
          `${archive.name}: the name “${entry.name.slice(0, 200)}” leaves the archive's folder; the file was read as “${safe.name}”.`,
        );
      }
    } catch (error) {
      refused.push({ name, message: refusalLine(asSourceError(name, error)) });
    }
  }
  return { files, refused, notes };
}

async function entryBlob(archive: SourceFile, entry: ZipEntry, name: string, large: boolean): Promise<Blob> {
  if (entry.encrypted)
    throw unsupportedError(name, "It is locked with a password.", "Unpack the archive with its password first.");
  const afar = afarOf(archive.blob);
  let start: number | undefined;
  const data = async (): Promise<Blob> => {
    start ??= await zipDataStart(archive.blob, entry, name);
    return archive.blob.slice(start, start + entry.compressedSize);
  };
  if (entry.method === 0) return afar ? laterBlob(data, entry.compressedSize, afar) : data();
  if (entry.method !== 8)
    throw unsupportedError(
      name,
      `It is packed by zip method ${entry.method}, which is not read.`,
      "Unpack the archive first, or pack it with deflate.",
    );
  checkRatio(name, entry.size, entry.compressedSize);
  return new InflatedBlob({
    name,
    size: entry.size,
    crc: entry.crc,
    compressed: data,
    afar,
    large,
  });
}

/** A Blob that is found when it is read. */
function laterBlob(find: () => Promise<Blob>, size: number, afar: Afar): Blob {
  return new RangeBlob(
    async (start, end) => new Uint8Array(await (await find()).slice(start, end).arrayBuffer()),
    size,
    0,
    (start, end) => {
      const { readable, writable } = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>();
      find()
        .then((blob) => blob.slice(start, end).stream().pipeTo(writable))
        .catch((error: unknown) => writable.abort(error))
        .catch(() => undefined);
      return readable;
    },
    afar,
  );
}

/** Path segments without `..`, drives and leading slashes. */
function safeName(name: string): { name: string; changed: boolean } {
  const parts = name.replaceAll("\\", "/").replaceAll("\0", "").split("/");
  const kept = parts.filter((part) => part !== "" && part !== "." && part !== ".." && !/^[a-z]:$/i.test(part));
  const changed =
    parts.includes("..") ||
    name.startsWith("/") ||
    name.startsWith("\\") ||
    /^[a-z]:/i.test(name) ||
    name.includes("\0");
  return { name: kept.join("/") || "unnamed", changed };
}

function uniqueName(name: string, taken: Set<string>): string {
  let unique = name;
  for (let n = 2; taken.has(unique); n++) unique = `${name} (${n})`;
  taken.add(unique);
  return unique;
}
