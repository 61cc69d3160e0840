import type { AbortOptions, Disposable } from "#base";
import type { BrickPixels, BrickSource, Dims, VolumeDescription } from "#volume";

/** A study in the local cache, as the study list shows it. */
export interface StudyRecord {
  readonly volumeId: string;
  readonly description: VolumeDescription;
  /** `importing` until `finish`; such a study is removed on the next start. */
  readonly state: "importing" | "ready";
  /** ISO 8601. */
  readonly createdAt: string;
  readonly openedAt: string;
  /** Bytes of bricks in the cache. */
  readonly bytes: number;
  /** Smallest and largest stored value of the volume. */
  readonly range?: { readonly min: number; readonly max: number };
  /** Small greyscale PNG or JPEG as a data URL; absent when there is none. */
  readonly thumbnail?: string;
}

/** Takes the bricks of one import. Bytes are written and flushed before they are indexed. */
export interface StudyWriter {
  readonly volumeId: string;
  /** Takes a brick (its voxels are copied or transferred: do not touch them after). Rejects with `storage`, `quota: true` on a full disk. */
  writeBrick(brick: BrickPixels): Promise<void>;
  /** Makes what was written so far readable through `openBricks`. */
  flush(): Promise<void>;
  /** Marks the study ready. */
  finish(extra: { thumbnail?: string }): Promise<StudyRecord>;
  /** Removes everything that was written. */
  abort(): Promise<void>;
}

/** One stored journal entry: its place, its canonical text, and what a list needs without parsing the text. */
export interface StoredEntry {
  readonly volumeId: string;
  /** 0, 1, 2, … without gaps. */
  readonly sequence: number;
  /** The entry exactly as it is exported: one line of canonical JSON. */
  readonly line: string;
}

/** One label brick at rest: run-length bytes, as `labelmap` encodes them. */
export interface StoredLabelBrick {
  readonly brickIndex: number;
  /** Undefined removes the brick. */
  readonly bytes: Uint8Array | undefined;
}

/** Labels and journal of one study. */
export interface JournalStore {
  /** Appends an entry and stores the label bricks it leads to in one transaction: all of it or nothing. */
  append(entry: StoredEntry, labelBricks: readonly StoredLabelBrick[], segments: string): Promise<void>;
  /** Entry lines from a sequence number on, in order. */
  lines(fromSequence?: number): AsyncIterable<string>;
  line(sequence: number): Promise<string | undefined>;
  count(): Promise<number>;
  labelBricks(): Promise<Map<number, Uint8Array>>;
  /** The segment list as stored by the last `append`, JSON; undefined before the first. */
  segments(): Promise<string | undefined>;
}

export interface StorageEstimate {
  readonly usedBytes: number;
  readonly quotaBytes: number;
  /** True when the browser promised not to clear the cache by itself. */
  readonly persisted: boolean;
}

/** The local cache. Implementations: Dexie with OPFS pack files, Dexie with Blobs, memory (Node and tests). One contract suite. */
export interface StudyStore extends Disposable {
  list(): Promise<StudyRecord[]>;
  get(volumeId: string): Promise<StudyRecord | undefined>;
  /** Begins an import. Rejects with `storage`, `quota: true` when `expectedBytes` cannot fit. */
  create(volumeId: string, description: VolumeDescription, expectedBytes: number): Promise<StudyWriter>;
  /** Bricks of a study; works during its import for what is flushed. */
  openBricks(volumeId: string): BrickSource & Disposable;
  /** Smallest and largest stored value of each brick of a level, by brickIndex; NaN where a brick is not there. */
  brickRanges(volumeId: string, frame: number, level: number, bricks: Dims): Promise<Float32Array>;
  openJournal(volumeId: string): JournalStore;
  update(volumeId: string, change: { openedAt?: string; thumbnail?: string }): Promise<void>;
  /** Removes a study, its labels and its journal. */
  remove(volumeId: string): Promise<void>;
  /** Removes imports that were cut off and files that no study owns. Returns what was removed. */
  recover(options?: AbortOptions): Promise<string[]>;
  estimate(): Promise<StorageEstimate>;
  setting<T>(key: string): Promise<T | undefined>;
  setSetting(key: string, value: unknown): Promise<void>;
}
