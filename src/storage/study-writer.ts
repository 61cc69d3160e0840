import { type Disposable, VoxelwrightError } from "#base";
import { BRICK_VOXELS, type BrickPixels, bytesPerVoxel } from "#volume";
import type { BrickBytes } from "./brick-bytes.ts";
import { encodeIndexPage, type IndexEntry } from "./brick-index.ts";
import { checksum } from "./checksum.ts";
import type { Database, StudyRow } from "./schema.ts";
import { guarded, storageError } from "./storage-errors.ts";
import type { StudyRecord, StudyWriter } from "./study-store.ts";

/** Bricks of one flush: 32 MiB of 16-bit voxels. */
const BRICKS_PER_FLUSH = 64;

export interface DexieStudyWriterOptions {
  readonly database: Database;
  readonly bytes: BrickBytes;
  readonly row: StudyRow;
  /** Given back when the import ends. */
  readonly lock: Disposable;
  /** Removes the study and its pack. */
  readonly remove: () => Promise<void>;
  /** Where the next brick and the next page of the index go; a new study's are the first. */
  readonly from?: { readonly offset: number; readonly page: number };
  /** Told of bricks that can be read from now on. */
  readonly indexed?: (entries: readonly IndexEntry[]) => void;
}

/** Writes bricks to the pack, flushes them, then indexes them: what the index tells is always there. */
export class DexieStudyWriter implements StudyWriter {
  readonly #options: DexieStudyWriterOptions;
  #offset: number;
  #page: number;
  #written: IndexEntry[] = [];
  readonly #writing = new Set<Promise<void>>();
  #flushing: Promise<void> = Promise.resolve();
  #range: { min: number; max: number } | undefined;
  #failure: VoxelwrightError | undefined;

  constructor(options: DexieStudyWriterOptions) {
    this.#options = options;
    this.#offset = options.from?.offset ?? 0;
    this.#page = options.from?.page ?? 0;
  }

  get volumeId(): string {
    return this.#options.row.volumeId;
  }

  async writeBrick(brick: BrickPixels): Promise<void> {
    this.#check();
    const { row, bytes } = this.#options;
    const { address, voxels, min, max } = brick;
    const length = BRICK_VOXELS * bytesPerVoxel(row.description.voxelType);
    if (voxels.byteLength !== length) {
      throw new VoxelwrightError("argument", `A brick of this study has ${length} bytes, not ${voxels.byteLength}.`);
    }
    const own = ownBytes(voxels);
    const entry = { address, offset: this.#offset, length, checksum: checksum(own), min, max };
    this.#offset += length;
    const writing = bytes.write(row.pack, entry.offset, own).then(() => this.#note(entry));
    this.#writing.add(writing);
    try {
      await writing;
    } catch (error) {
      throw this.#fail(error);
    } finally {
      this.#writing.delete(writing);
    }
    if (this.#written.length >= BRICKS_PER_FLUSH) await this.flush();
  }

  async flush(): Promise<void> {
    this.#check();
    const flushing = this.#flushing.then(() => this.#flush());
    this.#flushing = flushing.catch(() => undefined);
    try {
      await flushing;
    } catch (error) {
      throw this.#fail(error);
    }
  }

  async finish(extra: { thumbnail?: string }): Promise<StudyRecord> {
    await this.flush();
    const { database, bytes, row, lock } = this.#options;
    const range = this.#range;
    const change = { ...extra, ...(range ? { range } : {}), state: "ready", bytes: this.#offset } as const;
    await guarded(() => database.studies.update(row.volumeId, change), row.volumeId);
    await bytes.close(row.pack);
    this.#failure = ended();
    lock.dispose();
    const { bytesKind: _kind, pack: _pack, ...record } = row;
    return { ...record, ...change };
  }

  /** Ends without a word on the study's state: what was flushed stays. */
  close(): void {
    const { bytes, row, lock } = this.#options;
    this.#failure ??= ended();
    void Promise.allSettled([...this.#writing, this.#flushing])
      .then(() => bytes.close(row.pack))
      .catch(() => undefined)
      .finally(() => lock.dispose());
  }

  async abort(): Promise<void> {
    const { remove, lock } = this.#options;
    this.#failure ??= ended();
    await Promise.allSettled([...this.#writing, this.#flushing]);
    try {
      await guarded(remove, this.volumeId);
    } finally {
      lock.dispose();
    }
  }

  async #flush(): Promise<void> {
    await Promise.all(this.#writing);
    this.#check();
    const entries = this.#written;
    if (entries.length === 0) return;
    this.#written = [];
    const { database, bytes, row } = this.#options;
    await bytes.flush(row.pack);
    const page = encodeIndexPage(entries);
    await database.transaction("rw", database.indexPages, database.studies, async () => {
      const found = await database.studies.update(row.volumeId, { bytes: this.#offset });
      if (found === 0) throw new VoxelwrightError("not-found", "The study was removed while it was imported.");
      await database.indexPages.put({
        volumeId: row.volumeId,
        page: this.#page,
        entries: page,
        checksum: checksum(page),
      });
    });
    this.#page++;
    this.#options.indexed?.(entries);
  }

  #note(entry: IndexEntry): void {
    this.#written.push(entry);
    // Of a volume that is read in parts nobody knows the range.
    if (this.#options.row.origin || entry.address.level !== 0 || !(entry.min <= entry.max)) return;
    const { min, max } = this.#range ?? entry;
    this.#range = { min: Math.min(min, entry.min), max: Math.max(max, entry.max) };
  }

  #check(): void {
    if (this.#failure) throw this.#failure;
  }

  #fail(error: unknown): VoxelwrightError {
    this.#failure ??= storageError(error, this.#options.row.description.name);
    return this.#failure;
  }
}

function ended(): VoxelwrightError {
  return new VoxelwrightError("argument", "This import has ended.");
}

/** The voxels' bytes in a buffer of their own, which can be moved to another thread. */
function ownBytes(voxels: ArrayBufferView): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } = voxels;
  if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength) return new Uint8Array(buffer);
  const own = new Uint8Array(byteLength);
  own.set(new Uint8Array(buffer, byteOffset, byteLength));
  return own;
}
