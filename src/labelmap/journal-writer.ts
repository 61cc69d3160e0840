import { Emitter, VoxelwrightError } from "#base";
import type { ImageGridData, VolumeDescription } from "#volume";
import { type BrickEdit, invertEdits } from "./brick-edit.ts";
import { canonicalJson } from "./canonical-json.ts";
import { sha256, type Signer } from "./device-key.ts";
import { encodeEditsSteps } from "./edit-payload.ts";
import {
  BEGIN_COMMAND,
  type EntrySource,
  entrySigningText,
  gridDigest,
  type JournalEntry,
  type JsonObject,
  NO_HASH,
  parseEntryLine,
  type UnsignedEntry,
  unsignedText,
} from "./entry.ts";
import { type EntryHeader, headerOf, headerToJson, parseHeader } from "./entry-header.ts";
import { type GridChange, gridChangeOf, SPACING_COMMAND } from "./grid-change.ts";
import type { Labelmap } from "./labelmap.ts";
import type { MeasurementEdit } from "./measurement.ts";
import { invertMeasurementEdits, type MeasurementList } from "./measurement-list.ts";
import type { SegmentEdit } from "./segment.ts";
import { invertSegmentEdits, type SegmentList } from "./segment-list.ts";
import { runInSteps } from "./steps.ts";

/** The lists that an entry leads to, as their `toJson` writes them. */
export interface StoredLists {
  readonly segments: string;
  readonly measurements: string;
}

/** Where entries are kept; the store's `JournalStore` is one. */
export interface JournalPort {
  /** All of it or nothing. */
  append(
    entry: { readonly volumeId: string; readonly sequence: number; readonly line: string; readonly header: string },
    labelBricks: readonly { readonly brickIndex: number; readonly bytes: Uint8Array | undefined }[],
    lists: StoredLists,
    /** Of the study from here on, where the entry changes it. */
    description?: VolumeDescription,
  ): Promise<void>;
  line(sequence: number): Promise<string | undefined>;
  /** Heads of all entries in order. */
  headers(): Promise<string[]>;
}

export interface JournalWriterOptions {
  readonly volumeId: string;
  readonly grid: ImageGridData;
  /** Version of the program, for entry 0. */
  readonly app: string;
  readonly port: JournalPort;
  readonly signer: Signer;
  /** Asked for each entry. */
  readonly author: () => string;
  /** The live state, which entries lead to; taken back when an entry cannot be kept. */
  readonly labelmap: Labelmap;
  readonly segments: SegmentList;
  readonly measurements: MeasurementList;
  readonly now?: () => Date;
}

/** A change that is already done to the labelmap, the segments and the measurements. */
export interface JournalRecord {
  readonly command: string;
  readonly arguments: JsonObject;
  /** Default `user`. */
  readonly source?: EntrySource;
  readonly edits?: readonly BrickEdit[];
  readonly segments?: readonly SegmentEdit[];
  readonly measurements?: readonly MeasurementEdit[];
  /** Of the study after the change, where its voxels get another size: the command is `SPACING_COMMAND`. */
  readonly description?: VolumeDescription;
}

interface Pending {
  readonly record: JournalRecord;
  readonly bricks: readonly { readonly brickIndex: number; readonly bytes: Uint8Array | undefined }[];
  readonly lists: StoredLists;
  readonly time: string;
  readonly author: string;
  resolve(header: EntryHeader): void;
  reject(error: unknown): void;
}

/**
 * Appends entries to one study's journal, one after the other. When an entry cannot be kept (a full disk), the change it tells and
 * all later ones are taken back from the live state, newest first, and their calls reject with the same error: what is on screen
 * is what is kept.
 */
export class JournalWriter {
  /** Told after an entry is kept. */
  readonly appended = new Emitter<EntryHeader>();
  readonly #options: JournalWriterOptions;
  readonly #headers: EntryHeader[];
  readonly #gridChanges: GridChange[];
  readonly #queue: Pending[] = [];
  #hash: string;
  #running: Promise<void> | undefined;
  #ended = false;

