import type { AbortOptions, Disposable, Emitter, VoxelwrightError } from "#base";
import type { BrickPixels, BrickPlanes, BrickRoom, BrickSource, Dims, VolumeDescription, VoxelArray } from "#volume";

/** A study in the local cache, as the study list shows it. */
export interface StudyRecord {
  readonly volumeId: string;
  readonly description: VolumeDescription;
  /** `importing` until `finish`; `cut-off` where nobody imports it any more: `resume` goes on. */
  readonly state: "importing" | "cut-off" | "ready";
  /** ISO 8601. */
  readonly createdAt: string;
  readonly openedAt: string;
  /** Bytes that its bricks take in the cache. */
  readonly bytes: number;
  /** Smallest and largest stored value of the volume; absent where it has an origin, of which only parts are known. */
  readonly range?: { readonly min: number; readonly max: number };
  /** Small greyscale PNG or JPEG as a data URL; absent when there is none. */
  readonly thumbnail?: string;
  /** Where bricks that are not in the cache are read from; absent where all of them are in it. */
  readonly origin?: StudyOrigin;
  /** What it was imported from; absent where it has an origin, and in rows of versions that did not keep it. */
  readonly source?: StudySource;
  /** Slices, over all frames, that an import has brought in as a whole. */
  readonly wholeSlices?: number;
  /** True once a brick did not match its checksum, until it is repaired. */
  readonly damaged?: boolean;
}

/** What an import read, to know it again. */
export interface StudySource {
  /** Of what its files say of themselves, and their sizes. */
  readonly fingerprint: string;
  /** Where it can be read again without asking; absent for files of the user. */
  readonly url?: string;
  readonly sample?: string;
}

/** Where the bricks of a new study come from. */
export interface StudyPlace {
  readonly origin?: StudyOrigin;
  readonly source?: StudySource;
  /** Files and folders of the user that it is read from, as `StudyStore.handles` keeps them. */
  readonly handles?: readonly FileSystemHandle[];
}

/** A source that a study's bricks are read from as they are needed. */
export interface StudyOrigin {
  /** Absent for files of a folder or archive, which the user has to give again in another session. */
  readonly url?: string;
  /** Address or name of the folder, for messages. */
  readonly name: string;
  /** Which series of what is found there. */
  readonly seriesId: string;
  /** Of the metadata that the cached bricks belong to. */
  readonly fingerprint: string;
}

/**
 * Takes the bricks of one import. Bytes are written and flushed before they are indexed. After a call rejected, all later ones but
 * `abort` reject with the same error.
 */
export interface StudyWriter {
  readonly volumeId: string;
  /** Slices, over all frames, whose bricks are there already: more than 0 after `resume`. */
  readonly wholeSlices: number;
  /**
   * Takes a brick and its planes: do not touch them. Resolves with their memory, of any content, to be used again, where it was not moved
   * away. Rejects with `storage`, `quota: true` on a full disk. Wait for it before the next few: that is what keeps memory flat.
   */
  writeBrick(brick: BrickPlanes): Promise<readonly VoxelArray[]>;
  /**
   * Makes what was written so far readable through `openBricks`. Happens by itself every 64 bricks. With `wholeSlices` it also says
   * that what was written is all there is of so many slices, over all frames: `resume` goes on there.
   */
  flush(wholeSlices?: number): Promise<void>;
  /** Marks the study ready. */
  finish(extra: { thumbnail?: string }): Promise<StudyRecord>;
  /** Ends the import for now; what is whole stays, for `resume`. */
  suspend(): Promise<void>;
  /** Removes everything that was written. */
  abort(): Promise<void>;
}

/** Takes bricks of a study that is ready, as they are read from its origin. */
export interface BrickAppender extends Disposable {
  /** Takes a brick (its voxels are copied or transferred); readable after `flush`. Rejects as `StudyWriter.writeBrick`. */
  writeBrick(brick: BrickPixels): Promise<void>;
  flush(): Promise<void>;
}

/** One stored journal entry: its place, its canonical text, and what a list needs without parsing the text. */
export interface StoredEntry {
  readonly volumeId: string;
  /** 0, 1, 2, … without gaps. */
  readonly sequence: number;
  /** The entry exactly as it is exported: one line of canonical JSON. */
  readonly line: string;
  /** The entry's head as JSON, as `labelmap` writes it. */
  readonly header: string;
}

/** One label brick at rest: run-length bytes, as `labelmap` encodes them. */
export interface StoredLabelBrick {
  readonly brickIndex: number;
  /** Undefined removes the brick. */
  readonly bytes: Uint8Array | undefined;
}

/** The lists of a study as JSON, as `labelmap` writes them. */
export interface StoredLists {
  readonly segments: string;
  readonly measurements: string;
}

