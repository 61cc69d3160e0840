import { type Disposable, VoxelwrightError } from "#base";
import { BRICK_VOXELS, type BrickPlanes, bytesPerVoxel, type VolumeDescription, type VoxelArray } from "#volume";
import { type BrickBytes, lengthOf } from "./brick-bytes.ts";
import type { BrickEncoder } from "./brick-encoder.ts";
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
  /** Ended with the import. */
  readonly encoder: BrickEncoder;
  readonly row: StudyRow;
  /** Given back when the import ends. */
  readonly lock: Disposable;
  /** Removes the study and its pack. */
  readonly remove: () => Promise<void>;
  /** Where the next brick and the next page of the index go; a new study's are the first. */
  readonly from?: { readonly offset: number; readonly page: number };
  /** Of the bricks of level 0 that are there already. */
  readonly range?: { readonly min: number; readonly max: number };
  /** Told of bricks that can be read from now on. */
  readonly indexed?: (entries: readonly IndexEntry[]) => void;
}

/** Writes bricks to the pack, flushes them, then indexes them: what the index tells is always there. */
export class DexieStudyWriter implements StudyWriter {
  readonly wholeSlices: number;
  readonly #options: DexieStudyWriterOptions;
  #offset: number;
  #page: number;
  #written: IndexEntry[] = [];
  readonly #writing = new Set<Promise<readonly VoxelArray[]>>();
  #flushing: Promise<void> = Promise.resolve();
  /** Flushes that are not done. */
  #flushes = 0;
  #range: { min: number; max: number } | undefined;
  #failure: VoxelwrightError | undefined;

  constructor(options: DexieStudyWriterOptions) {
    this.#options = options;
    this.#offset = options.from?.offset ?? 0;
    this.#page = options.from?.page ?? 0;
    this.#range = options.range;
    this.wholeSlices = options.row.wholeSlices ?? 0;
  }

  get volumeId(): string {
    return this.#options.row.volumeId;
  }

  async writeBrick(brick: BrickPlanes): Promise<readonly VoxelArray[]> {
    this.#check();
    checkBrickSize(brick, this.#options.row.description);
    const writing = this.#write(brick);
    this.#writing.add(writing);
    let planes: readonly VoxelArray[];
    try {
      planes = await writing;
    } catch (error) {
      throw this.#fail(error);
    } finally {
      this.#writing.delete(writing);
    }
    await this.#flushOften();
    // What was moved is of no length here.
    return planes.filter(({ byteLength }) => byteLength > 0);
  }

  /** Bricks do not wait for a flush, unless as many as make up the next are there before it is done. */
  async #flushOften(): Promise<void> {
    if (this.#written.length < BRICKS_PER_FLUSH) return;
    if (this.#flushes === 0) {
      // What it fails by fails all calls from then on.
      this.flush().catch(() => undefined);
    } else if (this.#written.length >= BRICKS_PER_FLUSH * 2) await this.#flushing;
    this.#check();
  }

  async flush(wholeSlices?: number): Promise<void> {
    this.#check();
    this.#flushes++;
    const flushing = this.#flushing.then(() => this.#flush(wholeSlices));
    this.#flushing = flushing.catch(() => undefined);
    try {
      await flushing;
    } catch (error) {
      throw this.#fail(error);
    } finally {
      this.#flushes--;
    }
  }

  async finish(extra: { thumbnail?: string }): Promise<StudyRecord> {
    const { database, bytes, encoder, row, lock } = this.#options;
    try {
      await this.flush();
    } finally {
      encoder.dispose();
    }
    const range = this.#range;
    const change = { ...extra, ...(range ? { range } : {}), state: "ready", bytes: this.#offset } as const;
    const { studies, handles } = database;
    const finished = () =>
      database.transaction("rw", studies, handles, async () => {
        await studies.update(row.volumeId, change);
        // A copy that is whole needs its files no more.
        if (!row.origin) await handles.delete(row.volumeId);
        return (await studies.get(row.volumeId)) ?? { ...row, ...change };
      });
    const done = await guarded(finished, row.volumeId);
    await bytes.close(row.pack);
    this.#failure = ended();
    lock.dispose();
    return recordOf(done);
  }

  /** Ends without a word on the study's state: what was flushed stays. */
  async suspend(): Promise<void> {
    const { bytes, encoder, row, lock } = this.#options;
    this.#failure ??= ended();
    await Promise.allSettled([...this.#writing, this.#flushing]);
    encoder.dispose();
    await bytes.close(row.pack).catch(() => undefined);
    lock.dispose();
  }

  async abort(): Promise<void> {
    const { encoder, remove, lock } = this.#options;
    this.#failure ??= ended();
    await Promise.allSettled([...this.#writing, this.#flushing]);
    encoder.dispose();
    try {
      await guarded(remove, this.volumeId);
    } finally {
      lock.dispose();
    }
  }

  /** Bricks lie in the pack in the order in which they are encoded. */
  async #write({ address, planes, min, max }: BrickPlanes): Promise<readonly VoxelArray[]> {
    const { row, bytes, encoder } = this.#options;
    const encoded = await encoder.encode(planes);
    this.#check();
    const length = lengthOf(encoded.parts);
    const entry = { address, offset: this.#offset, length, checksum: encoded.checksum, min, max };
    this.#offset += length;
    await bytes.write(row.pack, entry.offset, encoded.parts);
    encoder.giveBack(encoded);
    this.#note(entry);
    return encoded.planes;
  }

  async #flush(wholeSlices: number | undefined): Promise<void> {
    await Promise.all(this.#writing);
    this.#check();
    const entries = this.#written;
    if (entries.length === 0 && wholeSlices === undefined) return;
    this.#written = [];
    const { database, bytes, row } = this.#options;
    await bytes.flush(row.pack);
    const page = encodeIndexPage(entries);
    const nextPage = this.#page + (entries.length > 0 ? 1 : 0);
    const whole = wholeSlices === undefined ? {} : { wholeSlices, resumeAt: { offset: this.#offset, page: nextPage } };
    await database.transaction("rw", database.indexPages, database.studies, async () => {
      const found = await database.studies.update(row.volumeId, { bytes: this.#offset, ...whole });
      if (found === 0) throw new VoxelwrightError("not-found", "The study was removed while it was imported.");
      if (entries.length === 0) return;
      await database.indexPages.put({
        volumeId: row.volumeId,
        page: this.#page,
        entries: page,
        checksum: checksum(page),
      });
    });
    this.#page = nextPage;
    if (entries.length > 0) this.#options.indexed?.(entries);
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

/** Throws `argument` unless a brick has as many bytes as one of such a volume. */
export function checkBrickSize({ planes }: BrickPlanes, { voxelType }: VolumeDescription): void {
  const whole = BRICK_VOXELS * bytesPerVoxel(voxelType);
  const bytes = planes.reduce((sum, part) => sum + part.byteLength, 0);
  if (bytes === whole) return;
  throw new VoxelwrightError("argument", `A brick of this study has ${whole} bytes, not ${bytes}.`);
}

/** What the catalogue tells of a row. */
export function recordOf(row: StudyRow): StudyRecord {
  const { bytesKind: _kind, pack: _pack, resumeAt: _at, resumed: _times, ...record } = row;
  return record;
}

function ended(): VoxelwrightError {
  return new VoxelwrightError("argument", "This import has ended.");
}
