import { VoxelwrightError } from "#base";
import type { TaskContext } from "../crew/task.ts";
import type { KernelLabels } from "../kernel-data.ts";
import { requireRoom } from "../memory-arena.ts";
import { encodedLabels } from "../packed-labels.ts";

/** Label bytes at rest of one brick at a time in WASM memory, and which of their labels are meant. */
export class LabelBytes {
  readonly #context: TaskContext;
  readonly #bytesAt: number;
  readonly #wantedAt: number;
  readonly #all: boolean;
  #meant: readonly number[] = [];
  #seenAt: number | undefined;
  #listAt: number | undefined;
  #count = 0;
  #index = 0;

  /** `segments`: those that are meant; all when absent. */
  constructor(context: TaskContext, segments?: readonly number[]) {
    const { arena, core } = context;
    this.#context = context;
    this.#bytesAt = requireRoom(arena, core.exports.labelRunsRoom());
    this.#wantedAt = arena.allocate(65_536);
    this.#all = segments === undefined;
    if (segments) this.want(segments);
    else this.#wanted().fill(1, 1);
  }

  /** Changes which segments are meant, where not all are. */
  want(segments: readonly number[]): void {
    const wanted = this.#wanted();
    for (const segment of this.#meant) wanted[segment] = 0;
    for (const segment of segments) wanted[segment] = 1;
    this.#meant = segments;
  }

  /** Brings the bytes of a brick; false where all is background. */
  load(map: KernelLabels, index: number): boolean {
    const bytes = encodedLabels(map, index);
    if (!bytes) return false;
    new Uint8Array(this.#context.arena.memory.buffer, this.#bytesAt, bytes.length).set(bytes);
    this.#count = bytes.length;
    this.#index = index;
    return true;
  }

  /** The segments that the brick holds, meant or not, ascending. */
  segments(): number[] {
    const { arena, core } = this.#context;
    this.#seenAt ??= arena.allocate(65_536);
    this.#listAt ??= arena.allocate(131_072);
    const count = core.exports.labelRunsList(this.#bytesAt, this.#count, this.#seenAt, this.#listAt);
    return [...new Uint16Array(arena.memory.buffer, this.#listAt, count)].sort((a, b) => a - b);
  }

  /** The voxels that are meant as bits at `to`; the label they have, 0 for none, −1 for several. */
  mask(to: number): number {
    const label = this.#context.core.exports.labelRunsMask(this.#bytesAt, this.#count, this.#wantedAt, to);
    if (label === -2) throw this.#damaged();
    return label;
  }

  /** The labels that are meant as 64³ u16 at `to`, the others as 0. */
  labels(to: number): void {
    const { exports } = this.#context.core;
    if (!exports.labelRunsDecode(this.#bytesAt, this.#count, to)) throw this.#damaged();
    if (!this.#all) exports.labelsSelect(to, this.#wantedAt);
  }

  #wanted(): Uint8Array {
    return new Uint8Array(this.#context.arena.memory.buffer, this.#wantedAt, 65_536);
  }

  #damaged(): VoxelwrightError {
    return new VoxelwrightError("integrity", "A label brick is damaged.", { subject: `brick ${this.#index}` });
  }
}
