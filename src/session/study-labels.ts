import { type Disposable, DisposableStack, type ProgressOptions, type ReadonlySignal, signal } from "#base";
import {
  type EditRules,
  type EntryHeader,
  History,
  type JournalRecord,
  JournalWriter,
  type Labelmap,
  type LabelSnapshot,
  type LabelTransaction,
  type Measurement,
  type MeasurementEdit,
  type MeasurementList,
  moveWithVoxels,
  type Segment,
  type SegmentEdit,
  type SegmentList,
  type Signer,
  SPACING_COMMAND,
} from "#labelmap";
import type { JournalStore } from "#storage";
import { ImageGrid, type VolumeDescription } from "#volume";
import { EditQueue } from "./edit-queue.ts";
import { type LabelsState, readLabelsState } from "./labels-state.ts";

export interface StudyLabelsOptions {
  readonly volumeId: string;
  readonly grid: ImageGrid;
  readonly journal: JournalStore;
  readonly signer: Signer;
  readonly author: () => string;
  /** Version of the program, for the first entry. */
  readonly app: string;
}

/** How long the end of a study waits for a change that is under way. */
const END_WAITS_MS = 5000;

/** Whether everything that is seen is also kept. */
export type SavedState =
  | { readonly kind: "saved" }
  | { readonly kind: "saving" }
  | { readonly kind: "failed"; readonly reason: string };

export interface HistoryState {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly undoCommand: string | undefined;
  readonly redoCommand: string | undefined;
  readonly headers: readonly EntryHeader[];
}

/**
 * The labels half of an open study: labelmap, segments, journal and history. Every change is one entry of the journal and durable
 * when its promise resolves; a change that cannot be kept is taken back.
 */