  private constructor(options: JournalWriterOptions, headers: EntryHeader[], gridChanges: GridChange[], hash: string) {
    this.#options = options;
    this.#headers = headers;
    this.#gridChanges = gridChanges;
    this.#hash = hash;
  }

  /**
   * Opens a study's journal, writing entry 0 if there is none. Throws `integrity` when the journal is of another volume or grid,
   * when its last entry is damaged, or when it does not know this device's key.
   */
  static async open(options: JournalWriterOptions): Promise<JournalWriter> {
    const { port, volumeId, signer } = options;
    const headers = (await port.headers()).map(parseHeader);
    if (headers.length === 0) {
      const writer = new JournalWriter(options, [], [], NO_HASH);
      await writer.#begin();
      return writer;
    }
    const fault = (says: string): VoxelwrightError => new VoxelwrightError("integrity", says, { subject: volumeId });
    const entryAt = async (sequence: number): Promise<JournalEntry> => {
      const line = await port.line(sequence);
      if (line === undefined) throw fault(`Entry ${sequence} of the journal is missing.`);
      return parseEntryLine(line);
    };
    const { study } = await entryAt(0);
    const changes: GridChange[] = [];
    for (const { sequence, command } of headers) {
      if (command === SPACING_COMMAND) changes.push(gridChangeOf(await entryAt(sequence)));
    }
    if (study?.volumeId !== volumeId || study.grid !== (await gridDigest(changes[0]?.from ?? options.grid))) {
      throw fault("The journal belongs to another volume.");
    }
    if (!leadTo(changes, options.grid)) throw fault("The journal gives the voxels another size than the study has.");
    const last = await entryAt(headers.length - 1);
    if (last.sequence !== headers.length - 1 || (await sha256(unsignedText(last))) !== last.hash) {
      throw fault("The last entry of the journal is damaged.");
    }
    if (!headers.some((header) => header.introduces === signer.device)) {
      throw fault("The journal does not know this browser's key, so nothing can be added to it.");
    }
    return new JournalWriter(options, headers, changes, last.hash);
  }

  /** Heads of all kept entries. */
  get headers(): readonly EntryHeader[] {
    return this.#headers;
  }

  /** Kept changes of the size of voxels, in their order. */
  get gridChanges(): readonly GridChange[] {
    return this.#gridChanges;
  }

  /** Entries waiting to be kept. */
  get pending(): number {
    return this.#queue.length;
  }

  /** Hash of the last kept entry. */
  get lastHash(): string {
    return this.#hash;
  }

