import { Emitter, VoxelwrightError } from "#base";
import { type Dims, type IndexIjk, type PyramidLevel } from "#volume";
import { applyRuns } from "./apply-runs.ts";
import type { BrickEdit } from "./brick-edit.ts";
import { joinChanges, type LabelChange } from "./label-change.ts";
import { LabelPyramid } from "./label-pyramid.ts";
import { LabelSnapshot } from "./label-snapshot.ts";
import { LabelStore, locateVoxel } from "./label-store.ts";
import type { EditRules } from "./proposal.ts";
import { followedBy, runAtOnce, runInSteps, type Steps } from "./steps.ts";
import { LabelTransaction, type TransactionPort } from "./transaction.ts";

export interface LabelmapOptions {
  /** Decoded bricks kept at level 0. Default 128 MiB: 256 bricks, more than three planes of a 512³ volume cross. */
  readonly budgetBytes?: number;
  /** Computed bricks kept of coarser levels. Default 64 MiB: four views can prepare theirs side by side (`prepareLevelBrick`). */
  readonly coarseBudgetBytes?: number;
  /** Bricks at rest to begin with, as `committedBytes` gives them. */
  readonly bricks?: Iterable<readonly [number, Uint8Array]>;
}

const MEBIBYTE = 2 ** 20;

/**
 * The labels of one volume: sparse bricks of 64³ 16-bit values at level 0, run-length bytes at rest, an absent brick is
 * background. Changes go through a transaction or are applied as edits; both are seen at once and told by `changed`.
 */
export class Labelmap {
  readonly dims: Dims;
  /** Bricks along each axis at level 0. */
  readonly bricks: Dims;
  readonly levels: readonly PyramidLevel[];
  /** Told after every change, coarser levels included. */
  readonly changed = new Emitter<LabelChange>();
  readonly #store: LabelStore;
  readonly #pyramid: LabelPyramid;
  #transaction: LabelTransaction | undefined;
  #applying = false;
  /** Ends when the edits that are being applied are in. */
  #applied: Promise<void> = Promise.resolve();

