import { type AbortOptions, type Disposable, VoxelwrightError } from "#base";
import {
  BRICK_VOXELS,
  type BrickAddress,
  type BrickPixels,
  type BrickRange,
  type BrickRoom,
  type BrickSource,
  bytesPerVoxel,
  type VoxelArray,
  viewVoxels,
} from "#volume";
import { Dexie } from "dexie";
import type { BrickBytes, StoredPlace } from "./brick-bytes.ts";
import { BrickIndex, decodeIndexPage, type IndexEntry } from "./brick-index.ts";
import type { Database, StudyRow } from "./schema.ts";
import { closedBricks, guarded } from "./storage-errors.ts";

/** The index of one study, read from the database as it grows. */
export class StoredIndex {
  readonly #database: Database;
  readonly #volumeId: string;
  readonly #checkOpen: () => void;
  #index = new BrickIndex();
  #nextPage = 0;
  #row: StudyRow | undefined;
  #reading: Promise<StudyRow> | undefined;

  /** `checkOpen` throws once the store is closed. */
  constructor(database: Database, volumeId: string, checkOpen: () => void) {
    this.#database = database;
    this.#volumeId = volumeId;
    this.#checkOpen = checkOpen;
  }

  /** The study and its index, with what was flushed up to now. Rejects with `not-found`. */
  async current(): Promise<{ readonly row: StudyRow; readonly index: BrickIndex }> {
    this.#checkOpen();
    if (this.#row?.state === "ready") return { row: this.#row, index: this.#index };
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return { row: await this.#reading, index: this.#index };
  }

  /** The same without asking the database again, where it was asked before. */
  async known(): Promise<{ readonly row: StudyRow; readonly index: BrickIndex }> {
    return this.#row ? { row: this.#row, index: this.#index } : this.current();
  }

  /** Where bricks and pages go that are added to a study that is ready, by the pages that are there now. */
  async end(): Promise<{ readonly row: StudyRow; readonly offset: number; readonly page: number }> {
    this.#checkOpen();
    const row = await this.#read();
    return { row, offset: this.#index.end, page: this.#nextPage };
  }

  /** Takes entries that this thread has written itself. */
  add(entries: readonly IndexEntry[]): void {
    this.#index.add(entries);
    this.#nextPage++;
  }

  async #read(): Promise<StudyRow> {
    // The state first: once a study is ready, no page comes after those that are read below.
    const row = await this.#database.studies.get(this.#volumeId);
    if (!row)
      throw new VoxelwrightError("not-found", "There is no such study in the local cache.", {
        subject: this.#volumeId,
      });
    if (this.#row && row.resumed !== this.#row.resumed) {
      this.#index = new BrickIndex();
      this.#nextPage = 0;
    }
    const pages = await this.#database.indexPages
      .where("[volumeId+page]")
      .between([this.#volumeId, this.#nextPage], [this.#volumeId, Dexie.maxKey])
      .toArray();
    for (const { page, entries, checksum } of pages) {
      this.#index.add(decodeIndexPage(entries, checksum));
      this.#nextPage = page + 1;
    }
    this.#row = row;
    return row;
  }
}

type FoundPlace = StoredPlace & BrickRange;

/** Bricks of one study. */
export class StoredBricks implements BrickSource, Disposable {
  readonly #index: StoredIndex;
  readonly #bytesOf: (row: StudyRow) => BrickBytes;
  readonly #release: (row: StudyRow | undefined) => void;
  readonly #room: BrickRoom | undefined;
  #row: StudyRow | undefined;
  #disposed = false;

  /** `release` is called once, on dispose, with the study if it was read. */
  constructor(
    index: StoredIndex,
    bytesOf: (row: StudyRow) => BrickBytes,
    release: (row: StudyRow | undefined) => void,
    room: BrickRoom | undefined,
  ) {
    this.#index = index;
    this.#bytesOf = bytesOf;
    this.#release = release;
    this.#room = room;
  }

  async readBrick(address: BrickAddress, options: AbortOptions = {}): Promise<BrickPixels | undefined> {
    const { signal } = options;
    signal?.throwIfAborted();
    if (this.#disposed) throw closedBricks();
    const pixels = await guarded(() => this.#read(address));
    signal?.throwIfAborted();
    return pixels;
  }

  async readBrickInto(
    address: BrickAddress,
    into: VoxelArray,
    { signal }: AbortOptions = {},
  ): Promise<BrickRange | undefined> {
    signal?.throwIfAborted();
    if (this.#disposed) throw closedBricks();
    const range = await guarded(async () => {
      const found = await this.#find(address);
      if (!found) return undefined;
      const { row, place } = found;
      await this.#bytesOf(row).readInto(row.pack, place, new Uint8Array(into.buffer, into.byteOffset, into.byteLength));
      return { min: place.min, max: place.max };
    });
    signal?.throwIfAborted();
    return range;
  }

  dispose(): void {
    if (!this.#disposed) this.#release(this.#row);
    this.#disposed = true;
  }

  async #find(address: BrickAddress): Promise<{ readonly row: StudyRow; readonly place: FoundPlace } | undefined> {
    let { row, index } = await this.#index.known();
    if (!index.get(address)) ({ row, index } = await this.#index.current());
    this.#row = row;
    const entry = index.get(address);
    return entry && { row, place: row.state === "importing" ? { ...entry, growing: true } : entry };
  }

  async #read(address: BrickAddress): Promise<BrickPixels | undefined> {
    const found = await this.#find(address);
    if (!found) return undefined;
    const { row, place } = found;
    const { voxelType } = row.description;
    const bytes = this.#bytesOf(row);
    const { min, max } = place;
    const length = BRICK_VOXELS * bytesPerVoxel(voxelType);
    // Kernels read bricks of level 0 only.
    const voxels = address.level === 0 ? this.#room?.(voxelType) : undefined;
    if (voxels?.byteLength === length) {
      const into = new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength);
      await bytes.readInto(row.pack, place, into);
      return { address, voxels, min, max };
    }
    return { address, voxels: viewVoxels(voxelType, await bytes.read(row.pack, place, length)), min, max };
  }
}
