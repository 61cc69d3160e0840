import { BRICK_VOXELS } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import { ChangePacker, type PackedChanges } from "../packed-changes.ts";
import type { SliceFrame } from "./frame.ts";

const BRICK_BYTES = BRICK_VOXELS * 2;

/** Collects what slices propose in bricks of the slab in hand, which leave as runs when the slab is done. */
export class ProposedBricks {
  readonly #context: TaskContext;
  readonly #frame: SliceFrame;
  readonly #packer: ChangePacker;
  /** Bricks of background, and those whose labels have left. */
  readonly #free: number[] = [];
  readonly #written: number[] = [];
  /** Bricks of the slab by index: where they lie, and voxels with a label. */
  readonly #bricks = new Map<number, { readonly at: number; voxels: number }>();
  #slab = -1;

  constructor(context: TaskContext, frame: SliceFrame) {
    this.#context = context;
    this.#frame = frame;
    this.#packer = new ChangePacker(context);
  }

  /** Adds slice z (u16 in the frame, 0 for nothing) where `existing`, a plane like it or 0, has no label. Slices ascend. */
  add(z: number, labels: number, existing: number): void {
    const { exports } = this.#context.core;
    if (this.#slab !== z >> 6) this.#flush();
    this.#slab = z >> 6;
    const { nu } = this.#frame;
    this.#frame.forEachTile(z, ({ index, u, v, countU, countV, first, strideU, strideV }) => {
      const from = (v * nu + u) * 2;
      const brick = this.#bricks.get(index) ?? { at: this.#take(), voxels: 0 };
      brick.voxels += exports.fillWrite(
        labels + from,
        existing && existing + from,
        nu,
        countU,
        countV,
        brick.at,
        first,
        strideU,
        strideV,
      );
      if (brick.voxels > 0) this.#bricks.set(index, brick);
      else this.#free.push(brick.at);
    });
  }

  finish(): PackedChanges {
    this.#flush();
    return this.#packer.finish();
  }

  #flush(): void {
    for (const [index, { at, voxels }] of this.#bricks) {
      this.#packer.addLabels(index, at, voxels);
      this.#written.push(at);
    }
    this.#bricks.clear();
  }

  /** A brick of background. */
  #take(): number {
    const { arena, core } = this.#context;
    const empty = this.#free.pop();
    if (empty !== undefined) return empty;
    const used = this.#written.pop();
    if (used === undefined) return arena.allocate(BRICK_BYTES);
    core.exports.clearBytes(used, BRICK_BYTES);
    return used;
  }
}
