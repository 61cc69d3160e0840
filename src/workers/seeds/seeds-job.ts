import type { ProgressOptions } from "#base";
import type { VoxelType } from "#volume";
import { VOXEL_TYPE_CODE } from "../kernel-core.ts";
import type { KernelImage, KernelLabels } from "../kernel-data.ts";
import { encodedLabels } from "../packed-labels.ts";
import { type ArrivedBrick, BrickReader } from "./brick-reader.ts";
import { readOutcome, SeedsBricks } from "./bricks.ts";
import { APPLY_REDRAWN, DOOM_REDRAWN, OUTCOME, type StagedItem, StepItems } from "./items.ts";
import { needsRange, planMetric, type SeedsMetric, seedKeys } from "./metric.ts";
import { Outcomes } from "./outcomes.ts";
import { brickCount, numberInBox, type SeedsPlan, tooFewSegments } from "./plan.ts";
import type { SeedsProposal } from "../kernels.api.ts";
import type { SeedsThreads } from "./seeds-threads.ts";
import { ValueSpan } from "./value-span.ts";

/** Cells that each thread runs in a step: some 3 ms, so that bricks come in soon and events are looked at. */
const RUNS = 8;

/** Share of the voxels reached from which on it takes less time to start from the beginning than to find what is doomed. */
const DOOMED_SHARE = 1 / 6;

/** What is drawn in the bricks of the box, at rest, by number in the box. */
type Drawn = ReadonlyMap<number, Uint8Array>;

/**
 * One growth from seeds and its state: keys of every voxel, as long as it is kept. `run` computes it, `update` brings it up to
 * what is drawn now; both give what a computation from the start gives. After either has thrown, the state is of no use.
 */
export class SeedsJob {
  readonly image: KernelImage;
  readonly #threads: SeedsThreads;
  readonly #metric: SeedsMetric;
  readonly #span: ValueSpan;
  readonly #job: number;
  readonly #scratch: readonly number[];
  readonly #items: StepItems;
  readonly #bricks: SeedsBricks;
  readonly #outcomes: Outcomes;
  readonly #batch: number;
  /** Bricks with something drawn that were not read yet. */
  readonly #drawnWanted = new Set<number>();
  #plan: SeedsPlan;
  #drawn: Drawn = new Map();
  #checked = false;

  private constructor(
    threads: SeedsThreads,
    image: KernelImage,
    plan: SeedsPlan,
    metric: SeedsMetric,
    span: ValueSpan,
  ) {
    this.image = image;
    this.#threads = threads;
    this.#plan = plan;
    this.#metric = metric;
    this.#span = span;
    this.#batch = Math.min(16, 2 + 2 * threads.count);
    this.#job = layOut(threads, image.voxelType, plan, metric);
    const { arena, core } = threads;
    this.#scratch = Array.from({ length: threads.count }, () => arena.allocate(core.exports.seedsScratchBytes()));
    this.#items = new StepItems(threads, this.#job, image.voxelType, this.#batch);
    this.#bricks = new SeedsBricks(threads, this.#job, plan, this.#items);
    this.#outcomes = new Outcomes(plan, metric);
  }

  /** Lays a job out in the memory of `threads`, which must be empty. Reads the image once for types whose range is needed. */
  static async create(
    threads: SeedsThreads,
    image: KernelImage,
    plan: SeedsPlan,
    options: ProgressOptions,
  ): Promise<SeedsJob> {
    const span = new ValueSpan();
    if (needsRange(image.voxelType)) await readRange(image, plan, span, options);
    const metric = planMetric(image.voxelType, span.range, { ...plan.request, segments: plan.segments });
    return new SeedsJob(threads, image, plan, metric, span);
  }

  /** Whether all state is at hand, so that it can be updated. */
  get whole(): boolean {
    return this.#bricks.whole;
  }

  /** Lines of 16 voxels run so far, as a measure of work. */
  get lines(): number {
    return this.#threads.core.exports.seedsLines(this.#job);
  }