  constructor(dims: Dims, options: LabelmapOptions = {}) {
    const { budgetBytes = 128 * MEBIBYTE, coarseBudgetBytes = 64 * MEBIBYTE, bricks = [] } = options;
    this.dims = dims;
    this.#store = new LabelStore(dims, budgetBytes, bricks);
    this.#pyramid = new LabelPyramid(dims, coarseBudgetBytes, (index) => this.#store.read(index));
    this.bricks = this.#store.bricks;
    this.levels = this.#pyramid.levels;
    for (const index of this.#store.indices()) this.#pyramid.invalidate(index);
  }

  /** Label of a whole voxel index; 0 outside the volume. */
  valueAt(ijk: IndexIjk): number {
    const place = locateVoxel(this.dims, this.bricks, ijk);
    return place ? (this.#store.read(place.brickIndex)?.[place.voxel] ?? 0) : 0;
  }

  /** 64³ labels of a level-0 brick, to be read only and before the next change; undefined where all is background. */
  readBrick(brickIndex: number): Uint16Array | undefined {
    return this.#store.read(brickIndex);
  }

  /** 64³ labels of a brick of any level, to be read only and before the next change; undefined where all is background. */
  readLevelBrick(level: number, bi: number, bj: number, bk: number): Uint16Array | undefined {
    return this.#pyramid.read(level, [bi, bj, bk]);
  }

  /**
   * Computes what `readLevelBrick` needs, until about the time `until` (`performance.now()`); true when it would be quick now. So
   * labels of a large change can be shown at coarse levels without a frame that takes seconds.
   */
  prepareLevelBrick(level: number, bi: number, bj: number, bk: number, until: number): boolean {
    return this.#pyramid.prepare(level, [bi, bj, bk], until);
  }

  /** `brickIndex` of every level-0 brick that holds a label, ascending. */
  brickIndices(): number[] {
    return this.#store.indices();
  }

  /** Bytes of a brick as it is now (`encodeLabelBrick`), an open transaction's changes included. Undefined for background. */
  encodedBrick(brickIndex: number): Uint8Array | undefined {
    return this.#store.bytes(brickIndex);
  }

  /** Bytes of a brick at rest as of the last commit: what an open transaction did is not in them. Undefined for background. */
  committedBytes(brickIndex: number): Uint8Array | undefined {
    const before = this.#transaction?.before(brickIndex);
    return before?.touched ? before.bytes : this.#store.bytes(brickIndex);
  }

  /**
   * The labels as of the last commit: an open transaction, such as a preview or a stroke, is neither in them nor disturbed. Waits for
   * edits that are being applied.
   */
  async snapshot(): Promise<LabelSnapshot> {
    while (this.#applying) await this.#applied;
    const bricks = new Map<number, Uint8Array>();
    for (const index of new Set([...this.#store.knownIndices(), ...(this.#transaction?.touched ?? [])])) {
      const bytes = this.committedBytes(index);
      if (bytes) bricks.set(index, bytes);
    }
    return new LabelSnapshot(this.dims, bricks);
  }

  /** Bytes that all bricks take at rest. */
  get restingBytes(): number {
    return this.#store.restingBytes;
  }

  /** The open transaction, if there is one. */
  get transaction(): LabelTransaction | undefined {
    return this.#transaction;
  }

  /** Begins a change. One can be open at a time; throws `argument` while another is. */
  begin(rules: EditRules, lockedValues: Iterable<number> = []): LabelTransaction {
    this.#checkIdle();
    const port: TransactionPort = {
      store: this.#store,
      changed: (change) => this.#tell(change),
      closed: () => {
        this.#transaction = undefined;
      },
    };
    this.#transaction = new LabelTransaction(port, rules, lockedValues);
    return this.#transaction;
  }

  /**
   * Applies edits: all or none. Throws `integrity` when a voxel is not what an edit says it was, `argument` while a transaction is
   * open.
   */
  apply(edits: readonly BrickEdit[]): void {
    runAtOnce(this.#applySteps(edits));
  }

  /**
   * The same in turns of 10 ms; nothing else can change meanwhile. `keep` is called in the same turn as the last edit is applied:
   * append the entry there. It cannot be aborted: all or none.
   */
  applyInSteps<Result>(edits: readonly BrickEdit[], keep: () => Result): Promise<Awaited<Result>> {
    const steps = followedBy(this.#applySteps(edits), keep);
    const done = runInSteps(steps, "Changing labels", {}) as Promise<Awaited<Result>>;
    this.#applied = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  *#applySteps(edits: readonly BrickEdit[]): Steps<void> {
    this.#checkIdle();
    if (new Set(edits.map((edit) => edit.brickIndex)).size < edits.length) {
      throw new VoxelwrightError("integrity", "Two edits of one entry are about the same brick.");
    }
    this.#applying = true;
    try {
      const changed: {
        readonly brickIndex: number;
        readonly bytes: Uint8Array | undefined;
        readonly change: LabelChange;
      }[] = [];
      for (const edit of edits) {
        changed.push(this.#edited(edit));
        yield changed.length / edits.length;
      }
      for (const { brickIndex, bytes } of changed) this.#store.restore(brickIndex, bytes);
      if (changed.length > 0) this.#tell(joinChanges(changed.map(({ change }) => change)));
    } finally {
      this.#applying = false;
    }
  }

  /** A brick after an edit; nothing is changed yet. */
  #edited({ brickIndex, runs }: BrickEdit) {
    this.#store.check(brickIndex);
    const fault = (says: string): VoxelwrightError =>
      new VoxelwrightError("integrity", says, { subject: `brick ${brickIndex}`, fields: { brickIndex } });
    const { bytes, touched } = applyRuns(this.#store.bytes(brickIndex), runs, this.#store.extent(brickIndex), fault);
    return { brickIndex, bytes, change: { brickIndices: [brickIndex], box: touched.box(this.bricks, brickIndex) } };
  }

  #tell(change: LabelChange): void {
    for (const index of change.brickIndices) this.#pyramid.invalidate(index);
    this.changed.emit(change);
  }

  #checkIdle(): void {
    if (this.#transaction || this.#applying) {
      throw new VoxelwrightError("argument", "Another change of labels is under way.", {
        advice: "Finish or cancel it first.",
      });
    }
  }
}

/** Applies one edit; see `Labelmap.apply`. */
export function applyEdit(labelmap: Labelmap, edit: BrickEdit): void {
  labelmap.apply([edit]);
}
