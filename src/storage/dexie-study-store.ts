import { type AbortOptions, type Disposable, Emitter, VoxelwrightError } from "#base";
import {
  BRICK_VOXELS,
  type BrickPixels,
  type BrickRoom,
  type BrickSource,
  bytesPerVoxel,
  type Dims,
  planesOf,
  type VolumeDescription,
} from "#volume";
import { generateDeviceKey } from "#labelmap";
import { Dexie, type Table } from "dexie";
import type { BrickBytes } from "./brick-bytes.ts";
import { type BrickEncoder, type EncoderFor, InlineEncoder } from "./brick-encoder.ts";
import { bricksInPage } from "./brick-index.ts";
import { StoredBricks, StoredIndex } from "./brick-reader.ts";
import { DexieJournal } from "./dexie-journal.ts";
import { heldLocks, tryLock } from "./locks.ts";
import { checkRoom } from "./quota.ts";
import { repairBrick } from "./repair-brick.ts";
import type { Database, StudyRow } from "./schema.ts";
import { closedError, guarded } from "./storage-errors.ts";
import type {
  BrickAppender,
  BytesKind,
  JournalStore,
  StorageEstimate,
  StudyChange,
  StudyPlace,
  StudyRecord,
  StudyStore,
  StudyWriter,
} from "./study-store.ts";
import { StudyLocks } from "./study-locks.ts";
import { DexieStudyWriter, type DexieStudyWriterOptions, recordOf } from "./study-writer.ts";

export interface DexieStudyStoreOptions {
  readonly database: Database;
  /** Where new studies' bytes go first, then where those of others may lie. */
  readonly bytes: readonly BrickBytes[];
  readonly estimate: () => Promise<StorageEstimate>;
  /** What encodes the bricks of new studies. Default: the thread that calls. */
  readonly encoderFor?: EncoderFor | undefined;
}

/** The local cache in a browser: catalogue, index, journal in one Dexie database, brick bytes in packs. */
export class DexieStudyStore implements StudyStore {
  readonly lost = new Emitter<VoxelwrightError>();
  readonly #database: Database;
  readonly #bytes: readonly BrickBytes[];
  readonly #estimate: () => Promise<StorageEstimate>;
  readonly #encoderFor: EncoderFor;
  readonly #locks: StudyLocks;
  readonly #indices = new Map<string, StoredIndex>();
  /** Open brick sources by pack; handles are given back with the last. */
  readonly #readers = new Map<string, number>();
  #closed: VoxelwrightError | undefined;

  constructor({ database, bytes, estimate, encoderFor = () => new InlineEncoder() }: DexieStudyStoreOptions) {
    this.#database = database;
    this.#bytes = bytes;
    this.#estimate = estimate;
    this.#encoderFor = encoderFor;
    this.#locks = new StudyLocks(database.name);
    database.on("versionchange", () =>
      this.#lose("Another tab needs the local cache for a newer version of Voxelwright."),
    );
    database.on("close", () => this.#lose("The browser closed the local cache."));
  }

  get bytesKind(): BytesKind {
    return this.#bytes[0]!.kind;
  }

  list(): Promise<StudyRecord[]> {
    return this.#run(async () => {
      const rows = await this.#database.studies.toArray();
      const held = await heldLocks();
      return rows.map((row) => this.#record(row, held)).sort((a, b) => (a.openedAt < b.openedAt ? 1 : -1));
    });
  }

