import { BRICK_VOXELS } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import type { Connectivity, KernelLabels } from "../kernel-data.ts";
import { requireRoom } from "../memory-arena.ts";
import { LabelBytes } from "./label-bytes.ts";
import { extentOf, PieceBlock } from "./piece-block.ts";

/** The pieces of the segments of one brick at a time. Holds 8 MiB. */
export class BrickPieces {
  readonly #bytes: LabelBytes;
  readonly #labelsAt: number;
  readonly block: PieceBlock;

  /** `segments`: those whose pieces are found; all when absent. */
  constructor(context: TaskContext, segments?: readonly number[]) {
    this.#bytes = new LabelBytes(context, segments);
    this.block = new PieceBlock(context);
    // Rows are compared a voxel to either side, so there is room around.
    this.#labelsAt = requireRoom(context.arena, BRICK_VOXELS * 2 + 128) + 64;
  }

  /** Finds the pieces of a brick; returns how many there are. */
  find(map: KernelLabels, index: number, connectivity: Connectivity): number {
    this.block.clear();
    if (!this.#bytes.load(map, index)) return 0;
    const segment = this.#bytes.mask(this.block.set);
    if (segment === 0) return 0;
    const several = segment < 0;
    if (several) this.#bytes.labels(this.#labelsAt);
    const labels = several ? this.#labelsAt : 0;
    return this.block.join({ extent: extentOf(map.dims, index), labels, segment, connectivity, planar: false });
  }
}
