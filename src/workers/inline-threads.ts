import { yieldToEvents } from "#base";
import { copySlotMasks, type SlotMasks } from "./growth/collect.ts";
import type { KernelCore } from "./kernel-core.ts";
import type { KernelThreads } from "./kernel-threads.ts";
import type { Arena } from "./memory-arena.ts";

/** Work done before events are looked at, in milliseconds: half a frame. */
const SLICE_MS = 8;

/** Runs of bit-bricks between looks at the clock: about a millisecond. */
const RUNS = 1000;

/** One thread: the calling one. Events are handled every 8 ms. */
export class InlineThreads implements KernelThreads {
  readonly count = 1;
  readonly concurrent = false;
  readonly core: KernelCore;
  readonly arena: Arena;
  #lastYield = performance.now();

  constructor(core: KernelCore, arena: Arena) {
    this.core = core;
    this.arena = arena;
  }

  async growthRun(job: number, scratch: readonly number[]): Promise<void> {
    const { exports } = this.core;
    do exports.growthRun(job, scratch[0]!, RUNS, 1);
    while (performance.now() - this.#lastYield < SLICE_MS && exports.growthReady(job) === 1);
    if (performance.now() - this.#lastYield < SLICE_MS) return;
    await yieldToEvents();
    this.#lastYield = performance.now();
  }

  async slotMasks(slots: readonly number[]): Promise<readonly SlotMasks[]> {
    return [copySlotMasks(this.core, slots)];
  }
}
