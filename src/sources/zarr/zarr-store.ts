import { isAbortError, orAbort, VoxelwrightError } from "#base";
import { ZARR_METADATA_MAX_BYTES } from "../limits.ts";
import { afarOf } from "../range-blob.ts";
import type { SourceFile } from "../source.ts";
import { asSourceError, formatBytes, limitError, sourceError } from "../source-errors.ts";

/** A path below the root of a Zarr hierarchy; begins with `/`. */
export type ZarrPath = `/${string}`;

/** A stretch of a file: from `offset`, or its last bytes. */
export type ByteRange = { readonly offset: number; readonly length: number } | { readonly suffixLength: number };

export interface ReadOptions {
  readonly signal?: AbortSignal | undefined;
  /** True where the bytes that came before were not good: they come from the server itself, not from a cache on the way. */
  readonly fresh?: boolean;
}

/** Bytes of a Zarr hierarchy by path, as zarrita reads them: undefined where there is no such file. */
export interface ZarrStore {
  /** What messages call it: an address, or a folder's name. */
  readonly subject: string;
  /** Tells hierarchies apart that are opened again: an address, or a folder's own name, wherever it lies. */
  readonly id: string;
  /** True for files of this machine, which no server unpacks on the way. */
  readonly local?: boolean;
  get(path: ZarrPath, options?: ReadOptions): Promise<Uint8Array | undefined>;
  getRange(path: ZarrPath, range: ByteRange, options?: ReadOptions): Promise<Uint8Array | undefined>;
  /** Asks for one file without trying again; rejects with `network` while the store cannot be reached. */
  probe(options?: ReadOptions): Promise<void>;
}

/** A hierarchy in files below the folder `root` (their names begin with `root/`; all names where it is empty). */
export class FilesStore implements ZarrStore {
  readonly subject: string;
  readonly id: string;
  readonly local = true;
  readonly #files: ReadonlyMap<string, Blob>;

  constructor(files: readonly SourceFile[], root: string) {
    const start = root === "" ? "" : `${root}/`;
    const inside = files.filter(({ name }) => name.startsWith(start));
    this.subject = root;
    this.id = root.split("/").at(-1)!;
    this.#files = new Map(inside.map(({ name, blob }) => [`/${name.slice(start.length)}`, blob]));
  }

  get(path: ZarrPath, options: ReadOptions = {}): Promise<Uint8Array | undefined> {
    return this.#read(path, (blob) => blob, options);
  }

  getRange(path: ZarrPath, range: ByteRange, options: ReadOptions = {}): Promise<Uint8Array | undefined> {
    return this.#read(
      path,
      (blob) =>
        "suffixLength" in range
          ? blob.slice(Math.max(0, blob.size - range.suffixLength))
          : blob.slice(range.offset, range.offset + range.length),
      options,
    );
  }

  async probe(): Promise<void> {
    // Files of an archive at an address are all of one place.
    for (const blob of this.#files.values()) {
      await afarOf(blob)?.probe();
      return;
    }
  }

  async #read(
    path: ZarrPath,
    part: (blob: Blob) => Blob,
    { signal }: ReadOptions,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    signal?.throwIfAborted();
    const blob = this.#files.get(path);
    if (!blob) return undefined;
    try {
      return new Uint8Array(await orAbort(part(blob).arrayBuffer(), signal));
    } catch (error) {
      throw asSourceError(`${this.subject}${path}`, error);
    }
  }
}

/** A JSON file of a hierarchy; undefined where it is not there. Rejects with `source` when it is no JSON object. */
export async function readJson(
  store: ZarrStore,
  path: ZarrPath,
  options: ReadOptions = {},
): Promise<Record<string, unknown> | undefined> {
  const bytes = await store.get(path, options);
  if (!bytes) return undefined;
  const subject = fileSubject(store, path);
  if (bytes.length > ZARR_METADATA_MAX_BYTES)
    throw limitError(subject, `The metadata take ${formatBytes(bytes.length)}, more than any image has.`);
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    if (isAbortError(error) || error instanceof VoxelwrightError) throw error;
  }
  // Servers of pages answer everything with a page of theirs.
  const page = /^\s*</.test(new TextDecoder().decode(bytes.subarray(0, 64)));
  throw sourceError(
    subject,
    page ? "A web page is there, not the metadata of a Zarr image." : "The metadata are not JSON.",
    page ? "Check the address, and whether it asks for a login." : "Get a fresh copy of the image.",
  );
}

export function fileSubject({ subject }: ZarrStore, path: string): string {
  return subject.endsWith("/") || subject === "" ? `${subject}${path.slice(1)}` : `${subject}${path}`;
}