  get(volumeId: string): Promise<StudyRecord | undefined> {
    return this.#run(async () => {
      const row = await this.#database.studies.get(volumeId);
      return row && this.#record(row, await heldLocks());
    });
  }

  create(
    volumeId: string,
    description: VolumeDescription,
    expectedBytes: number,
    place: StudyPlace = {},
  ): Promise<StudyWriter> {
    return this.#run(async () => {
      const lock = await this.#locks.takeImport(volumeId);
      try {
        const earlier = await this.#database.studies.get(volumeId);
        if (earlier?.state === "ready") {
          throw new VoxelwrightError("argument", "The study is in the local cache already.", { subject: volumeId });
        }
        if (earlier) await this.#removeRow(earlier);
        checkRoom(expectedBytes, await this.estimate(), description.name);
        const now = new Date().toISOString();
        const bytes = this.#bytes[0]!;
        const { handles: given, ...from } = place;
        const row: StudyRow = {
          volumeId,
          description,
          state: "importing",
          createdAt: now,
          openedAt: now,
          bytes: 0,
          ...from,
          bytesKind: bytes.kind,
          pack: `${crypto.randomUUID()}.pack`,
        };
        // The row comes before the file, so a file without a row is one that nobody will want.
        const { studies, handles } = this.#database;
        await this.#database.transaction("rw", studies, handles, async () => {
          await studies.add(row);
          if (given) await handles.put({ volumeId, handles: given });
        });
        this.#indices.delete(volumeId);
        return this.#writer(row, lock, this.#encoderFor(description.voxelType, expectedBytes));
      } catch (error) {
        lock.dispose();
        throw error;
      }
    }, volumeId);
  }

  resume(volumeId: string, expectedBytes: number): Promise<StudyWriter> {
    return this.#run(async () => {
      const lock = await this.#locks.takeImport(volumeId);
      try {
        const { studies, indexPages } = this.#database;
        const earlier = await studies.get(volumeId);
        if (!earlier) throw noSuchStudy(volumeId);
        if (earlier.state === "ready") {
          throw new VoxelwrightError("argument", "The study is whole already.", { subject: volumeId });
        }
        const { offset, page } = earlier.resumeAt ?? { offset: 0, page: 0 };
        const pagesBefore = indexPages.where("[volumeId+page]").between([volumeId, Dexie.minKey], [volumeId, page]);
        const bricks = (await pagesBefore.toArray()).reduce((sum, { entries }) => sum + bricksInPage(entries), 0);
        const { name, voxelType } = earlier.description;
        checkRoom(expectedBytes - bricks * BRICK_VOXELS * bytesPerVoxel(voxelType), await this.estimate(), name);
        const row = { ...earlier, bytes: offset, resumed: (earlier.resumed ?? 0) + 1 };
        await this.#database.transaction("rw", studies, indexPages, async () => {
          const after = indexPages.where("[volumeId+page]").between([volumeId, page], [volumeId, Dexie.maxKey]);
          await after.delete();
          await studies.put(row);
        });
        const { index } = await this.#index(volumeId).current();
        const range = index.range();
        const from = { from: { offset, page }, ...(range ? { range } : {}) };
        return this.#writer(row, lock, this.#encoderFor(voxelType, expectedBytes), from);
      } catch (error) {
        lock.dispose();
        throw error;
      }
    }, volumeId);
  }

  append(volumeId: string): Promise<BrickAppender> {
    return this.#run(async () => {
      const lock = await this.#locks.takeAppend(volumeId);
      try {
        const index = this.#index(volumeId);
        const { row, ...from } = await index.end();
        const writer = this.#writer(row, lock, new InlineEncoder(), { from, indexed: (entries) => index.add(entries) });
        return {
          writeBrick: async (brick) => void (await writer.writeBrick(planesOf(brick))),
          flush: () => writer.flush(),
          dispose: () => void writer.suspend(),
        };
      } catch (error) {
        lock.dispose();
        throw error;
      }
    }, volumeId);
  }

  repairBrick(volumeId: string, brick: BrickPixels): Promise<boolean> {
    return this.#run(async () => {
      const { row, index } = await this.#index(volumeId).known();
      return repairBrick(this.#bytesOf(row), row, index.get(brick.address), brick.voxels);
    }, volumeId);
  }

  openBricks(volumeId: string, room?: BrickRoom): BrickSource & Disposable {
    let pack: string | undefined;
    const bytesOf = (row: StudyRow): BrickBytes => {
      this.#checkOpen();
      if (pack === undefined) {
        pack = row.pack;
        this.#readers.set(pack, (this.#readers.get(pack) ?? 0) + 1);
      }
      return this.#bytesOf(row);
    };
    const release = (row: StudyRow | undefined): void => {
      if (row && pack !== undefined) this.#closeReader(row);
    };
    return new StoredBricks(this.#index(volumeId), bytesOf, release, room);
  }

  brickRanges(volumeId: string, frame: number, level: number, bricks: Dims): Promise<Float32Array> {
    return this.#run(async () => (await this.#index(volumeId).current()).index.ranges(frame, level, bricks), volumeId);
  }

  openJournal(volumeId: string): JournalStore {
    return new DexieJournal(this.#database, volumeId, () => this.#checkOpen());
  }

  update(volumeId: string, change: StudyChange): Promise<void> {
    return this.#run(async () => {
      if ((await this.#database.studies.get(volumeId)) === undefined) throw noSuchStudy(volumeId);
      await this.#database.studies.update(volumeId, { ...change });
    }, volumeId);
  }

  handles(volumeId: string): Promise<readonly FileSystemHandle[] | undefined> {
    return this.#run(async () => (await this.#database.handles.get(volumeId))?.handles, volumeId);
  }

  keepHandles(volumeId: string, given: readonly FileSystemHandle[]): Promise<void> {
    return this.#run(async () => {
      const { studies, handles } = this.#database;
      await this.#database.transaction("rw", studies, handles, async () => {
        if ((await studies.get(volumeId)) === undefined) throw noSuchStudy(volumeId);
        await handles.put({ volumeId, handles: given });
      });
    }, volumeId);
  }

  remove(volumeId: string): Promise<void> {
    return this.#run(async () => {
      const row = await this.#database.studies.get(volumeId);
      if (!row) throw noSuchStudy(volumeId);
      const locks = await this.#locks.takeForRemoval(volumeId);
      try {
        await this.#removeRow(row);
      } finally {
        locks.dispose();
      }
    }, volumeId);
  }

  recover(options: AbortOptions = {}): Promise<string[]> {
    const { signal } = options;
    return this.#run(async () => {
      const removed: string[] = [];
      const handled = new Set<string>();
      // Packs before rows: a pack that is listed had its row before.
      const packs = await Promise.all(this.#bytes.map(async (bytes) => ({ bytes, names: await bytes.list() })));
      for (const row of await this.#database.studies.toArray()) {
        signal?.throwIfAborted();
        if (row.state !== "importing" || row.wholeSlices) continue;
        const lock = await tryLock(this.#locks.importName(row.volumeId));
        if (!lock) continue;
        // It may have got on before its lock was free.
        const now = await this.#database.studies.get(row.volumeId);
        if (!now || now.state !== "importing" || now.wholeSlices) {
          lock.dispose();
          continue;
        }
        await this.#removeRow(row).finally(() => lock.dispose());
        removed.push(row.volumeId);
        handled.add(row.pack);
      }
      for (const { pack } of await this.#database.studies.toArray()) handled.add(pack);
      for (const { bytes, names } of packs) {
        for (const name of names) {
          signal?.throwIfAborted();
          if (handled.has(name)) continue;
          await bytes.remove(name);
          removed.push(name);
        }
      }
      return removed;
    });
  }

  estimate(): Promise<StorageEstimate> {
    return this.#run(this.#estimate);
  }

  setting<T>(key: string): Promise<T | undefined> {
    return this.#run(async () => (await this.#database.settings.get(key))?.value as T | undefined);
  }

  setSetting(key: string, value: unknown): Promise<void> {
    return this.#run(async () => {
      if (value === undefined) await this.#database.settings.delete(key);
      else await this.#database.settings.put({ key, value });
    });
  }

  lockStudy(volumeId: string): Promise<Disposable> {
    return this.#run(() => this.#locks.takeStudy(volumeId), volumeId);
  }

  deviceKey(): Promise<CryptoKeyPair> {
    return this.#run(async () => {
      const { keys } = this.#database;
      const known = await keys.get("device");
      if (known) return known.pair;
      const pair = await generateDeviceKey();
      // Two tabs may come here at once; the first key stored is the key.
      return this.#database.transaction("rw", keys, async () => {
        const first = await keys.get("device");
        if (first) return first.pair;
        await keys.add({ id: "device", pair });
        return pair;
      });
    });
  }

  dispose(): void {
    if (this.#closed) return;
    this.#closed = closedError();
    this.#database.close();
    this.#locks.dispose();
    for (const bytes of this.#bytes) bytes.dispose();
  }

  #lose(says: string): void {
    if (this.#closed) return;
    const error = new VoxelwrightError("storage", says, { advice: "Reload the page.", fields: { quota: false } });
    this.#closed = error;
    this.#database.close();
    this.lost.emit(error);
  }

  async #run<T>(run: () => PromiseLike<T>, subject?: string): Promise<T> {
    this.#checkOpen();
    return guarded(run, subject).catch((error: unknown) => {
      // A call under way when the cache was lost says why.
      throw this.#closed ?? error;
    });
  }

  #checkOpen(): void {
    if (this.#closed) throw this.#closed;
  }

  #record(row: StudyRow, held: ReadonlySet<string>): StudyRecord {
    const cutOff = row.state === "importing" && !held.has(this.#locks.importName(row.volumeId));
    return cutOff ? { ...recordOf(row), state: "cut-off" } : recordOf(row);
  }

  #index(volumeId: string): StoredIndex {
    let index = this.#indices.get(volumeId);
    if (!index) {
      index = new StoredIndex(this.#database, volumeId, () => this.#checkOpen());
      this.#indices.set(volumeId, index);
    }
    return index;
  }

  #writer(
    row: StudyRow,
    lock: Disposable,
    encoder: BrickEncoder,
    options: Pick<DexieStudyWriterOptions, "from" | "range" | "indexed"> = {},
  ): DexieStudyWriter {
    return new DexieStudyWriter({
      database: this.#database,
      bytes: this.#bytesOf(row),
      encoder,
      row,
      lock,
      remove: () => this.#removeRow(row),
      ...options,
    });
  }

  #bytesOf(row: StudyRow): BrickBytes {
    const bytes = this.#bytes.find((voice) => voice.kind === row.bytesKind);
    if (bytes) return bytes;
    throw new VoxelwrightError("storage", "The study lies in files that this browser cannot open now.", {
      subject: row.volumeId,
      advice: "Open it in a normal window of an up-to-date browser.",
      fields: { quota: false },
    });
  }

  #closeReader({ pack, bytesKind }: StudyRow): void {
    const left = (this.#readers.get(pack) ?? 1) - 1;
    if (left > 0) {
      this.#readers.set(pack, left);
      return;
    }
    this.#readers.delete(pack);
    if (this.#closed) return;
    const bytes = this.#bytes.find((voice) => voice.kind === bytesKind);
    bytes?.close(pack).catch(() => undefined);
  }

  /** The rows in one transaction, then the pack; a pack that cannot go now goes at the next recovery. */
  async #removeRow({ volumeId, pack, bytesKind }: StudyRow): Promise<void> {
    const database = this.#database;
    const { studies, indexPages, entries, headers, labelBricks, segmentLists, handles } = database;
    const tables = [studies, indexPages, entries, headers, labelBricks, segmentLists, handles];
    const of = <Row>(table: Table<Row, [string, number]>, field: string) =>
      table.where(`[volumeId+${field}]`).between([volumeId, Dexie.minKey], [volumeId, Dexie.maxKey]);
    await database.transaction("rw", tables, async () => {
      await of(indexPages, "page").delete();
      await of(entries, "sequence").delete();
      await of(headers, "sequence").delete();
      await of(labelBricks, "brickIndex").delete();
      await segmentLists.delete(volumeId);
      await handles.delete(volumeId);
      await studies.delete(volumeId);
    });
    this.#indices.delete(volumeId);
    await this.#bytes
      .find((voice) => voice.kind === bytesKind)
      ?.remove(pack)
      .catch(() => undefined);
  }
}

function noSuchStudy(volumeId: string): VoxelwrightError {
  return new VoxelwrightError("not-found", "There is no such study in the local cache.", { subject: volumeId });
}
