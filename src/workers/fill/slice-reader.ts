import type { TaskContext } from "../crew/task.ts";
import type { KernelLabels } from "../kernel-data.ts";
import { encodedLabels } from "../packed-labels.ts";
import type { SliceFrame } from "./frame.ts";

/** Reads annotated slices or planes of a stack. */
export interface PlaneReader {
  /** Writes slice z into the plane at `to`, nu × nv of the stack (u16). */
  read(z: number, to: number): void;
}

/** Reads slices of a label map into planes of u16 in the memory of the core, from the runs of the bricks they cross. */
export class SliceReader implements PlaneReader {
  readonly #context: TaskContext;
  readonly #labels: KernelLabels;
  readonly #frame: SliceFrame;
  readonly #bytesAt: number;

  constructor(context: TaskContext, labels: KernelLabels, frame: SliceFrame) {
    this.#context = context;
    this.#labels = labels;
    this.#frame = frame;
    this.#bytesAt = context.arena.scratch(context.core.exports.labelRunsRoom());
  }

  read(z: number, to: number): void {
    const { core, arena } = this.#context;
    const { axis, nu, nv } = this.#frame;
    core.exports.clearBytes(to, nu * nv * 2);
    this.#frame.forEachTile(z, ({ index, brickU, brickV }) => {
      const bytes = encodedLabels(this.#labels, index);
      if (!bytes) return;
      new Uint8Array(arena.memory.buffer, this.#bytesAt, bytes.length).set(bytes);
      core.exports.fillSlice(this.#bytesAt, bytes.length, axis, z & 63, to, nu, nv, brickU, brickV);
    });
  }
}
