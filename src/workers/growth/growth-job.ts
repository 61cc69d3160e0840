import type { ProgressOptions } from "#base";
import { BRICK_EDGE, BRICK_VOXELS, type BrickPixels, bytesPerVoxel, type Dims, type VoxelArray } from "#volume";
import { VOXEL_TYPE_CODE } from "../kernel-core.ts";
import type { KernelImage } from "../kernel-data.ts";
import type { KernelThreads } from "../kernel-threads.ts";
import type { MaskProposal } from "../kernels.api.ts";
import { type Arrival, BrickFeed } from "./brick-feed.ts";
import { encodeMasks, heldPlain, joinSlotMasks, type ReachedBrick, type ReachedMasks } from "./collect.ts";
import type { GrowRequest } from "./growth.api.ts";
import type { GrowthBox } from "./growth-box.ts";
import { SlotRoom } from "./slot-room.ts";
import { Spilled } from "./spilled.ts";
import { Staging } from "./staging.ts";

const BY_VOXELS = 0;
const ALL_IN_RANGE = 1;
const BY_BITS = 2;
const NONE_IN_RANGE = 3;

/** Slots laid out ahead at most, so that threads let bricks in by themselves whose voxels are at hand; 30 MiB. */
const MOST_AHEAD = 448;

/** Slots whose memory is given to others at a time. */
const EVICTED_AT_ONCE = 16;

/** Where the voxels of bricks lie in the job's memory, if they do. */
export interface ResidentVoxels {
  addressOf(voxels: VoxelArray): number | undefined;
}

export interface GrowthInput {
  readonly image: KernelImage;
  readonly request: GrowRequest;
  readonly box: GrowthBox;
  /** In values of the voxel type. */
  readonly range: readonly [number, number];
  readonly resident: ResidentVoxels | undefined;
  /** The image's bricks hold 64³ bits of candidates; the range is 1 to 1. */
  readonly onBits: boolean;
}

/**
 * What the owner of a growth does besides waiting: brings bricks, lays out slots, lets bricks go and come back when memory is
 * short, and reads the result. `serve` may be called while threads run; `makeRoom` and `collect` may not.
 */
export class GrowthJob {
  readonly at: number;
  readonly scratch: readonly number[];
  readonly #threads: KernelThreads;
  readonly #input: GrowthInput;
  readonly #options: ProgressOptions;
  readonly #feed: BrickFeed;
  readonly #staging: Staging;
  readonly #spilled: Spilled;
  readonly #room: SlotRoom;
  readonly #runsAt: number;
  readonly #seeds = new Map<number, Dims[]>();
  /** Voxels in the job's memory that threads may read until the job ends. */
  readonly #held: VoxelArray[] = [];
  #bricks = 0;
  /** Slots laid out ahead: as many as threads may come to need. */
  #ahead = 0;
  /** Brick at which the search for one that can leave goes on. */
  #hand = 0;

  constructor(threads: KernelThreads, input: GrowthInput, options: ProgressOptions) {
    const { image, request, box, range } = input;
    const { core, arena, count } = threads;
    const { exports } = core;
    this.#threads = threads;
    this.#input = input;
    this.#options = options;
    this.#feed = new BrickFeed(image, options.signal);
    const capacity = 2 ** Math.ceil(Math.log2(64 * box.size + 64));
    this.at = arena.allocate(exports.growthJobBytes(box.size, capacity));
    const type = VOXEL_TYPE_CODE[image.voxelType];
    exports.growthInit(this.at, type, request.connectivity, ...range, ...box.counts, capacity);
    exports.growthBox(this.at, ...box.fromFirst(box.box.min), ...box.fromFirst(box.box.max));
    this.scratch = Array.from({ length: count }, () => arena.allocate(exports.growthScratchBytes()));
    const brickBytes = input.onBits ? BRICK_VOXELS / 8 : BRICK_VOXELS * bytesPerVoxel(image.voxelType);
    this.#staging = new Staging(exports, arena, brickBytes, 4 + 2 * count);
    const [bits, runs] = Spilled.roomBytes(core);
    this.#runsAt = arena.allocate(runs);
    this.#spilled = new Spilled(core, box, arena.allocate(bits), this.#runsAt);
    this.#room = new SlotRoom(exports, arena, this.at);
    this.#findResident();
    for (const seed of request.seeds) this.#placeSeed(seed);
  }

  /** Nothing is left to do. */
  get done(): boolean {
    return this.#threads.core.exports.growthPending(this.at) === 0;
  }

  /** Whether a brick that was asked for is to come, and none is there. */
  get waiting(): boolean {
    return this.#feed.outstanding && !this.#feed.ready;
  }

  /** Resolves when the next brick that was asked for is there. */
  arrival(): Promise<void> {
    return this.#feed.arrival();
  }

