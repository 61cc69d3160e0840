import { type ProgressOptions, VoxelwrightError } from "#base";
import { BRICK_VOXELS } from "#volume";
import { type BrickEdit, countEditedVoxels, diffBricks } from "./brick-edit.ts";
import { joinChanges, type LabelChange, type Touched } from "./label-change.ts";
import { maskOverBackground, paintLabels, paintMask } from "./label-paint.ts";
import type { LabelStore } from "./label-store.ts";
import { EncodedLabels } from "./encoded-bricks.ts";
import { MASK_BYTES, maskWords } from "./mask.ts";
import { labelsInRuns, paintRuns } from "./paint-runs.ts";
import type { EditRules, Proposal } from "./proposal.ts";
import { checkLabel, MAX_LABEL } from "./segment.ts";
import { followedBy, runAtOnce, runInSteps, type Steps } from "./steps.ts";

/** What a transaction needs of its labelmap. */
export interface TransactionPort {
  readonly store: LabelStore;
  /** Tells listeners, after coarser levels are dropped. */
  changed(change: LabelChange): void;
  /** The transaction is over. */
  closed(): void;
}

/** open → committing → closed, or back to open when the commit is aborted; rollback closes from either. */
type TransactionState = "open" | "committing" | "closed";

interface CountedChange extends LabelChange {
  readonly voxels: number;
}

/**
 * One user action on a labelmap. Changes are seen at once; `commit` gives them as edits, `rollback` takes them back. Only bytes of
 * touched bricks are kept meanwhile, so a growth over thousands of bricks costs no more memory than the labelmap's budget.
 */
export class LabelTransaction {
  readonly #port: TransactionPort;
  readonly #locked: ReadonlySet<number>;
  /** 1 for the labels that may be painted over. */
  readonly #paintable: Uint8Array;
  /** Touched bricks as they were. */
  readonly #before = new Map<number, Uint8Array | undefined>();
  #changedVoxels = 0;
  #state: TransactionState = "open";

  constructor(port: TransactionPort, rules: EditRules, lockedValues: Iterable<number>) {
    this.#port = port;
    this.#locked = new Set(lockedValues);
    this.#paintable = paintableLabels(rules, this.#locked);
  }

  /** False after `commit` and `rollback`. */
  get open(): boolean {
    return this.#state !== "closed";
  }

  /** Voxels changed: while open every change counts, after `commit` the voxels that differ from before. */
  get changedVoxels(): number {
    return this.#changedVoxels;
  }

  /** Bricks that this transaction has touched. */
  get touched(): Iterable<number> {
    return this.#before.keys();
  }

