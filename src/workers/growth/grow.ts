import { type ProgressOptions, VoxelwrightError } from "#base";
import {
  BRICK_EDGE,
  BRICK_VOXELS,
  brickDims,
  brickIndex,
  type BrickPixels,
  bytesPerVoxel,
  type Dims,
  type IndexBox,
} from "#volume";
import { VOXEL_TYPE_CODE } from "../kernel-core.ts";
import type { KernelThreads } from "../kernel-threads.ts";
import type { KernelImage } from "../kernel-data.ts";
import type { MaskProposal } from "../kernels.api.ts";
import { BrickFeed } from "./brick-feed.ts";
import type { GrowRequest } from "./growth.api.ts";
import { typedRange } from "./range.ts";

/**
 * Bricks that come in together, for a number of threads; two sets are held, one in use and one being filled. Few, so that their
 * voxels are still in the processor's cache when they are thresholded (16 at once take half as long again as 4).
 */
function batchFor(threads: number): number {
  return Math.min(16, 4 + 2 * threads);
}

/** Runs of bit-bricks per thread between looks at the abort signal: some 30 ms. */
const RUNS = 20_000;

const BY_VOXELS = 0;
const ALL_IN_RANGE = 1;

/**
 * Region growing out of core: every 64³ brick that the growth touches is read once, thresholded to candidate bits, and kept as
 * 64 KiB of bits until the end (`assembly/README.md` has the method). Memory: that, 32 bricks of voxels at most under way, and 12
 * bytes for each brick of the region's box. Rejects with `argument`, `limit` (the budget is spent), `not-found` (a brick is not
 * imported yet), what the brick source rejects with, or AbortError; nothing is left behind then.
 */
export async function grow(
  threads: KernelThreads,
  image: KernelImage,
  request: GrowRequest,
  options: ProgressOptions = {},
): Promise<MaskProposal> {
  options.signal?.throwIfAborted();
  const box = boxOf(image.dims, request);
  const range = typedRange(image.voxelType, request.range.low, request.range.high);
  const empty: MaskProposal = { kind: "mask", segment: request.segment, bricks: new Map(), voxels: 0 };
  if (!range || !box) return empty;
  const job = new GrowthJob(threads, image, request, box, range, options);
  return (await job.run()) ?? empty;
}

/** The region within dims; undefined when nothing of it is inside. */
function boxOf(dims: Dims, { region, seeds, range }: GrowRequest): IndexBox | undefined {
  if (Number.isNaN(range.low) || Number.isNaN(range.high)) {
    throw new VoxelwrightError("argument", "The range of a growth must be two numbers.");
  }
  for (const seed of seeds) {
    if (!seed.every((n, axis) => Number.isInteger(n) && n >= 0 && n < dims[axis]!)) {
      throw new VoxelwrightError(
        "argument",
        `Seed ${seed.join(", ")} is not a voxel of the volume (${dims.join("×")}).`,
      );
    }
  }
  const min = dims.map((_, axis) => Math.max(0, Math.ceil(region?.min[axis] ?? 0))) as unknown as Dims;
  const max = dims.map((n, axis) => Math.min(n, Math.ceil(region?.max[axis] ?? n))) as unknown as Dims;
  return min.every((n, axis) => n < max[axis]!) ? { min, max } : undefined;
}

/** A brick whose voxels, if needed, are in a staging place. */
interface Prepared {
  readonly brick: BrickPixels;
  readonly voxelsAt: number;
  readonly how: number;
}

class GrowthJob {
  readonly #threads: KernelThreads;
  readonly #image: KernelImage;
  readonly #request: GrowRequest;
  readonly #range: readonly [number, number];
  readonly #options: ProgressOptions;
  readonly #feed: BrickFeed;
  /** Bricks of the volume, first brick and brick counts of the box. */
  readonly #bricks: Dims;
  readonly #first: Dims;
  readonly #counts: Dims;
  readonly #box: IndexBox;
  readonly #slots = new Map<number, number>();
  readonly #seeds = new Map<number, Dims[]>();
  readonly #staging: [number[], number[]] = [[], []];
  #turn: 0 | 1 = 0;
  #job = 0;

  constructor(
    threads: KernelThreads,
    image: KernelImage,
    request: GrowRequest,
    box: IndexBox,
    range: readonly [number, number],
    options: ProgressOptions,
  ) {
    this.#threads = threads;
    this.#image = image;
    this.#request = request;
    this.#range = range;
    this.#options = options;
    this.#box = box;
    this.#bricks = brickDims(image.dims);
    this.#first = box.min.map((n) => Math.floor(n / BRICK_EDGE)) as unknown as Dims;
    this.#counts = box.max.map((n, axis) => Math.ceil(n / BRICK_EDGE) - this.#first[axis]!) as unknown as Dims;
    this.#feed = new BrickFeed(image, options.signal);
  }

