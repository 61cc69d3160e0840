import { type AbortOptions, type Disposable, Emitter, VoxelwrightError } from "#base";
import { generateDeviceKey } from "#labelmap";
import type {
  BrickAddress,
  BrickPixels,
  BrickPlanes,
  BrickRoom,
  BrickSource,
  Dims,
  VolumeDescription,
  VoxelArray,
} from "#volume";
import { bytesPerVoxel, BRICK_VOXELS, planesOf, viewVoxels } from "#volume";
import { checkBytes, checkSameBrick } from "./brick-bytes.ts";
import { BrickIndex, type IndexEntry } from "./brick-index.ts";
import { checksum } from "./checksum.ts";
import { heldLocks } from "./locks.ts";
import { MemoryJournal, MemoryJournalData } from "./memory-journal.ts";
import { checkRoom } from "./quota.ts";
import { closedBricks, closedError } from "./storage-errors.ts";
import type {
  BrickAppender,
  JournalStore,
  StorageEstimate,
  StudyChange,
  StudyPlace,
  StudyRecord,
  StudyStore,
  StudyWriter,
} from "./study-store.ts";
import { checkBrickSize } from "./study-writer.ts";
import { StudyLocks } from "./study-locks.ts";

export interface MemoryStudyStoreOptions {
  /** Default: no limit. */
  readonly quotaBytes?: number;
  /** What is kept; give the same to two stores and they are two tabs of one browser. */
  readonly state?: MemoryState;
}

interface MemoryStudy {
  record: StudyRecord;
  /** First byte after the bricks of `record.wholeSlices`. */
  resumeAt?: number;
  handles?: readonly FileSystemHandle[] | undefined;
  readonly index: BrickIndex;
  readonly bricks: Map<number, Uint8Array<ArrayBuffer>>;
  readonly journal: MemoryJournalData;
}

/** All that memory stores of one state share. */
export class MemoryState {
  readonly name = `memory-${crypto.randomUUID()}`;
  readonly studies = new Map<string, MemoryStudy>();
  readonly settings = new Map<string, unknown>();
  key: CryptoKeyPair | undefined;

  get usedBytes(): number {
    let bytes = 0;
    for (const study of this.studies.values()) for (const brick of study.bricks.values()) bytes += brick.length;
    return bytes;
  }
}

/** A store that lives as long as the process: for the CLI and for tests. Keeps bricks as they are. */
export function createMemoryStudyStore(options: MemoryStudyStoreOptions = {}): StudyStore {
  return new MemoryStudyStore(options.state ?? new MemoryState(), options.quotaBytes ?? Number.MAX_SAFE_INTEGER);
}

class MemoryStudyStore implements StudyStore {
  readonly lost = new Emitter<VoxelwrightError>();
  readonly bytesKind = "memory";
  readonly #state: MemoryState;
  readonly #quotaBytes: number;
  readonly #locks: StudyLocks;
  #closed = false;

  constructor(state: MemoryState, quotaBytes: number) {
    this.#state = state;
    this.#quotaBytes = quotaBytes;
    this.#locks = new StudyLocks(state.name);
  }