  /** Bytes of a brick before this transaction; `touched` tells a brick that was background from one left alone. */
  before(brickIndex: number): { readonly touched: boolean; readonly bytes: Uint8Array | undefined } {
    return { touched: this.#before.has(brickIndex), bytes: this.#before.get(brickIndex) };
  }

  /**
   * Gives the masked voxels (32 KiB of bits) the label `value` where the rules allow it; returns the voxels changed. Throws
   * `label-range` for a value that is not 0 to 65,535, `locked` for a locked one.
   */
  setMask(brickIndex: number, bits: Uint8Array, value: number): number {
    this.#checkValue(value);
    return this.#announce([this.#paint(brickIndex, bits, this.#paintable, value)]);
  }

  /** Gives voxels the labels of a brick of 64³ values where these are not 0 and the rules allow it. */
  setLabels(brickIndex: number, labels: Uint16Array): number {
    return this.#announce([this.#paintAll(brickIndex, labels)]);
  }

  /**
   * Makes the masked voxels background: those of one segment, or of any. Locked segments stay; `over` rules painting, not erasing.
   */
  erase(brickIndex: number, bits: Uint8Array, onlySegment?: number): number {
    return this.#announce([this.#paint(brickIndex, bits, this.#erasable(onlySegment), 0)]);
  }

  /** Accepts what a kernel proposed; listeners hear once. Returns the voxels changed. */
  apply(proposal: Proposal): number {
    return runAtOnce(this.#applySteps(proposal));
  }

  /** The same in turns of 10 ms, for large proposals. After an abort part of it is applied: roll back. */
  applyInSteps(proposal: Proposal, options: ProgressOptions = {}): Promise<number> {
    return runInSteps(this.#applySteps(proposal), "Accepting", options);
  }

  /** Makes every voxel of a segment background. Throws `locked` for a locked one. */
  eraseSegment(value: number): number {
    this.#checkValue(value);
    const all = new Uint8Array(MASK_BYTES).fill(0xff);
    const erasable = this.#erasable(value);
    const changes = this.#port.store.indices().map((index) => this.#paint(index, all, erasable, 0));
    return this.#announce(changes);
  }

  /** Ends the transaction and gives its edits by ascending brick; voxels that came back to what they were are not in them. */
  commit(): BrickEdit[] {
    return runAtOnce(this.#commitSteps());
  }

  /**
   * The same in turns of 10 ms; nothing can be painted meanwhile. `keep` gets the edits in the same turn as the transaction ends, so
   * that no other change comes between it and its entry: append them there. After an abort the transaction is open again.
   */
  commitInSteps<Result>(keep: (edits: BrickEdit[]) => Result, options: ProgressOptions = {}): Promise<Awaited<Result>> {
    return runInSteps(followedBy(this.#commitSteps(), keep), "Keeping the change", options) as Promise<Awaited<Result>>;
  }

  /** Ends the transaction and puts every touched brick back. */
  rollback(): void {
    if (this.#state === "closed") throw closed();
    this.#close();
    for (const [index, bytes] of this.#before) this.#port.store.restore(index, bytes);
    this.#changedVoxels = 0;
    if (this.#before.size > 0) this.#port.changed({ brickIndices: [...this.#before.keys()] });
  }

  *#applySteps(proposal: Proposal): Steps<number> {
    const changes: (CountedChange | undefined)[] = [];
    const size = proposal.bricks.size + (proposal.kind === "labels" ? (proposal.erased?.size ?? 0) : 0);
    if (proposal.kind === "labels") {
      const erasable = this.#erasable(undefined);
      for (const [index, bits] of proposal.erased ?? []) {
        changes.push(this.#paint(index, bits, erasable, 0));
        yield changes.length / size;
      }
      if (proposal.bricks instanceof EncodedLabels) {
        for (const [index, bytes] of proposal.bricks.entries) {
          changes.push(this.#paintRuns(index, bytes));
          yield changes.length / size;
        }
      } else {
        for (const [index, labels] of proposal.bricks) {
          changes.push(this.#paintAll(index, labels));
          yield changes.length / size;
        }
      }
    } else {
      this.#checkValue(proposal.segment);
      for (const [index, bits] of proposal.bricks) {
        changes.push(this.#paint(index, bits, this.#paintable, proposal.segment));
        yield changes.length / size;
      }
    }
    return this.#announce(changes);
  }

  *#commitSteps(): Steps<BrickEdit[]> {
    this.#checkOpen();
    this.#state = "committing";
    const { store } = this.#port;
    const edits: BrickEdit[] = [];
    try {
      let done = 0;
      for (const index of [...this.#before.keys()].sort((a, b) => a - b)) {
        // Encoded now, so that whoever stores the brick next does not wait for it.
        const edit = diffBricks(index, this.#before.get(index), store.bytes(index));
        if (edit) edits.push(edit);
        done++;
        yield done / this.#before.size;
        if (this.#stateNow() === "closed") throw closed();
      }
      this.#changedVoxels = countEditedVoxels(edits);
      this.#close();
      return edits;
    } finally {
      if (this.#stateNow() === "committing") this.#state = "open";
    }
  }

  /** The state, which may have changed while a step was waited for. */
  #stateNow(): TransactionState {
    return this.#state;
  }

  #close(): void {
    this.#state = "closed";
    this.#port.closed();
  }

  #paint(index: number, bits: Uint8Array, allowed: Uint8Array, value: number): CountedChange | undefined {
    if (bits.length !== MASK_BYTES)
      throw new VoxelwrightError("argument", `A mask has ${MASK_BYTES} bytes, not ${bits.length}.`);
    this.#checkOpen();
    const { store } = this.#port;
    store.check(index);
    const words = maskWords(bits);
    const extent = store.extent(index);
    if (store.holds(index)) return this.#change(index, (labels) => paintMask(labels, words, extent, allowed, value));
    if (value === 0 || allowed[0] === 0) return undefined;
    const { bytes, touched } = maskOverBackground(words, extent, value);
    if (touched.voxels === 0) return undefined;
    if (!this.#before.has(index)) this.#before.set(index, undefined);
    store.restore(index, bytes);
    return this.#counted(index, touched);
  }

  #paintAll(index: number, proposed: Uint16Array): CountedChange | undefined {
    if (proposed.length !== BRICK_VOXELS) {
      throw new VoxelwrightError("argument", `A brick has ${BRICK_VOXELS} labels, not ${proposed.length}.`);
    }
    if (this.#locked.size > 0) this.#checkValues(new Set(proposed));
    return this.#change(index, (labels) =>
      paintLabels(labels, proposed, this.#port.store.extent(index), this.#paintable),
    );
  }

  /** The same with labels at rest. */
  #paintRuns(index: number, proposed: Uint8Array): CountedChange | undefined {
    this.#checkOpen();
    const { store } = this.#port;
    store.check(index);
    if (this.#locked.size > 0) this.#checkValues(labelsInRuns(proposed));
    const before = store.bytes(index);
    const { bytes, touched } = paintRuns(before, proposed, store.extent(index), this.#paintable);
    if (touched.voxels === 0) return undefined;
    if (!this.#before.has(index)) this.#before.set(index, before);
    store.restore(index, bytes);
    return this.#counted(index, touched);
  }

  #change(index: number, paint: (labels: Uint16Array) => Touched): CountedChange | undefined {
    this.#checkOpen();
    const { store } = this.#port;
    store.check(index);
    if (!this.#before.has(index)) this.#before.set(index, store.bytes(index));
    const touched = paint(store.edit(index));
    return touched.voxels === 0 ? undefined : this.#counted(index, touched);
  }

  #counted(index: number, touched: Touched): CountedChange {
    this.#changedVoxels += touched.voxels;
    const { bricks } = this.#port.store;
    return { voxels: touched.voxels, brickIndices: [index], box: touched.box(bricks, index) };
  }

  #announce(changes: readonly (CountedChange | undefined)[]): number {
    const real = changes.filter((change) => change !== undefined);
    if (real.length > 0) this.#port.changed(joinChanges(real));
    return real.reduce((voxels, change) => voxels + change.voxels, 0);
  }

  #erasable(onlySegment: number | undefined): Uint8Array {
    if (onlySegment !== undefined) this.#checkValue(onlySegment);
    const erasable = new Uint8Array(MAX_LABEL + 1);
    if (onlySegment === undefined) erasable.fill(1);
    else erasable[onlySegment] = 1;
    for (const value of this.#locked) erasable[value] = 0;
    return erasable;
  }

  #checkOpen(): void {
    if (this.#state === "closed") throw closed();
    if (this.#state === "committing") throw new VoxelwrightError("argument", "This change of labels is being kept.");
  }

  #checkValues(values: ReadonlySet<number>): void {
    for (const value of values) if (value !== 0) this.#checkValue(value);
  }

  #checkValue(value: number): void {
    checkLabel(value);
    if (this.#locked.has(value)) {
      throw new VoxelwrightError("locked", "The segment is locked.", {
        subject: `segment ${value}`,
        advice: "Unlock it to change it.",
        fields: { segment: value },
      });
    }
  }
}

function closed(): VoxelwrightError {
  return new VoxelwrightError("argument", "This change of labels is already closed.");
}

function paintableLabels(rules: EditRules, locked: ReadonlySet<number>): Uint8Array {
  const paintable = new Uint8Array(MAX_LABEL + 1);
  if (rules.over === "all") paintable.fill(1);
  paintable[0] = 1;
  if (typeof rules.over !== "string") {
    for (const value of rules.over) {
      checkLabel(value);
      paintable[value] = 1;
    }
  }
  for (const value of locked) paintable[value] = 0;
  return paintable;
}