  /** Whether `update` can do what a request asks: the same image and costs, and the same segments or more after them. */
  accepts(image: KernelImage, plan: SeedsPlan): boolean {
    const { bricks, frame, voxelType, dims } = this.image;
    const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
    if (image.bricks !== bricks || image.frame !== frame || image.voxelType !== voxelType) return false;
    const costs = ({ request }: SeedsPlan) => [request.spacingMm, request.connectivity, request.maximumCost];
    if (!same(image.dims, dims) || !same(plan.box, this.#plan.box) || !same(plan.inside, this.#plan.inside))
      return false;
    if (!same(costs(plan), costs(this.#plan))) return false;
    if (!this.#plan.segments.every((segment, n) => plan.segments[n] === segment)) return false;
    const range = needsRange(voxelType) ? this.#span.range : undefined;
    return same(planMetric(voxelType, range, { ...plan.request, segments: plan.segments }), this.#metric);
  }

  /** Computes the growth from what is drawn. */
  async run(labels: KernelLabels, options: ProgressOptions): Promise<SeedsProposal> {
    this.#drawn = readDrawn(labels, this.#plan);
    for (const brick of this.#drawn.keys()) this.#drawnWanted.add(brick);
    this.#setSeeds();
    await this.#relax(options);
    return this.#collect(false, options);
  }

  /**
   * Brings the growth up to what is drawn now, at a cost in proportion to what that changes. Gives up, with undefined, when it
   * changes so much that a growth from the start takes less time.
   */
  async update(labels: KernelLabels, plan: SeedsPlan, options: ProgressOptions): Promise<SeedsProposal | undefined> {
    const drawn = readDrawn(labels, plan);
    const restarted =
      plan.segments.length !== this.#plan.segments.length ||
      JSON.stringify(plan.request.bias) !== JSON.stringify(this.#plan.request.bias);
    const before = this.#drawn;
    this.#plan = plan;
    this.#drawn = drawn;
    this.#setSeeds();
    const redrawn = [...new Set([...before.keys(), ...drawn.keys()])].filter(
      (brick) => restarted || !equalBytes(before.get(brick), drawn.get(brick)),
    );
    const atHand = redrawn.filter((brick) => this.#bricks.atHand.has(brick));
    for (const brick of redrawn) if (drawn.has(brick) && !this.#bricks.atHand.has(brick)) this.#drawnWanted.add(brick);
    await this.#giveOut(DOOM_REDRAWN, atHand, options);
    if (!(await this.#doom(options))) return undefined;
    const doomed = [...this.#bricks.atHand.keys()].filter(
      (brick) =>
        !atHand.includes(brick) && this.#threads.core.exports.seedsHasDoomed(this.#bricks.atHand.get(brick)!) !== 0,
    );
    await this.#giveOut(APPLY_REDRAWN, atHand, options);
    await this.#giveOut(APPLY_REDRAWN, doomed, options, true);
    this.#checked = false;
    await this.#relax(options);
    return this.#collect(true, options);
  }

  #setSeeds(): void {
    const { exports } = this.#threads.core;
    seedKeys(this.#plan.segments, this.#metric, this.#plan.request.bias).forEach((key, n) => {
      exports.seedsSegment(this.#job, n + 1, this.#plan.segments[n]!, key);
    });
  }

  /** Reads bricks as they are wanted and relaxes until nothing waits. */
  async #relax(options: ProgressOptions): Promise<void> {
    const { exports } = this.#threads.core;
    const reader = new BrickReader(this.image, this.#plan, 2 * this.#batch, options.signal);
    let backlog: ArrivedBrick[] = [];
    for (;;) {
      options.signal?.throwIfAborted();
      const pending = exports.seedsPending(this.#job);
      const held = new Set(backlog.map(({ brick }) => brick));
      reader.want(this.#bricks.wanted(this.#drawnWanted).filter((brick) => !held.has(brick)));
      backlog.push(...reader.takeArrived(this.#batch - backlog.length));
      if (backlog.length === 0 && pending === 0) {
        if (!reader.outstanding) break;
        backlog.push(...(await reader.take(this.#batch)));
      }
      this.#items.clear();
      const left = backlog.filter((arrived) => !this.#stage(arrived));
      if (left.length === backlog.length && pending === 0) {
        await this.#bricks.makeRoom(left.length, this.#outcomes, () => this.#step(0, false));
        continue;
      }
      backlog = left;
      await this.#step(RUNS, false);
      this.#bricks.publish();
      this.#checkSeeds();
      this.#report(options);
    }
    this.#checkSeeds();
  }

  #stage(arrived: ArrivedBrick): boolean {
    const { brick, pixels } = arrived;
    if (!this.#bricks.stage(arrived, this.#drawn.get(brick))) return false;
    this.#drawnWanted.delete(brick);
    this.#span.add(pixels);
    return true;
  }

  /** Once all that is drawn has been read: throws `argument` unless there are seeds of two segments. */
  #checkSeeds(): void {
    if (this.#checked || this.#drawnWanted.size > 0) return;
    this.#checked = true;
    const { exports } = this.#threads.core;
    const present = this.#plan.segments.filter((_, n) => exports.seedsCount(this.#job, n + 1) > 0);
    if (present.length < 2) throw tooFewSegments();
  }

  /** Finds all that hangs on what is doomed; false when that is too much. */
  async #doom(options: ProgressOptions): Promise<boolean> {
    const { exports } = this.#threads.core;
    const before = exports.seedsDoomed(this.#job);
    const most = this.#outcomes.reached * DOOMED_SHARE;
    while (exports.seedsPending(this.#job) > 0) {
      options.signal?.throwIfAborted();
      if (exports.seedsDoomed(this.#job) - before > most) return false;
      this.#items.clear();
      await this.#step(RUNS, true);
    }
    return true;
  }

  /** Has an item done for every brick, with what is drawn in it now. */
  async #giveOut(what: number, bricks: readonly number[], options: ProgressOptions, asItWas = false): Promise<void> {
    for (let n = 0; n < bricks.length; ) {
      options.signal?.throwIfAborted();
      this.#items.clear();
      for (; n < bricks.length && this.#items.count < StepItems.MOST; n++) {
        const bytes = asItWas ? undefined : this.#drawn.get(bricks[n]!);
        if (!this.#items.fits(bytes?.length ?? 0)) break;
        this.#items.add(what, this.#bricks.atHand.get(bricks[n]!)!, 0, bytes, asItWas ? -1 : 0);
      }
      await this.#step(0, false);
    }
  }

  async #collect(updated: boolean, options: ProgressOptions): Promise<SeedsProposal> {
    const { exports } = this.#threads.core;
    const changed = [...this.#bricks.atHand].filter(([, slot]) => exports.seedsTakeChanged(slot) !== 0);
    for (let n = 0; n < changed.length; ) {
      options.signal?.throwIfAborted();
      this.#items.clear();
      const told: [number, StagedItem][] = [];
      for (; n < changed.length && this.#items.hasOut; n++) {
        told.push([changed[n]![0], this.#items.add(OUTCOME, changed[n]![1])]);
      }
      await this.#step(0, false);
      for (const [brick, item] of told) readOutcome(this.#items, item, brick, this.#outcomes);
    }
    const unreached = this.#outcomes.unreached(this.#span.largestStep(this.#metric));
    const proposal = this.#outcomes.proposal();
    const { valueStep, costStep, spatialWeight } = this.#metric;
    options.onProgress?.({ fraction: 1, what: `Grown from seeds to ${proposal.voxels} voxels` });
    return { ...proposal, report: { valueStep, costStep, spatialWeight, unreached, updated } };
  }

  #step(runs: number, dooming: boolean): Promise<void> {
    return this.#threads.seedsStep(this.#job, this.#scratch, runs, dooming);
  }

  #report({ onProgress }: ProgressOptions): void {
    if (!onProgress) return;
    const all = brickCount(this.#plan);
    onProgress({
      fraction: this.#bricks.known / all,
      what: `Growing from seeds: ${this.#bricks.known} of ${all} bricks`,
    });
  }
}

/** Sets up a job: box, costs, what is free. Ranks have as much room as keys give them. */
function layOut({ core, arena }: SeedsThreads, type: VoxelType, plan: SeedsPlan, metric: SeedsMetric): number {
  const { exports } = core;
  const { labelBits, costShift, stepUnits, maximumUnits, valueOffset, valueStep } = metric;
  const ranks = 2 ** labelBits - 1;
  const job = arena.allocate(exports.seedsJobBytes(brickCount(plan), ranks, StepItems.MOST));
  const wide = plan.request.connectivity === 26;
  const limit = (maximumUnits + 1) * 2 ** labelBits;
  const shift = costShift + labelBits;
  const code = VOXEL_TYPE_CODE[type];
  exports.seedsInit(job, wide, shift, labelBits, limit, code, valueOffset, valueStep, ...plan.counts, ranks);
  const local = (ijk: readonly number[]) =>
    ijk.map((n, axis) => n - plan.first[axis]! * 64) as [number, number, number];
  exports.seedsBox(job, ...local(plan.box.min), ...local(plan.box.max));
  stepUnits.forEach((units, direction) => exports.seedsStepUnits(job, direction, units));
  for (const label of plan.inside) exports.seedsFree(job, label);
  return job;
}

/** Copies of the label bricks of the box at rest, by number in the box. */
function readDrawn(labels: KernelLabels, plan: SeedsPlan): Drawn {
  const drawn = new Map<number, Uint8Array>();
  for (const index of labels.brickIndices()) {
    const brick = numberInBox(plan, index);
    const bytes = brick === undefined ? undefined : encodedLabels(labels, index);
    if (bytes) drawn.set(brick!, bytes.slice());
  }
  return drawn;
}

function equalBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (!a || !b || a.length !== b.length) return a === b;
  for (let n = 0; n < a.length; n++) if (a[n] !== b[n]) return false;
  return true;
}

async function readRange(
  image: KernelImage,
  plan: SeedsPlan,
  span: ValueSpan,
  { signal, onProgress }: ProgressOptions,
): Promise<void> {
  const count = brickCount(plan);
  const reader = new BrickReader(image, plan, 8, signal);
  const left = Array.from({ length: count }, (_, n) => n);
  const seen = new Set<number>();
  while (seen.size < count) {
    signal?.throwIfAborted();
    reader.want(left.filter((brick) => !seen.has(brick)));
    for (const { brick, pixels } of await reader.take(8)) {
      span.add(pixels);
      seen.add(brick);
    }
    onProgress?.({ fraction: seen.size / count, what: "Reading the range of values" });
  }
}
