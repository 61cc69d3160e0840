import { type Disposable, Emitter, VoxelwrightError } from "#base";
import { invertEdits } from "./brick-edit.ts";
import { decodeEdits } from "./edit-payload.ts";
import type { JournalEntry } from "./entry.ts";
import { type EntryHeader, REDO_COMMAND, UNDO_COMMAND } from "./entry-header.ts";
import { movedEdits, SPACING_COMMAND } from "./grid-change.ts";
import { type JournalWriter, studyClosed } from "./journal-writer.ts";
import type { Labelmap } from "./labelmap.ts";
import { invertMeasurementEdits, type MeasurementList } from "./measurement-list.ts";
import { invertSegmentEdits, type SegmentList } from "./segment-list.ts";

export interface HistoryOptions {
  readonly writer: JournalWriter;
  readonly labelmap: Labelmap;
  readonly segments: SegmentList;
  readonly measurements: MeasurementList;
}

/** What undo or redo did: the entry it was about and the entry it made. */
export interface HistoryStep {
  /** The entry taken back or done again. */
  readonly entry: number;
  readonly command: string;
  /** The entry that says so. */
  readonly appended: number;
}

/**
 * Undo and redo without a limit of depth, over what the journal says. An undo is an entry of its own whose edits are the inverse;
 * so the history survives a reload and the journal stays whole. Edits are read from the store when they are needed.
 */
export class History implements Disposable {
  readonly changed = new Emitter<void>();
  readonly #options: HistoryOptions;
  /** Sequence numbers of what can be undone, and of what can be redone, the next one last. */
  readonly #done: number[] = [];
  #undone: number[] = [];
  #commands = new Map<number, string>();
  #last: Promise<unknown> = Promise.resolve();
  #ended = false;
  readonly #listening: Disposable;

  constructor(options: HistoryOptions) {
    this.#options = options;
    for (const header of options.writer.headers) this.#take(header);
    this.#listening = options.writer.appended.on((header) => {
      this.#take(header);
      this.changed.emit();
    });
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** Whether an entry stands: it was made, and is not undone. */
  isDone(sequence: number): boolean {
    return this.#done.includes(sequence);
  }

  /** Command that the next undo takes back. */
  get undoCommand(): string | undefined {
    return this.#commands.get(this.#done.at(-1) ?? -1);
  }

  /** Command that the next redo does again. */
  get redoCommand(): string | undefined {
    return this.#commands.get(this.#undone.at(-1) ?? -1);
  }

  /** Takes back the last user action; undefined when there is none. Throws `argument` while a change is open. */
  undo(): Promise<HistoryStep | undefined> {
    return this.#inTurn(() => this.#step("undo"));
  }

  /** Does the last undone action again; undefined when there is none. Throws `argument` while a change is open. */
  redo(): Promise<HistoryStep | undefined> {
    return this.#inTurn(() => this.#step("redo"));
  }

  dispose(): void {
    this.#listening.dispose();
  }

  /** Does `run` when all steps asked for before it are done, and holds the next ones back until it ends. */
  between<T>(run: () => Promise<T>): Promise<T> {
    return this.#inTurn(run);
  }

  /** Takes no more steps; resolves when those asked for before have ended. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#last;
  }

  /** Steps asked for quickly one after the other are done one after the other. */
  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    if (this.#ended) return Promise.reject(studyClosed());
    const result = this.#last.then(run);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #step(direction: "undo" | "redo"): Promise<HistoryStep | undefined> {
    const { writer, labelmap, segments, measurements } = this.#options;
    const next = (): number | undefined => (direction === "undo" ? this.#done : this.#undone).at(-1);
    let entry: JournalEntry | undefined;
    // Reading takes a while; what was kept meanwhile may be the action to take back now.
    while (true) {
      await writer.idle();
      const target = next();
      if (target === undefined) return undefined;
      if (entry?.sequence === target) break;
      entry = await writer.read(target);
    }
    if (labelmap.transaction) {
      throw new VoxelwrightError("argument", "A change of labels is under way.", {
        advice: "Finish or cancel it first.",
      });
    }
    const forward = {
      edits: decodeEdits(entry.edits),
      segments: entry.segments,
      measurements: movedEdits(entry.measurements ?? [], entry.sequence, writer.gridChanges),
    };
    const backward = {
      edits: invertEdits(forward.edits),
      segments: invertSegmentEdits(forward.segments),
      measurements: invertMeasurementEdits(forward.measurements),
    };
    const change = direction === "undo" ? backward : forward;
    const { sequence } = entry;
    const record =
      direction === "undo"
        ? { command: UNDO_COMMAND, arguments: { undoes: sequence } }
        : { command: REDO_COMMAND, arguments: { redoes: sequence } };
    const appended = await labelmap.applyInSteps(change.edits, () => {
      try {
        measurements.apply(change.measurements);
        try {
          segments.apply(change.segments);
        } catch (error) {
          measurements.apply(invertMeasurementEdits(change.measurements));
          throw error;
        }
      } catch (error) {
        labelmap.apply(invertEdits(change.edits));
        throw error;
      }
      return writer.append({ ...record, ...change });
    });
    return { entry: sequence, command: entry.command, appended: appended.sequence };
  }

  #take(header: EntryHeader): void {
    const { sequence, command, undoes, redoes } = header;
    if (undoes !== undefined) this.#move(this.#done, this.#undone, undoes);
    else if (redoes !== undefined) this.#move(this.#undone, this.#done, redoes);
    else if (command !== SPACING_COMMAND && header.changes && header.source !== "remote") {
      this.#done.push(sequence);
      this.#commands.set(sequence, command);
      this.#undone = [];
    }
  }

  #move(from: number[], to: number[], sequence: number): void {
    if (from.at(-1) !== sequence) {
      throw new VoxelwrightError("integrity", `The journal takes entry ${sequence} back or does it again out of turn.`);
    }
    from.pop();
    to.push(sequence);
  }
}
