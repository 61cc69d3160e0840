import type { ProgressOptions } from "#base";
import { allReaders } from "./readers.ts";
import { type FileHead, readFileHead, unknownFileLine } from "./sniff.ts";
import type { RefusedFile, SeriesChoice, SourceFile, SourceListing, SourceReader } from "./source.ts";
import { asSourceError, endsListing, refusalLine } from "./source-errors.ts";
import { takeZarrFolders } from "./zarr/zarr-folders.ts";
import { unpackZip } from "./zip.ts";
import { isZip } from "./zip-directory.ts";

/** Files that systems leave in folders and archives; no one means to open them. */
const SYSTEM_FILE = /(^|\/)(__MACOSX\/.*|\._[^/]*|\.DS_Store|Thumbs\.db|desktop\.ini)$/;

/** Heads read at the same time: enough to hide the latency of a disk, few enough to stay small. */
const HEADS_AT_ONCE = 16;

/** Share of the progress of looking at files, and at those in archives. */
const LOOKING = 0.15;

export interface OpenOptions extends ProgressOptions {
  /** Readers to try, in this order; all of Voxelwright's by default. */
  readonly readers?: readonly SourceReader[];
}

/**
 * Finds the volumes among files: archives are listed, every file is recognised by its content, and its reader opens it. Every
 * file ends in a series, as data of one, or in `refused` with a line that says why; only the left-overs of systems
 * (`.DS_Store`, `Thumbs.db`, …) are passed over. Chunks of folders that hold an image are not looked into one by one. Rejects only when
 * aborted or by `network`.
 */
export async function openSources(files: readonly SourceFile[], options: OpenOptions = {}): Promise<SourceListing> {
  const search = new Search(options.readers ?? (await allReaders()), options);
  const archives = await search.lookAt(files.filter(({ name }) => !SYSTEM_FILE.test(name)));
  // An archive within an archive is not opened.
  for (const inner of await search.lookAt(await search.unpack(archives), LOOKING)) search.setAside(inner);
  return search.end();
}

/** A file with its first bytes. */
interface LookedAt {
  readonly file: SourceFile;
  readonly head: FileHead;
}

/** What was found among files so far. */
class Search {
  readonly #readers: readonly SourceReader[];
  readonly #options: OpenOptions;
  readonly #series: SeriesChoice[] = [];
  readonly #refused: RefusedFile[] = [];
  readonly #notes: string[] = [];
  /** All files but archives and those of folders. */
  readonly #all: SourceFile[] = [];
  readonly #groups = new Map<SourceReader, SourceFile[]>();
  readonly #unknown: LookedAt[] = [];

  constructor(readers: readonly SourceReader[], options: OpenOptions) {
    this.#readers = readers;
    this.#options = options;
  }

  /** Opens images that are folders, then sorts all other files by reader; gives the archives among them. Progress goes on at `from`. */
  async lookAt(files: readonly SourceFile[], from = 0): Promise<LookedAt[]> {
    const { signal, onProgress } = this.#options;
    const archives: LookedAt[] = [];
    const rest = await this.#takeFolders(files);
    for (let n = 0; n < rest.length; n += HEADS_AT_ONCE) {
      signal?.throwIfAborted();
      onProgress?.({ fraction: from + (n / rest.length) * LOOKING, what: `looking at ${rest[n]!.name}` });
      const some = rest.slice(n, n + HEADS_AT_ONCE);
      const heads = await Promise.all(some.map((file) => headOrRefusal(file, this.#refused)));
      for (const [at, head] of heads.entries()) {
        const file = some[at]!;
        if (head && !head.gzip && isZip(head.bytes)) archives.push({ file, head });
        else this.#sort(file, head);
      }
    }
    return archives;
  }

  /** The files of archives. */
  async unpack(archives: readonly LookedAt[]): Promise<SourceFile[]> {
    const all: SourceFile[] = [];
    for (const { file } of archives) {
      this.#options.signal?.throwIfAborted();
      try {
        const archive = await unpackZip(file, this.#options);
        all.push(...archive.files.filter(({ name }) => !SYSTEM_FILE.test(name)));
        this.#refused.push(...archive.refused);
        this.#notes.push(...archive.notes);
        if (archive.files.length + archive.refused.length === 0)
          this.#refused.push({ name: file.name, message: "The archive is empty." });
      } catch (error) {
        if (endsListing(error)) throw error;
        this.#refused.push({ name: file.name, message: refusalLine(asSourceError(file.name, error)) });
      }
    }
    return all;
  }

  /** Takes a file for one that no reader knows. */
  setAside(one: LookedAt): void {
    this.#all.push(one.file);
    this.#unknown.push(one);
  }

  /** Has the readers open what was sorted to them. */
  async end(): Promise<SourceListing> {
    const { signal, onProgress } = this.#options;
    const used = new Set<string>();
    let done = 0;
    for (const [reader, group] of this.#groups) {
      const share = ((1 - 2 * LOOKING) * group.length) / this.#all.length;
      const base = 2 * LOOKING + ((1 - 2 * LOOKING) * done) / this.#all.length;
      const found = await readGroup(reader, group, this.#all, {
        signal,
        onProgress: ({ fraction, what }) => onProgress?.({ fraction: base + share * fraction, what }),
      });
      this.#add(found);
      for (const name of found.used ?? []) used.add(name);
      done += group.length;
    }
    for (const { file, head } of this.#unknown) {
      if (!used.has(file.name)) this.#refused.push({ name: file.name, message: unknownFileLine(file, head) });
    }
    // A file that holds the voxels of a series may by chance look like something else on its own.
    return {
      series: uniqueIds(this.#series),
      refused: this.#refused.filter(({ name }) => !used.has(name)),
      used: [...used],
      notes: this.#notes,
    };
  }

  async #takeFolders(files: readonly SourceFile[]): Promise<readonly SourceFile[]> {
    const { folders, rest } = takeZarrFolders(files);
    if (folders.length > 0) {
      const { openZarrFolder } = await import("./zarr/index.ts");
      for (const folder of folders) this.#add(await openZarrFolder(folder, this.#options));
    }
    if (!rest.some(({ name }) => /(^|\/)info$/.test(name))) return rest;
    const { openPrecomputedFolders } = await import("./precomputed/index.ts");
    const found = await openPrecomputedFolders(rest, this.#options);
    this.#add(found);
    return found.rest;
  }

  #sort(file: SourceFile, head: FileHead | undefined): void {
    // What could not be read is refused already, and is nobody's voxels.
    if (head || file.blob.size === 0) this.#all.push(file);
    if (!head) return;
    const reader = this.#readers.find((candidate) => candidate.recognises(head.bytes, file.name));
    if (!reader) {
      this.#unknown.push({ file, head });
      return;
    }
    const group = this.#groups.get(reader);
    if (group) group.push(file);
    else this.#groups.set(reader, [file]);
  }

  #add({ series, refused, notes = [] }: Pick<SourceListing, "series" | "refused" | "notes">): void {
    this.#series.push(...series);
    this.#refused.push(...refused);
    this.#notes.push(...notes);
  }
}

async function headOrRefusal(file: SourceFile, refused: RefusedFile[]): Promise<FileHead | undefined> {
  if (file.blob.size === 0) {
    refused.push({ name: file.name, message: "The file is empty (0 bytes). Copy or download it again." });
    return undefined;
  }
  try {
    return await readFileHead(file);
  } catch (error) {
    if (endsListing(error)) throw error;
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
    if (endsListing(error)) throw error;
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