  async list(): Promise<StudyRecord[]> {
    this.#check();
    const held = await heldLocks();
    return [...this.#state.studies.values()]
      .map(({ record }) => this.#record(record, held))
      .sort((a, b) => (a.openedAt < b.openedAt ? 1 : -1));
  }

  async get(volumeId: string): Promise<StudyRecord | undefined> {
    this.#check();
    const study = this.#state.studies.get(volumeId);
    return study && this.#record(study.record, await heldLocks());
  }

  async create(
    volumeId: string,
    description: VolumeDescription,
    expectedBytes: number,
    place: StudyPlace = {},
  ): Promise<StudyWriter> {
    this.#check();
    const lock = await this.#locks.takeImport(volumeId);
    try {
      if (this.#state.studies.get(volumeId)?.record.state === "ready") {
        throw new VoxelwrightError("argument", "The study is in the local cache already.", { subject: volumeId });
      }
      this.#state.studies.delete(volumeId);
      checkRoom(expectedBytes, await this.estimate(), description.name);
      const now = new Date().toISOString();
      const { handles, ...from } = place;
      const record: StudyRecord = {
        volumeId,
        description,
        state: "importing",
        createdAt: now,
        openedAt: now,
        bytes: 0,
        ...from,
      };
      const study: MemoryStudy = {
        record,
        handles,
        index: new BrickIndex(),
        bricks: new Map(),
        journal: new MemoryJournalData(),
      };
      this.#state.studies.set(volumeId, study);
      return new MemoryStudyWriter(this.#state, study, this.#quotaBytes, lock);
    } catch (error) {
      lock.dispose();
      throw error;
    }
  }

  async resume(volumeId: string, expectedBytes: number): Promise<StudyWriter> {
    this.#check();
    const lock = await this.#locks.takeImport(volumeId);
    try {
      const study = this.#study(volumeId);
      if (study.record.state === "ready") {
        throw new VoxelwrightError("argument", "The study is whole already.", { subject: volumeId });
      }
      const { resumeAt = 0 } = study;
      checkRoom(expectedBytes - resumeAt, await this.estimate(), study.record.description.name);
      study.index.cut(resumeAt);
      for (const offset of [...study.bricks.keys()]) if (offset >= resumeAt) study.bricks.delete(offset);
      const range = study.index.range();
      study.record = { ...study.record, bytes: resumeAt, ...(range ? { range } : {}) };
      return new MemoryStudyWriter(this.#state, study, this.#quotaBytes, lock);
    } catch (error) {
      lock.dispose();
      throw error;
    }
  }

  async append(volumeId: string): Promise<BrickAppender> {
    const lock = await this.#locks.takeAppend(volumeId);
    try {
      const study = this.#study(volumeId);
      const writer = new MemoryStudyWriter(this.#state, study, this.#quotaBytes, lock);
      return {
        writeBrick: async (brick) => void (await writer.writeBrick(planesOf(brick))),
        flush: () => writer.flush(),
        dispose: () => lock.dispose(),
      };
    } catch (error) {
      lock.dispose();
      throw error;
    }
  }

  async repairBrick(volumeId: string, { address, voxels }: BrickPixels): Promise<boolean> {
    const { record, index, bricks } = this.#study(volumeId);
    const own = new Uint8Array(voxels.byteLength);
    own.set(new Uint8Array(voxels.buffer, voxels.byteOffset, voxels.byteLength));
    const entry = index.get(address);
    checkSameBrick(entry, [own], record.description.name);
    const stored = bricks.get(entry!.offset);
    if (stored && checksum(stored) === entry!.checksum) return false;
    bricks.set(entry!.offset, own);
    return true;
  }

  openBricks(volumeId: string, room?: BrickRoom): BrickSource & Disposable {
    let open = true;
    const readBrick = async (address: BrickAddress, options: AbortOptions = {}): Promise<BrickPixels | undefined> => {
      options.signal?.throwIfAborted();
      this.#check();
      if (!open) throw closedBricks();
      const { record, index, bricks } = this.#study(volumeId);
      const entry = index.get(address);
      if (!entry) return undefined;
      const bytes = bricks.get(entry.offset) ?? new Uint8Array();
      checkBytes(bytes, entry);
      const stored = viewVoxels(record.description.voxelType, bytes.buffer);
      const voxels = (address.level === 0 && room?.(record.description.voxelType)) || stored;
      if (voxels !== stored) voxels.set(stored);
      return { address, voxels, min: entry.min, max: entry.max };
    };
    return {
      readBrick,
      dispose: () => {
        open = false;
      },
    };
  }

  async brickRanges(volumeId: string, frame: number, level: number, bricks: Dims): Promise<Float32Array> {
    return this.#study(volumeId).index.ranges(frame, level, bricks);
  }

  openJournal(volumeId: string): JournalStore {
    const none = new MemoryJournalData();
    none.gone = true;
    const study = this.#state.studies.get(volumeId);
    const describe = (description: VolumeDescription): void => {
      if (study) study.record = { ...study.record, description };
    };
    return new MemoryJournal(volumeId, study?.journal ?? none, describe, () => this.#check());
  }

  async update(volumeId: string, change: StudyChange): Promise<void> {
    const study = this.#study(volumeId);
    study.record = { ...study.record, ...change };
  }

  async handles(volumeId: string): Promise<readonly FileSystemHandle[] | undefined> {
    this.#check();
    return this.#state.studies.get(volumeId)?.handles;
  }

  async keepHandles(volumeId: string, handles: readonly FileSystemHandle[]): Promise<void> {
    this.#study(volumeId).handles = handles;
  }

  async remove(volumeId: string): Promise<void> {
    const study = this.#study(volumeId);
    const locks = await this.#locks.takeForRemoval(volumeId);
    this.#state.studies.delete(volumeId);
    study.journal.clear();
    locks.dispose();
  }

  async recover(): Promise<string[]> {
    const removed: string[] = [];
    for (const { record } of this.#state.studies.values()) {
      if (record.state !== "importing" || record.wholeSlices) continue;
      const lock = await this.#locks.takeImport(record.volumeId).catch(() => undefined);
      if (!lock) continue;
      this.#state.studies.delete(record.volumeId);
      lock.dispose();
      removed.push(record.volumeId);
    }
    return removed;
  }

  async estimate(): Promise<StorageEstimate> {
    this.#check();
    return { usedBytes: this.#state.usedBytes, quotaBytes: this.#quotaBytes, persisted: false };
  }

  async setting<T>(key: string): Promise<T | undefined> {
    this.#check();
    return structuredClone(this.#state.settings.get(key)) as T | undefined;
  }

  async setSetting(key: string, value: unknown): Promise<void> {
    this.#check();
    if (value === undefined) this.#state.settings.delete(key);
    else this.#state.settings.set(key, structuredClone(value));
  }

  async lockStudy(volumeId: string): Promise<Disposable> {
    this.#check();
    return this.#locks.takeStudy(volumeId);
  }

  async deviceKey(): Promise<CryptoKeyPair> {
    this.#check();
    const made = this.#state.key ?? (await generateDeviceKey());
    this.#state.key ??= made;
    return this.#state.key;
  }

  dispose(): void {
    this.#closed = true;
    this.#locks.dispose();
  }

  #record(record: StudyRecord, held: ReadonlySet<string>): StudyRecord {
    const cutOff = record.state === "importing" && !held.has(this.#locks.importName(record.volumeId));
    return cutOff ? { ...record, state: "cut-off" } : record;
  }

  #study(volumeId: string): MemoryStudy {
    this.#check();
    const study = this.#state.studies.get(volumeId);
    if (study) return study;
    throw new VoxelwrightError("not-found", "There is no such study in the local cache.", { subject: volumeId });
  }

  #check(): void {
    if (this.#closed) throw closedError();
  }
}

class MemoryStudyWriter implements StudyWriter {
  readonly wholeSlices: number;
  readonly #state: MemoryState;
  readonly #study: MemoryStudy;
  readonly #quotaBytes: number;
  readonly #lock: Disposable;
  #offset: number;
  #written: IndexEntry[] = [];
  #failure: VoxelwrightError | undefined;

  constructor(state: MemoryState, study: MemoryStudy, quotaBytes: number, lock: Disposable) {
    this.#state = state;
    this.#study = study;
    this.#offset = study.index.end;
    this.#quotaBytes = quotaBytes;
    this.#lock = lock;
    this.wholeSlices = study.record.wholeSlices ?? 0;
  }

  get volumeId(): string {
    return this.#study.record.volumeId;
  }

  async writeBrick(brick: BrickPlanes): Promise<readonly VoxelArray[]> {
    this.#check();
    const { description } = this.#study.record;
    checkBrickSize(brick, description);
    const length = BRICK_VOXELS * bytesPerVoxel(description.voxelType);
    if (this.#state.usedBytes + length > this.#quotaBytes) {
      this.#failure = new VoxelwrightError("storage", "The storage is full; nothing of this was kept.", {
        fields: { quota: true },
      });
      throw this.#failure;
    }
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const { buffer, byteOffset, byteLength } of brick.planes) {
      bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
      at += byteLength;
    }
    this.#study.bricks.set(this.#offset, bytes);
    const { address, min, max } = brick;
    this.#written.push({ address, offset: this.#offset, length, checksum: checksum(bytes), min, max });
    this.#offset += length;
    return brick.planes;
  }

  async flush(wholeSlices?: number): Promise<void> {
    this.#check();
    this.#study.index.add(this.#written);
    for (const { address, min, max } of this.#written) {
      if (this.#study.record.origin || address.level !== 0 || !(min <= max)) continue;
      const range = this.#study.record.range ?? { min, max };
      const wider = { min: Math.min(range.min, min), max: Math.max(range.max, max) };
      this.#study.record = { ...this.#study.record, range: wider };
    }
    this.#written = [];
    this.#study.record = { ...this.#study.record, bytes: this.#offset };
    if (wholeSlices === undefined) return;
    this.#study.record = { ...this.#study.record, wholeSlices };
    this.#study.resumeAt = this.#offset;
  }

  async finish(extra: { thumbnail?: string }): Promise<StudyRecord> {
    await this.flush();
    this.#study.record = { ...this.#study.record, ...extra, state: "ready" };
    if (!this.#study.record.origin) this.#study.handles = undefined;
    this.#end();
    return this.#study.record;
  }

  async suspend(): Promise<void> {
    this.#end();
  }

  async abort(): Promise<void> {
    this.#state.studies.delete(this.volumeId);
    this.#study.journal.clear();
    this.#end();
  }

  #end(): void {
    this.#failure ??= new VoxelwrightError("argument", "This import has ended.");
    this.#lock.dispose();
  }

  #check(): void {
    if (this.#failure) throw this.#failure;
  }
}
