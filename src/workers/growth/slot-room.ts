import type { Arena } from "../memory-arena.ts";
import type { GrowthExports } from "./growth.exports.ts";

/** Memory for the slots of a growth: new ones within the budget, and those of bricks that left. */
export class SlotRoom {
  readonly #exports: GrowthExports;
  readonly #arena: Arena;
  readonly #job: number;
  readonly #free: number[] = [];
  #ahead = true;

  constructor(exports: GrowthExports, arena: Arena, job: number) {
    this.#exports = exports;
    this.#arena = arena;
    this.#job = job;
  }

  /** Memory of any content for a slot; undefined when there is none. */
  take(): number | undefined {
    return this.#free.pop() ?? this.#arena.room(this.#exports.growthSlotBytes()) ?? this.#takeBack();
  }

  give(slot: number): void {
    this.#free.push(slot);
  }

  /** Keeps `count` slots laid out for threads to take, as far as memory goes. */
  layOutAhead(count: number): void {
    if (!this.#ahead) return;
    for (let n = this.#exports.growthFreeSlots(this.#job); n < count; n++) {
      const slot = this.#free.pop() ?? this.#arena.room(this.#exports.growthSlotBytes());
      if (slot === undefined) return;
      this.#exports.growthFreeSlot(this.#job, slot);
    }
  }

  /** From now on threads get no slots. */
  stopLayingOut(): void {
    this.#ahead = false;
  }

  #takeBack(): number | undefined {
    return this.#exports.growthTakeFreeSlot(this.#job) || undefined;
  }
}