/** Labels and journal of one study. A `JournalPort` of `labelmap`. */
export interface JournalStore {
  /**
   * Appends an entry and stores the label bricks and lists it leads to in one transaction: all of it or nothing, on the disk when it
   * resolves; the study's description too, where the entry changes it. Rejects with `storage` when the entry is not the next one, as when
   * another tab has written.
   */
  append(
    entry: StoredEntry,
    labelBricks: readonly StoredLabelBrick[],
    lists: StoredLists,
    description?: VolumeDescription,
  ): Promise<void>;
  /** Puts label bricks and lists that the entries lead to in the place of all that is stored of them, in one transaction. */
  restore(labelBricks: ReadonlyMap<number, Uint8Array>, lists: StoredLists): Promise<void>;
  /** Entry lines from a sequence number on, in order. */
  lines(fromSequence?: number): AsyncIterable<string>;
  line(sequence: number): Promise<string | undefined>;
  /** Heads of all entries, in order. */
  headers(): Promise<string[]>;
  count(): Promise<number>;
  /** Rejects with `integrity` when a brick does not match its checksum. */
  labelBricks(): Promise<Map<number, Uint8Array>>;
  /** The segment list as stored by the last `append`, JSON; undefined before the first. */
  segments(): Promise<string | undefined>;
  /** The measurements likewise; undefined also when the last `append` was by a version that had none. */
  measurements(): Promise<string | undefined>;
}

export interface StorageEstimate {
  readonly usedBytes: number;
  readonly quotaBytes: number;
  /** True when the browser promised not to clear the cache by itself. */
  readonly persisted: boolean;
}

/** What of a study's record can be changed. */
export interface StudyChange {
  readonly openedAt?: string;
  readonly thumbnail?: string;
  readonly damaged?: boolean;
}

/** The local cache. Implementations: Dexie with OPFS pack files, Dexie with Blobs, memory (Node and tests). One contract suite. */
export interface StudyStore extends Disposable {
  /** Told once when the browser or another tab closes the cache; every later call rejects with this error. */
  readonly lost: Emitter<VoxelwrightError>;
  /** Where brick bytes of new studies go. */
  readonly bytesKind: BytesKind;
  /** Newest opened first. */
  list(): Promise<StudyRecord[]>;
  get(volumeId: string): Promise<StudyRecord | undefined>;
  /**
   * Begins an import. `expectedBytes` are those of all voxels, compressed or not. Rejects with `storage`, `quota: true` when they cannot
   * fit; with `argument` when the study is there already; with `storage` while it is being imported elsewhere.
   */
  create(
    volumeId: string,
    description: VolumeDescription,
    expectedBytes: number,
    place?: StudyPlace,
  ): Promise<StudyWriter>;
  /**
   * Goes on with an import that was cut off: what was written after the last whole slices is forgotten. Rejects with `not-found`,
   * with `argument` when the study is ready, with `storage` as `create`.
   */
  resume(volumeId: string, expectedBytes: number): Promise<StudyWriter>;
  /**
   * Adds bricks to a study that is ready. Rejects with `storage` while another thread or tab adds to it, `not-found` when the study
   * is not there. Dispose it when done; what was not flushed by then may be lost.
   */
  append(volumeId: string): Promise<BrickAppender>;
  /**
   * Writes a brick of a study that is ready again where what is stored does not match its checksum; true when it did. Takes only the very
   * bytes that were stored: rejects with `source` for others, whether or not the stored ones are damaged. The voxels are copied or
   * transferred: do not touch them after.
   */
  repairBrick(volumeId: string, brick: BrickPixels): Promise<boolean>;
  /** Bricks of a study; works during its import for what is flushed. Bricks of level 0 lie in `room` as far as it goes. */
  openBricks(volumeId: string, room?: BrickRoom): BrickSource & Disposable;
  /**
   * Smallest and largest stored value of each brick of a level, by brickIndex, as pairs; NaN where a brick is not there. Rounded
   * outward where 32 bits cannot say a value.
   */
  brickRanges(volumeId: string, frame: number, level: number, bricks: Dims): Promise<Float32Array>;
  openJournal(volumeId: string): JournalStore;
  update(volumeId: string, change: StudyChange): Promise<void>;
  /**
   * The files and folders that a study is read from; undefined where none are kept. They are kept until its import is whole, and as long
   * as the study where it has an origin. Whether they may be read is for the user to say.
   */
  handles(volumeId: string): Promise<readonly FileSystemHandle[] | undefined>;
  /** Keeps others in their place. Rejects with `not-found` when the study is not there. */
  keepHandles(volumeId: string, handles: readonly FileSystemHandle[]): Promise<void>;
  /** Removes a study, its labels and its journal. Rejects with `storage` while it is open in another tab. */
  remove(volumeId: string): Promise<void>;
  /** Removes imports that were cut off before anything was whole, and files that no study owns. Returns what was removed. */
  recover(options?: AbortOptions): Promise<string[]>;
  estimate(): Promise<StorageEstimate>;
  setting<T>(key: string): Promise<T | undefined>;
  /** Undefined takes the setting out. */
  setSetting(key: string, value: unknown): Promise<void>;
  /** Keeps a study for this tab until disposed; rejects with `storage` while another tab has it. */
  lockStudy(volumeId: string): Promise<Disposable>;
  /** This browser's signing key, made on the first call; the private key cannot be exported. */
  deviceKey(): Promise<CryptoKeyPair>;
}

/** A pack file in the origin private file system, Blobs in IndexedDB, or memory. */
export type BytesKind = "opfs" | "blob" | "memory";