  /** Resolves when nothing is waiting, whether it was kept or not. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  /**
   * Keeps a change as the next entry; call it in the same step as the change itself (`commit`, `apply`), before anything else is
   * changed. Resolves when the entry is durable.
   */
  append(record: JournalRecord): Promise<EntryHeader> {
    if (this.#ended) return Promise.reject(studyClosed());
    const { labelmap, author, now = () => new Date() } = this.#options;
    // The state after this change is taken now; later changes have entries of their own.
    const bricks = (record.edits ?? []).map(({ brickIndex }) => ({
      brickIndex,
      bytes: labelmap.committedBytes(brickIndex),
    }));
    const state = { bricks, lists: this.#lists(), time: now().toISOString(), author: author() };
    return new Promise((resolve, reject) => {
      this.#queue.push({ record, ...state, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Keeps nothing more: whoever opens the journal next goes on with it. What is waiting is still kept. */
  end(): void {
    this.#ended = true;
  }

  /** The entry as kept, read from the store. Throws `not-found`. */
  async read(sequence: number): Promise<JournalEntry> {
    const line = await this.#options.port.line(sequence);
    if (line === undefined) throw new VoxelwrightError("not-found", `The journal has no entry ${sequence}.`);
    return parseEntryLine(line);
  }

  async #run(): Promise<void> {
    try {
      for (let next = this.#queue[0]; next; next = this.#queue[0]) {
        const header = await this.#keep(next).catch((error: unknown) => this.#takeBack(error));
        if (!header) continue;
        this.#queue.shift();
        next.resolve(header);
        this.appended.emit(header);
      }
    } finally {
      this.#running = undefined;
    }
  }

  async #keep({ record, bricks, lists, time, author }: Pending): Promise<EntryHeader> {
    const edits = await runInSteps(encodeEditsSteps(record.edits ?? []), "Keeping the change", {});
    const entry = await this.#sign({
      format: 1,
      sequence: this.#headers.length,
      time,
      author,
      device: this.#options.signer.device,
      command: record.command,
      arguments: record.arguments,
      source: record.source ?? "user",
      edits,
      segments: record.segments ?? [],
      ...(record.measurements?.length ? { measurements: record.measurements } : {}),
      previous: this.#hash,
    });
    return this.#store(entry, bricks, lists, record.description);
  }

  async #begin(): Promise<void> {
    const { volumeId, grid, app, signer, author, now = () => new Date() } = this.#options;
    const entry = await this.#sign({
      format: 1,
      sequence: 0,
      time: now().toISOString(),
      author: author(),
      device: signer.device,
      command: BEGIN_COMMAND,
      arguments: {},
      source: "user",
      edits: "",
      segments: [],
      previous: NO_HASH,
      study: { volumeId, grid: await gridDigest(grid), app },
      introduces: signer.key,
    });
    await this.#store(entry, [], this.#lists());
  }

  async #sign(unsigned: UnsignedEntry): Promise<JournalEntry> {
    const hash = await sha256(unsignedText(unsigned));
    return { ...unsigned, hash, signature: await this.#options.signer.sign(entrySigningText(hash)) };
  }

  async #store(
    entry: JournalEntry,
    bricks: Pending["bricks"],
    lists: StoredLists,
    description?: VolumeDescription,
  ): Promise<EntryHeader> {
    const header = await headerOf(entry);
    const { volumeId, port } = this.#options;
    const stored = { volumeId, sequence: entry.sequence, line: canonicalJson(entry), header: headerToJson(header) };
    const change = entry.command === SPACING_COMMAND ? [gridChangeOf(entry)] : [];
    await port.append(stored, bricks, lists, description);
    this.#gridChanges.push(...change);
    this.#headers.push(header);
    this.#hash = entry.hash;
    return header;
  }

  #lists(): StoredLists {
    const { segments, measurements } = this.#options;
    return { segments: segments.toJson(), measurements: measurements.toJson() };
  }

  /** Takes all waiting changes back, newest first, and an open one before them: they stand on the one that failed. */
  #takeBack(error: unknown): undefined {
    const { labelmap, segments, measurements } = this.#options;
    const waiting = this.#queue.splice(0);
    try {
      labelmap.transaction?.rollback();
      for (const { record } of waiting.toReversed()) {
        if (record.edits?.length) labelmap.apply(invertEdits(record.edits));
        segments.apply(invertSegmentEdits(record.segments ?? []));
        measurements.apply(invertMeasurementEdits(record.measurements ?? []));
      }
    } finally {
      for (const { reject } of waiting) reject(error);
    }
  }
}

/** Whether each change begins with the grid that the one before it led to, and the last one leads to `grid`. */
function leadTo(changes: readonly GridChange[], grid: ImageGridData): boolean {
  return changes.every(({ to }, n) => canonicalJson(to) === canonicalJson(changes[n + 1]?.from ?? grid));
}

/** Said of a change that comes when its study is no longer open. */
export function studyClosed(): VoxelwrightError {
  return new VoxelwrightError("argument", "The study is being closed, so the change was not made.", {
    advice: "Open it again and repeat the change.",
  });
}