  async run(): Promise<MaskProposal | undefined> {
    const { core, arena, count } = this.#threads;
    this.#start();
    const scratch = Array.from({ length: count }, () => arena.allocate(core.exports.growthScratchBytes()));
    this.#placeSeeds();
    const batch = batchFor(count);
    let prepared: Prepared[] = [];
    for (;;) {
      this.#options.signal?.throwIfAborted();
      this.#requestWanted();
      if (prepared.length === 0 && core.exports.growthPending(this.#job) === 0) {
        if (!this.#feed.outstanding) break;
        prepared = this.#prepare(await this.#feed.take(batch));
      }
      for (const one of prepared) this.#stage(one);
      const step = this.#threads.growthStep(this.#job, scratch, RUNS);
      try {
        prepared = this.#prepare(this.#feed.takeArrived(batch));
      } finally {
        await step;
      }
      this.#report();
    }
    return this.#collect();
  }

  #start(): void {
    const { core, arena } = this.#threads;
    const { exports } = core;
    const [ni, nj, nk] = this.#counts;
    const capacity = 2 ** Math.ceil(Math.log2(64 * ni * nj * nk + 64));
    this.#job = arena.allocate(exports.growthJobBytes(ni * nj * nk, capacity));
    const type = VOXEL_TYPE_CODE[this.#image.voxelType];
    exports.growthInit(this.#job, type, this.#request.connectivity, ...this.#range, ni, nj, nk, capacity);
    const [i0, j0, k0] = this.#fromFirst(this.#box.min);
    const [i1, j1, k1] = this.#fromFirst(this.#box.max);
    exports.growthBox(this.#job, i0, j0, k0, i1, j1, k1);
  }

  #fromFirst(ijk: readonly number[]): Dims {
    return ijk.map((n, axis) => n - this.#first[axis]! * BRICK_EDGE) as unknown as Dims;
  }

  /** Sorts seeds to their bricks and asks for these. Seeds outside the region grow nothing. */
  #placeSeeds(): void {
    const { min, max } = this.#box;
    for (const seed of this.#request.seeds) {
      if (!seed.every((n, axis) => n >= min[axis]! && n < max[axis]!)) continue;
      const [bi, bj, bk] = seed.map((n) => Math.floor(n / BRICK_EDGE)) as unknown as Dims;
      const index = brickIndex(this.#bricks, bi, bj, bk);
      const seeds = this.#seeds.get(index);
      const local = seed.map((n) => n % BRICK_EDGE) as unknown as Dims;
      if (seeds) {
        seeds.push(local);
        continue;
      }
      this.#seeds.set(index, [local]);
      const [fi, fj, fk] = this.#first;
      this.#threads.core.exports.growthClaim(this.#job, bi - fi, bj - fj, bk - fk);
      this.#feed.request([bi, bj, bk]);
    }
  }

  #requestWanted(): void {
    const [ni, nj] = this.#counts;
    const [fi, fj, fk] = this.#first;
    const { exports } = this.#threads.core;
    for (let n = exports.growthTakeWanted(this.#job); n >= 0; n = exports.growthTakeWanted(this.#job)) {
      const row = Math.floor(n / ni);
      this.#feed.request([fi + (n % ni), fj + (row % nj), fk + Math.floor(row / nj)]);
    }
  }

  /** Copies voxels that have to be looked at into staging places. May run while a step runs. */
  #prepare(arrived: readonly BrickPixels[]): Prepared[] {
    this.#turn = this.#turn === 0 ? 1 : 0;
    const places = this.#staging[this.#turn];
    const { arena } = this.#threads;
    const [low, high] = this.#range;
    const bytes = BRICK_VOXELS * bytesPerVoxel(this.#image.voxelType);
    return arrived.map((brick, n) => {
      const { voxels, min, max } = brick;
      // Minimum and maximum leave NaN voxels out, so they tell all of an integer brick only.
      const whole = this.#image.voxelType !== "float32" && min >= low && max <= high;
      if (whole || !(min <= high && max >= low)) return { brick, voxelsAt: 0, how: ALL_IN_RANGE };
      if (voxels.buffer === arena.memory.buffer) return { brick, voxelsAt: voxels.byteOffset, how: BY_VOXELS };
      const at = (places[n] ??= arena.allocate(bytes));
      const from = new Uint8Array(voxels.buffer, voxels.byteOffset, bytes);
      new Uint8Array(arena.memory.buffer, at, bytes).set(from);
      return { brick, voxelsAt: at, how: BY_VOXELS };
    });
  }

  /** Hands a prepared brick to the next step. Only between steps. */
  #stage({ brick, voxelsAt, how }: Prepared): void {
    const { core, arena } = this.#threads;
    const { bi, bj, bk } = brick.address;
    const [fi, fj, fk] = this.#first;
    const [low, high] = this.#range;
    const local: Dims = [bi - fi, bj - fj, bk - fk];
    if (!(brick.min <= high && brick.max >= low)) {
      core.exports.growthEmpty(this.#job, ...local);
      return;
    }
    const slot = arena.allocate(core.exports.growthSlotBytes());
    core.exports.growthSlot(slot, ...local);
    const index = brickIndex(this.#bricks, bi, bj, bk);
    for (const [i, j, k] of this.#seeds.get(index) ?? []) core.exports.growthSeed(slot, i, j, k);
    core.exports.growthStage(this.#job, slot, voxelsAt, how);
    this.#slots.set(index, slot);
  }

  #report(): void {
    const [ni, nj, nk] = this.#counts;
    this.#options.onProgress?.({
      fraction: this.#slots.size / (ni * nj * nk),
      what: `Growing: ${this.#slots.size} bricks`,
    });
  }

  #collect(): MaskProposal {
    const { core, arena } = this.#threads;
    const bricks = new Map<number, Uint8Array>();
    let voxels = 0;
    for (const [index, slot] of this.#slots) {
      const count = core.exports.growthCount(slot);
      if (count === 0) continue;
      voxels += count;
      const bits = new Uint8Array(BRICK_VOXELS / 8);
      bits.set(new Uint8Array(arena.memory.buffer, core.exports.growthReached(slot), bits.length));
      bricks.set(index, bits);
    }
    this.#options.onProgress?.({ fraction: 1, what: `Grown to ${voxels} voxels` });
    return { kind: "mask", segment: this.#request.segment, bricks, voxels };
  }
}
