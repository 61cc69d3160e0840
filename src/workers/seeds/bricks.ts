import type { ArrivedBrick } from "./brick-reader.ts";
import { ADMIT, OUTCOME, PUT_AWAY, RETURN, type StagedItem, type StepItems } from "./items.ts";
import type { Outcomes } from "./outcomes.ts";
import { brickCount, brickOfBox, type SeedsPlan } from "./plan.ts";
import type { SeedsThreads } from "./seeds-threads.ts";
import { noRoom, Slots } from "./slots.ts";

/** A waiting key that is none (`assembly/memory/seeds.ts`). */
const IDLE = 0x7fffffff;

/** Keys that are put away take this much of the calling thread's memory at most. */
const AWAY_BYTES = 2 ** 30;

/** A brick whose slot another needed: its keys as bytes, and its faces in memory. */
interface Away {
  readonly bytes: Uint8Array;
  readonly shell: number;
}

/** Where the bricks of a growth from seeds are: not read yet, in a slot, or put away. Called between steps only. */
export class SeedsBricks {
  /** Slots of bricks at hand, by number in the box; those longest at hand first. */
  readonly atHand = new Map<number, number>();
  readonly #away = new Map<number, Away>();
  readonly #threads: SeedsThreads;
  readonly #job: number;
  readonly #plan: SeedsPlan;
  readonly #items: StepItems;
  readonly #slots: Slots;
  #staged: [brick: number, slot: number][] = [];
  #awayBytes = 0;

  constructor(threads: SeedsThreads, job: number, plan: SeedsPlan, items: StepItems) {
    this.#threads = threads;
    this.#job = job;
    this.#plan = plan;
    this.#items = items;
    this.#slots = new Slots(threads);
  }

  /** Whether every brick that was read is at hand. */
  get whole(): boolean {
    return this.#away.size === 0;
  }

  /** Bricks that were read. */
  get known(): number {
    return this.atHand.size + this.#away.size;
  }

  /** Bricks that have no slot and that something waits in, the smallest key first; those in `first` before all others. */
  wanted(first: ReadonlySet<number>): number[] {
    const count = brickCount(this.#plan);
    const at = this.#threads.core.exports.seedsWaiting(this.#job);
    const waiting = new Int32Array(this.#threads.arena.memory.buffer, at, count * 8);
    const found: [number, number][] = [];
    for (let brick = 0; brick < count; brick++) {
      let key = first.has(brick) ? -1 : IDLE;
      for (let c = brick * 8; key >= 0 && c < brick * 8 + 8; c++) key = Math.min(key, waiting[c]!);
      if (key < IDLE && !this.atHand.has(brick)) found.push([key, brick]);
    }
    return found.sort((a, b) => a[0] - b[0]).map(([, brick]) => brick);
  }

  /** Makes items of a brick for the coming step; false, and nothing done, when there is no room for it. */
  stage({ brick, pixels }: ArrivedBrick, drawn: Uint8Array | undefined): boolean {
    const away = this.#away.get(brick);
    const bytes = away?.bytes ?? drawn;
    if (!this.#items.fits(bytes?.length ?? 0)) return false;
    const slot = this.#slots.take();
    if (slot === undefined) return false;
    const place = this.#items.takeVoxels();
    if (place === undefined) {
      this.#slots.give(slot);
      return false;
    }
    this.#items.putVoxels(place, pixels.voxels);
    const [fi, fj, fk] = this.#plan.first;
    const [bi, bj, bk] = brickOfBox(this.#plan, brick);
    this.#threads.core.exports.seedsSlot(slot, bi - fi, bj - fj, bk - fk);
    this.#items.add(away ? RETURN : ADMIT, slot, place, bytes);
    this.#staged.push([brick, slot]);
    return true;
  }

  /** After the step: lets the staged bricks take part. */
  publish(): void {
    for (const [brick, slot] of this.#staged) {
      this.#threads.core.exports.seedsPublish(this.#job, slot);
      this.atHand.set(brick, slot);
      const away = this.#away.get(brick);
      if (!away) continue;
      this.#slots.giveShell(away.shell);
      this.#awayBytes -= away.bytes.length;
      this.#away.delete(brick);
    }
    this.#staged = [];
  }

  /**
   * Puts bricks away, those longest at hand first, until `count` slots are free or no brick is at hand. Only when no cell waits.
   * Throws `limit` when not one slot comes of it, or too much is away.
   */
  async makeRoom(count: number, outcomes: Outcomes, step: () => Promise<void>): Promise<void> {
    let free = 0;
    while (free < count && this.atHand.size > 0) {
      this.#items.clear();
      const leaving: (readonly [brick: number, slot: number, shell: number, owned: boolean, StagedItem, StagedItem])[] =
        [];
      for (const [brick, slot] of this.atHand) {
        if (free + leaving.length >= count || !this.#items.hasOut) break;
        const shell = this.#slots.takeShell();
        // Without a shell its faces go where voxels are staged, until the slot is cut up.
        const faces = shell ?? this.#items.takeVoxels();
        if (faces === undefined) break;
        const keys = this.#items.add(PUT_AWAY, slot, faces);
        const outcome = this.#items.add(OUTCOME, slot);
        leaving.push([brick, slot, faces, shell !== undefined, keys, outcome]);
      }
      await step();
      for (const [brick, slot, faces, owned, keys, outcome] of leaving) {
        const bytes = this.#items.outBytes(keys);
        readOutcome(this.#items, outcome, brick, outcomes);
        let shell = faces;
        if (owned) {
          this.#slots.give(slot);
          free++;
        } else {
          this.#slots.cut(slot);
          shell = this.#slots.takeShell()!;
          const memory = new Uint8Array(this.#threads.arena.memory.buffer);
          memory.copyWithin(shell, faces, faces + this.#threads.core.exports.seedsShellBytes());
        }
        this.#threads.core.exports.seedsWithdraw(this.#job, slot, shell);
        this.#away.set(brick, { bytes, shell });
        this.#awayBytes += bytes.length;
        this.atHand.delete(brick);
      }
      if (this.#awayBytes > AWAY_BYTES) throw noRoom();
    }
    if (free === 0) throw noRoom();
  }
}

/** Takes over what an item of `OUTCOME` told. */
export function readOutcome(items: StepItems, item: StagedItem, brick: number, outcomes: Outcomes): void {
  const [reached, unreached, largest] = items.outCounts(item);
  outcomes.set(brick, { bytes: items.outBytes(item), reached, unreached, largest });
}