export class StudyLabels implements Disposable {
  readonly labelmap: Labelmap;
  readonly segments: SegmentList;
  readonly measurements: MeasurementList;
  readonly queue = new EditQueue();
  readonly history: History;
  readonly journal: JournalWriter;
  readonly store: JournalStore;
  /** Whether what was stored of the labels was damaged, so that the journal was done once more. */
  readonly restored: boolean;
  readonly #segmentSignal = signal<readonly Segment[]>([]);
  readonly #measurementSignal = signal<readonly Measurement[]>([]);
  readonly #historySignal = signal<HistoryState>({
    canUndo: false,
    canRedo: false,
    undoCommand: undefined,
    redoCommand: undefined,
    headers: [],
  });
  readonly #saved = signal<SavedState>({ kind: "saved" });
  /** Ends when the entry that is being stored is kept or taken back. */
  #kept: Promise<unknown> = Promise.resolve();
  readonly #owned = new DisposableStack();

  private constructor(options: StudyLabelsOptions, state: LabelsState, journal: JournalWriter, restored: boolean) {
    this.restored = restored;
    const { labelmap, segments, measurements } = state;
    this.labelmap = labelmap;
    this.segments = segments;
    this.measurements = measurements;
    this.journal = journal;
    this.store = options.journal;
    this.history = this.#owned.add(new History({ writer: journal, ...state }));
    this.#owned.add(segments.changed.on(() => this.#showSegments()));
    this.#owned.add(measurements.changed.on(() => this.#showMeasurements()));
    this.#owned.add(this.history.changed.on(() => this.#showHistory()));
    this.#showSegments();
    this.#showMeasurements();
    this.#showHistory();
  }

  /** Reads labels, segments, measurements and the journal's heads from the store; begins the journal of a new study. */
  static async open(options: StudyLabelsOptions): Promise<StudyLabels> {
    const { journal, grid, volumeId, app, signer, author } = options;
    const { state, restored } = await readLabelsState(journal, grid.dims);
    const writer = await JournalWriter.open({
      volumeId,
      grid: grid.toData(),
      app,
      port: journal,
      signer,
      author,
      ...state,
    });
    return new StudyLabels(options, state, writer, restored);
  }

  get segmentList(): ReadonlySignal<readonly Segment[]> {
    return this.#segmentSignal;
  }

  get measurementList(): ReadonlySignal<readonly Measurement[]> {
    return this.#measurementSignal;
  }

  get historyState(): ReadonlySignal<HistoryState> {
    return this.#historySignal;
  }

  get saved(): ReadonlySignal<SavedState> {
    return this.#saved;
  }

  /** Opens a transaction under the rules, with what is locked now. The caller holds the queue. */
  begin(rules: EditRules): LabelTransaction {
    return this.labelmap.begin(rules, this.segments.lockedValues());
  }

  /**
   * Commits a transaction as one step of the history, together with changes of segments. Returns the voxels changed; a change of
   * nothing leaves no entry. The caller holds the queue.
   */
  async record(
    command: string,
    args: object,
    transaction: LabelTransaction | undefined,
    segments: readonly SegmentEdit[] = [],
  ): Promise<number> {
    const edits = transaction?.commit() ?? [];
    if (edits.length === 0 && segments.length === 0) return 0;
    if (segments.length > 0) this.segments.apply(segments);
    const changed = transaction?.changedVoxels ?? 0;
    await this.#append({ command, arguments: args as JournalRecord["arguments"], edits, segments });
    return changed;
  }

  /**
   * The same for large changes: in turns that leave the page responsive. Changes of segments come with changed voxels; without any
   * there is no entry.
   */
  async recordInSteps(
    command: string,
    args: object,
    transaction: LabelTransaction,
    options: ProgressOptions = {},
    segments: readonly SegmentEdit[] = [],
  ): Promise<number> {
    await transaction.commitInSteps((edits) => {
      if (edits.length === 0) return undefined;
      this.segments.apply(segments);
      return this.#append({ command, arguments: args as JournalRecord["arguments"], edits, segments });
    }, options);
    return transaction.changedVoxels;
  }

  /** Changes labels as one step, in turn with all other changes. `work` that throws leaves nothing changed. */
  change(
    command: string,
    args: object,
    rules: EditRules,
    work: (transaction: LabelTransaction) => void | Promise<void>,
  ): Promise<number> {
    return this.queue.run(async () => {
      const transaction = this.begin(rules);
      try {
        await work(transaction);
      } catch (error) {
        if (transaction.open) transaction.rollback();
        throw error;
      }
      return this.record(command, args, transaction);
    });
  }

  /** Changes segments as one step; `plan` sees the list as it is when its turn comes. */
  changeSegments(command: string, args: object, plan: () => readonly (SegmentEdit | undefined)[]): Promise<number> {
    return this.queue.run(() => {
      const edits = plan().filter((edit) => edit !== undefined);
      return this.record(command, args, undefined, edits);
    });
  }

  /**
   * Changes measurements as one step, in turn with undo and redo but beside changes of labels: an open preview or stroke is left as it
   * is. `plan` sees the list as it is when its turn comes; a change of nothing leaves no entry.
   */
  changeMeasurements(
    command: string,
    args: object,
    plan: () => readonly (MeasurementEdit | undefined)[],
  ): Promise<readonly MeasurementEdit[]> {
    return this.history.between(async () => {
      const measurements = plan().filter((edit) => edit !== undefined);
      if (measurements.length === 0) return measurements;
      this.measurements.apply(measurements);
      await this.#append({ command, arguments: args as JournalRecord["arguments"], measurements });
      return measurements;
    });
  }

  /**
   * Gives the voxels the sizes of `description` as one entry, in turn with all other changes. Labels stay as they are and measurements on
   * their voxels. This object takes no changes after it: the study has to be opened anew.
   */
  changeSpacing(grid: ImageGrid, description: VolumeDescription): Promise<void> {
    const change = { from: grid.toData(), to: description.grid };
    const { spacingMm } = new ImageGrid(description.grid);
    return this.queue.run(() =>
      this.history.between(async () => {
        const moved = this.measurements
          .list()
          .map((measurement) => this.measurements.planChange(measurement.id, moveWithVoxels(measurement, change)));
        const measurements = moved.filter((edit) => edit !== undefined);
        this.measurements.apply(measurements);
        await this.#append({
          command: SPACING_COMMAND,
          arguments: { spacingMm, ...change } as unknown as JournalRecord["arguments"],
          measurements,
          description,
        });
        this.journal.end();
        void this.queue.end();
        void this.history.end();
      }),
    );
  }

  undo(): Promise<number | undefined> {
    return this.queue.run(() => this.#saving(async () => (await this.history.undo())?.entry));
  }

  redo(): Promise<number | undefined> {
    return this.queue.run(() => this.#saving(async () => (await this.history.redo())?.entry));
  }

  /**
   * The labels as of the last entry that is kept. An open preview or stroke is not in them and is left open; an entry that is being
   * stored is waited for, since one that cannot be is taken back.
   */
  async snapshot(): Promise<LabelSnapshot> {
    let kept: Promise<unknown>;
    do {
      kept = this.#kept;
      await kept;
    } while (kept !== this.#kept);
    return this.labelmap.snapshot();
  }

  /**
   * Takes no changes any more; resolves when those under way are kept or given up. A change that takes too long, as a stroke that is held,
   * is not waited for: nothing of it can reach the journal after.
   */
  async end(): Promise<void> {
    const ended = Promise.all([this.queue.end(), this.history.end()]);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, END_WAITS_MS);
    });
    await Promise.race([ended, late]);
    clearTimeout(timer);
    this.journal.end();
    await this.journal.idle();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #append(record: JournalRecord): Promise<EntryHeader> {
    return this.#saving(() => this.journal.append(record));
  }

  async #saving<T>(work: () => Promise<T>): Promise<T> {
    this.#saved.value = { kind: "saving" };
    const done = work();
    this.#kept = done.catch(() => undefined);
    try {
      return await done;
    } finally {
      // What cannot be kept is taken back, so what is seen is always what is kept.
      this.#saved.value = { kind: "saved" };
    }
  }

  #showSegments(): void {
    this.#segmentSignal.value = this.segments.list();
  }

  #showMeasurements(): void {
    this.#measurementSignal.value = this.measurements.list();
  }

  #showHistory(): void {
    const { canUndo, canRedo, undoCommand, redoCommand } = this.history;
    this.#historySignal.value = { canUndo, canRedo, undoCommand, redoCommand, headers: this.journal.headers };
  }
}
