import { isAbortError, type ProgressOptions } from "#base";
import { allReaders } from "./readers.ts";
import { type FileHead, readFileHead, unknownFileLine } from "./sniff.ts";
import type { RefusedFile, SeriesChoice, SourceFile, SourceListing, SourceReader } from "./source.ts";
import { asSourceError, refusalLine } from "./source-errors.ts";
import { takeZarrFolders } from "./zarr/zarr-folders.ts";
import { unpackZip } from "./zip.ts";
import { isZip } from "./zip-directory.ts";

/** Files that systems leave in folders and archives; no one means to open them. */
const SYSTEM_FILE = /(^|\/)(__MACOSX\/.*|\._[^/]*|\.DS_Store|Thumbs\.db|desktop\.ini)$/;

/** Heads read at the same time: enough to hide the latency of a disk, few enough to stay small. */
const HEADS_AT_ONCE = 16;

export interface OpenOptions extends ProgressOptions {
  /** Readers to try, in this order; all of Voxelwright's by default. */
  readonly readers?: readonly SourceReader[];
}

/**
 * Finds the volumes among files: archives are listed, every file is recognised by its content, and its reader opens it. Every
 * file ends in a series, as data of one, or in `refused` with a line that says why; only the left-overs of systems
 * (`.DS_Store`, `Thumbs.db`, …) are passed over. Rejects only when aborted.
 */
export async function openSources(files: readonly SourceFile[], options: OpenOptions = {}): Promise<SourceListing> {
  const refused: RefusedFile[] = [];
  const notes: string[] = [];
  const unpacked = await unpackArchives(
    files.filter((file) => !SYSTEM_FILE.test(file.name)),
    refused,
    notes,
    options,
  );
  const series: SeriesChoice[] = [];
  const { folders, rest } = takeZarrFolders(unpacked);
  if (folders.length > 0) {
    const { openZarrFolder } = await import("./zarr/index.ts");
    for (const folder of folders) {
      const found = await openZarrFolder(folder, options);
      series.push(...found.series);
      refused.push(...found.refused);
    }
  }
  let all = rest;
  if (rest.some(({ name }) => /(^|\/)info$/.test(name))) {
    const { openPrecomputedFolders } = await import("./precomputed/index.ts");
    const found = await openPrecomputedFolders(rest, options);
    series.push(...found.series);
    refused.push(...found.refused);
    all = found.rest;
  }
  const readers = options.readers ?? (await allReaders());
  const groups = new Map<SourceReader, SourceFile[]>();
  const unknown: { file: SourceFile; head: FileHead }[] = [];

  for (let n = 0; n < all.length; n += HEADS_AT_ONCE) {
    options.signal?.throwIfAborted();
    options.onProgress?.({ fraction: (n / all.length) * 0.3, what: `looking at ${all[n]!.name}` });
    const heads = await Promise.all(all.slice(n, n + HEADS_AT_ONCE).map((file) => headOrRefusal(file, refused)));
    for (const [at, head] of heads.entries()) {
      const file = all[n + at]!;
      if (!head) continue;
      const reader = readers.find((candidate) => candidate.recognises(head.bytes, file.name));
      if (reader) {
        const group = groups.get(reader);
        if (group) group.push(file);
        else groups.set(reader, [file]);
      } else unknown.push({ file, head });
    }
  }

  const used = new Set<string>();
  let done = 0;
  for (const [reader, group] of groups) {
    const share = (0.7 * group.length) / all.length;
    const base = 0.3 + (0.7 * done) / all.length;
    const found = await readGroup(reader, group, all, {
      signal: options.signal,
      onProgress: ({ fraction, what }) => options.onProgress?.({ fraction: base + share * fraction, what }),
    });
    series.push(...found.series);
    refused.push(...found.refused);
    notes.push(...(found.notes ?? []));
    for (const name of found.used ?? []) used.add(name);
    done += group.length;
  }
  for (const { file, head } of unknown) {
    if (!used.has(file.name)) refused.push({ name: file.name, message: unknownFileLine(file, head) });
  }
  // A file that holds the voxels of a series may by chance look like something else on its own.
  return { series: uniqueIds(series), refused: refused.filter(({ name }) => !used.has(name)), used: [...used], notes };
}

async function unpackArchives(
  files: readonly SourceFile[],
  refused: RefusedFile[],
  notes: string[],
  options: ProgressOptions,
): Promise<SourceFile[]> {
  const all: SourceFile[] = [];
  for (const file of files) {
    options.signal?.throwIfAborted();
    try {
      const head = new Uint8Array(await file.blob.slice(0, 4).arrayBuffer());
      if (!isZip(head)) {
        all.push(file);
        continue;
      }
      const archive = await unpackZip(file, options);
      all.push(...archive.files.filter(({ name }) => !SYSTEM_FILE.test(name)));
      refused.push(...archive.refused);
      notes.push(...archive.notes);
      if (archive.files.length + archive.refused.length === 0)
        refused.push({ name: file.name, message: "The archive is empty." });
    } catch (error) {
      if (isAbortError(error)) throw error;
      refused.push({ name: file.name, message: refusalLine(asSourceError(file.name, error)) });
    }
  }
  return all;
}

async function headOrRefusal(file: SourceFile, refused: RefusedFile[]): Promise<FileHead | undefined> {
  if (file.blob.size === 0) {
    refused.push({ name: file.name, message: "The file is empty (0 bytes). Copy or download it again." });
    return undefined;
  }
  try {
    return await readFileHead(file);
  } catch (error) {
    if (isAbortError(error)) throw error;
    refused.push({ name: file.name, message: refusalLine(asSourceError(file.name, error)) });
    return undefined;
  }
}

async function readGroup(
  reader: SourceReader,
  group: readonly SourceFile[],
  all: readonly SourceFile[],
  options: ProgressOptions,
): Promise<SourceListing> {
  try {
    return await reader.open(group, all, options);
  } catch (error) {
    if (isAbortError(error)) throw error;
    return {
      series: [],
      refused: group.map(({ name }) => ({ name, message: refusalLine(asSourceError(name, error)) })),
    };
  }
}

function uniqueIds(series: readonly SeriesChoice[]): SeriesChoice[] {
  const taken = new Set<string>();
  return series.map((choice) => {
    let id = choice.id;
    for (let n = 2; taken.has(id); n++) id = `${choice.id}#${n}`;
    taken.add(id);
    return id === choice.id ? choice : { ...choice, id };
  });
}
