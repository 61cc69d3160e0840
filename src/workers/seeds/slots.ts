import { VoxelwrightError } from "#base";
import type { KernelMemory } from "../memory-arena.ts";
import { OR_RAISE_BUDGET } from "../raise-budget.ts";

/** The memory that bricks of a growth from seeds take: slots of those at hand, shells of those that were put away. */
export class Slots {
  readonly #memory: KernelMemory;
  readonly #free: number[] = [];
  readonly #shells: number[] = [];

  constructor(memory: KernelMemory) {
    this.#memory = memory;
  }

  /** A slot of any content, or undefined when the budget is spent. */
  take(): number | undefined {
    return this.#free.pop() ?? this.#memory.arena.room(this.#memory.core.exports.seedsSlotBytes());
  }

  give(slot: number): void {
    this.#free.push(slot);
  }

  /** A shell, or undefined when a slot has to be cut up for more. */
  takeShell(): number | undefined {
    return this.#shells.pop();
  }

  giveShell(shell: number): void {
    this.#shells.push(shell);
  }

  /** Cuts a slot up into shells. */
  cut(slot: number): void {
    const { exports } = this.#memory.core;
    const bytes = exports.seedsShellBytes();
    for (let at = slot; at + bytes <= slot + exports.seedsSlotBytes(); at += bytes) this.#shells.push(at);
  }
}

/** Said when not even a few bricks find room. */
export function noRoom(): VoxelwrightError {
  return new VoxelwrightError("limit", "The memory budget is too small for this growth from seeds.", {
    advice: `Limit the region to a box${OR_RAISE_BUDGET}.`,
  });
}
