import type { ProgressOptions } from "#base";
import type { KernelImage, KernelLabels } from "../kernel-data.ts";
import { type ArrivedBrick, BrickReader } from "./brick-reader.ts";
import { readOutcome, SeedsBricks } from "./bricks.ts";
import { type Drawn, readDrawn, redrawnBricks } from "./drawn.ts";
import { APPLY_REDRAWN, DOOM_REDRAWN, OUTCOME, type StagedItem, StepItems } from "./items.ts";
import { layOut } from "./lay-out.ts";
import { needsRange, planMetric, type SeedsMetric, seedKeys } from "./metric.ts";
import { Outcomes } from "./outcomes.ts";
import { brickCount, type SeedsPlan, tooFewSegments } from "./plan.ts";
import { readRange } from "./read-range.ts";
import type { SeedsProposal } from "../kernels.api.ts";
import type { SeedsThreads } from "./seeds-threads.ts";
import { ValueSpan } from "./value-span.ts";

/** Cells that each thread runs in a step: some 3 ms, so that bricks come in soon and events are looked at. */
const RUNS = 8;

/** Share of progress that reading the range of values makes, where it has to be read. */
const READING_SHARE = 0.2;

/** Share of the voxels reached from which on it takes less time to start from the beginning than to find what is doomed. */
const DOOMED_SHARE = 1 / 6;

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
  #drawn: Drawn;
  #checked = false;

  private constructor(
    threads: SeedsThreads,
    image: KernelImage,
    plan: SeedsPlan,
    drawn: Drawn,
    metric: SeedsMetric,
    span: ValueSpan,
  ) {
    this.image = image;
    this.#threads = threads;
    this.#plan = plan;
    this.#drawn = drawn;
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
    labels: KernelLabels,
    plan: SeedsPlan,
    options: ProgressOptions,
  ): Promise<SeedsJob> {
    // At once: labels may change when this has been awaited.
    const drawn = readDrawn(labels, plan);
    const span = new ValueSpan();
    if (needsRange(image.voxelType)) await readRange(image, plan, span, scaled(options, 0, READING_SHARE));
    const metric = planMetric(image.voxelType, span.range, { ...plan.request, segments: plan.segments });
    return new SeedsJob(threads, image, plan, drawn, metric, span);
  }

  /** Whether all state is at hand, so that it can be updated. */
  get whole(): boolean {
    return this.#bricks.whole;
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

  /** Computes the growth from what was drawn when the job was created. */
  async run(options: ProgressOptions): Promise<SeedsProposal> {
    for (const brick of this.#drawn.keys()) this.#drawnWanted.add(brick);
    this.#setSeeds();
    const read = needsRange(this.image.voxelType) ? READING_SHARE : 0;
    await this.#relax(scaled(options, read, 1));
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
    const redrawn = restarted ? [...new Set([...before.keys(), ...drawn.keys()])] : redrawnBricks(before, drawn);
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
      const left = backlog.filter((arrived) => !this.#stage(arrived, reader));
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

  #stage(arrived: ArrivedBrick, reader: BrickReader): boolean {
    const { brick, pixels } = arrived;
    if (!this.#bricks.stage(arrived, this.#drawn.get(brick))) return false;
    this.#drawnWanted.delete(brick);
    this.#span.add(pixels);
    reader.release(arrived);
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

/** Progress of a part as progress from `from` to `to` of the whole. */
function scaled({ signal, onProgress }: ProgressOptions, from: number, to: number): ProgressOptions {
  if (!onProgress) return { signal };
  return { signal, onProgress: ({ fraction, what }) => onProgress({ fraction: from + fraction * (to - from), what }) };
}
