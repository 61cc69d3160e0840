import { brickDims, brickExtent, type Dims } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import { blockAt, brickOfBlock, REACHED } from "./blocks.ts";
import type { LabelRows } from "./label-rows.ts";
import { CONFIGURATIONS } from "./marching-cubes.ts";

const ROW_BYTES = 144;
const PLANE_BYTES = ROW_BYTES * 65;

/** Counts configurations of 2×2×2 voxels block by block: 1 KiB a label and 0.6 MiB. */
export class CellCounter {
  readonly #context: TaskContext;
  readonly #rows: LabelRows;
  readonly #dims: Dims;
  readonly #boxAt: number;
  readonly #cellsAt: number;

  constructor(context: TaskContext, rows: LabelRows, dims: Dims) {
    this.#context = context;
    this.#rows = rows;
    this.#dims = dims;
    this.#boxAt = context.arena.scratch(context.core.exports.cellsBoxBytes());
    this.#cellsAt = context.arena.allocate(Math.max(1, rows.segments.length) * CONFIGURATIONS * 4);
  }

  /** Adds the cells of a block. */
  add(block: number): void {
    const { core } = this.#context;
    const bricks = brickDims(this.#dims);
    const at = blockAt(bricks, block);
    core.exports.clearBytes(this.#boxAt, core.exports.cellsBoxBytes());
    let own = false;
    let any = false;
    for (const step of REACHED) {
      const there: Dims = [at[0] + step[0], at[1] + step[1], at[2] + step[2]];
      const index = brickOfBlock(bricks, there);
      const bytes = index === undefined ? undefined : this.#rows.bytes(index);
      if (!bytes) continue;
      // The brick itself whole, of those after it the layer next to it.
      const extent = brickExtent(this.#dims, there);
      const [ni, nj, nk] = extent.map((n, axis) => (step[axis] === 1 ? 1 : n)) as unknown as Dims;
      const to = this.#boxAt + step[0] * 128 + step[1] * 64 * ROW_BYTES + step[2] * 64 * PLANE_BYTES;
      const written = core.exports.labelRunsCorner(bytes.at, bytes.count, ni, nj, nk, to, ROW_BYTES, PLANE_BYTES);
      if (!written) continue;
      any = true;
      if (step === REACHED[0]) own = true;
    }
    if (any) core.exports.statisticsCells(this.#boxAt, own ? 1 : 0, this.#rows.rowOf, this.#cellsAt);
  }

  /** Counts of every row's configurations, row by row; those of none and of all eight voxels are 0. */
  counts(): Uint32Array<ArrayBuffer> {
    const length = this.#rows.segments.length * CONFIGURATIONS;
    return new Uint32Array(
      this.#context.arena.memory.buffer,
      this.#cellsAt,
      length,
    ).slice() as Uint32Array<ArrayBuffer>;
  }
}