  /** Takes in what has come and asks for what is wanted. False when bricks wait for a slot and there is none. */
  serve(): boolean {
    const { exports } = this.#threads.core;
    for (let n = exports.growthTakeWanted(this.at); n >= 0; n = exports.growthTakeWanted(this.at)) {
      this.#feed.request(n, this.#input.box.brick(n));
    }
    let enough = true;
    while (this.#feed.ready && this.#staging.free) {
      const slot = this.#room.take();
      if (slot === undefined) {
        enough = false;
        break;
      }
      const arrival = this.#feed.take()!;
      if (!this.#admit(arrival, slot)) this.#room.give(slot);
      this.#feed.release(arrival);
    }
    this.#room.layOutAhead(this.#ahead);
    return enough;
  }

  /** Lets bricks go that have nothing to do. Returns whether there is room now. */
  makeRoom(): boolean {
    const { exports } = this.#threads.core;
    const { box } = this.#input;
    if (exports.growthStaging(this.at) === 1) return false;
    this.#room.stopLayingOut();
    exports.growthForgetDirectory(this.at);
    let evicted = 0;
    // Round and round, so that every brick stays for about as long.
    for (let n = 0; n < box.size && evicted < EVICTED_AT_ONCE; n++) {
      const number = this.#hand;
      this.#hand = (number + 1) % box.size;
      const slot = exports.growthSlotOf(this.at, number);
      if (slot === 0 || exports.growthIdle(this.at, slot) === 0) continue;
      this.#spilled.keep(number, slot);
      exports.growthEvict(this.at, slot);
      this.#room.give(slot);
      evicted++;
    }
    return evicted > 0;
  }

  report(): void {
    const fraction = Math.min(1, this.#bricks / this.#input.box.size);
    this.#options.onProgress?.({ fraction, what: `Growing: ${this.#bricks} bricks` });
  }

  /** What was reached. */
  async collect(): Promise<MaskProposal> {
    const { exports } = this.#threads.core;
    const { box, request } = this.#input;
    const numbers: number[] = [];
    for (let number = 0; number < box.size; number++) {
      if (this.#spilled.has(number) || exports.growthSlotOf(this.at, number) !== 0) numbers.push(number);
    }
    const { bricks, voxels } = await this.#masks(numbers);
    this.#options.onProgress?.({ fraction: 1, what: `Grown to ${voxels} voxels` });
    return { kind: "mask", segment: request.segment, bricks, voxels };
  }

  async #masks(numbers: readonly number[]): Promise<ReachedMasks> {
    const { core } = this.#threads;
    if (this.#spilled.any || !heldPlain(numbers.length)) return encodeMasks(core, this.#reached(numbers), this.#runsAt);
    const slots = numbers.map((number) => core.exports.growthSlotOf(this.at, number));
    const indices = numbers.map((number) => this.#input.box.index(number));
    return joinSlotMasks(indices, await this.#threads.slotMasks(slots));
  }

  /** Bricks with reached voxels, in the order of the numbers. */
  *#reached(numbers: readonly number[]): Iterable<ReachedBrick> {
    const { exports } = this.#threads.core;
    for (const number of numbers) {
      const slot = exports.growthSlotOf(this.at, number);
      const away = slot === 0 ? this.#spilled.peek(number) : undefined;
      const voxels = slot === 0 ? (away?.voxels ?? 0) : exports.growthFinish(slot);
      const bitsAt = away?.bitsAt ?? exports.growthReached(slot);
      if (voxels > 0) yield { index: this.#input.box.index(number), bitsAt, voxels };
    }
  }

  /** Tells threads where the voxels of bricks lie that are in memory. */
  #findResident(): void {
    const { image, box } = this.#input;
    const { exports } = this.#threads.core;
    for (const brick of image.residentBricks?.() ?? []) {
      const { bi, bj, bk } = brick.address;
      const number = box.number(bi - box.first[0], bj - box.first[1], bk - box.first[2]);
      if (number < 0) continue;
      const how = this.#how(brick);
      const at = how === BY_VOXELS ? this.#addressOf(brick.voxels) : 1;
      if (at === undefined) continue;
      exports.growthDirectory(this.at, number, at, how);
      if (how !== NONE_IN_RANGE && this.#ahead < MOST_AHEAD) this.#ahead++;
    }
  }

  #addressOf(voxels: VoxelArray): number | undefined {
    const at = this.#input.resident?.addressOf(voxels);
    if (at !== undefined) this.#held.push(voxels);
    return at;
  }

  #how({ min, max }: BrickPixels): number {
    const [low, high] = this.#input.range;
    if (!(min <= high && max >= low)) return NONE_IN_RANGE;
    // Minimum and maximum leave NaN voxels out, so they tell all of an integer brick only.
    const whole = this.#input.image.voxelType !== "float32" && min >= low && max <= high;
    return whole ? ALL_IN_RANGE : this.#input.onBits ? BY_BITS : BY_VOXELS;
  }

  /** Sorts a seed to its brick and asks for that. Seeds outside the region grow nothing. */
  #placeSeed(seed: readonly number[]): void {
    const { box } = this.#input;
    if (!box.contains(seed)) return;
    const number = box.numberOf(seed);
    const local = seed.map((n) => n % BRICK_EDGE) as unknown as Dims;
    const seeds = this.#seeds.get(number);
    if (seeds) {
      seeds.push(local);
      return;
    }
    this.#seeds.set(number, [local]);
    this.#threads.core.exports.growthClaim(this.at, number);
    this.#feed.request(number, box.brick(number));
  }

  /** Lets a brick in, which may be released then; false when it needs no slot. */
  #admit({ number, brick }: Arrival, slot: number): boolean {
    const { exports } = this.#threads.core;
    const how = this.#how(brick);
    if (how === NONE_IN_RANGE) {
      exports.growthEmpty(this.at, number);
      return false;
    }
    this.#bricks++;
    const resident = how === ALL_IN_RANGE ? 1 : this.#addressOf(brick.voxels);
    const at = resident ?? this.#staging.lend(brick.voxels, slot);
    exports.growthSlot(this.at, slot, number, at, how);
    for (const [i, j, k] of this.#seeds.get(number) ?? []) exports.growthSeed(this.at, slot, i, j, k);
    this.#seeds.delete(number);
    if (this.#spilled.any) this.#spilled.restore(this.at, number, slot);
    if (resident === undefined) exports.growthStage(this.at, slot, number);
    else exports.growthLetIn(this.at, slot, number);
    return true;
  }
}
