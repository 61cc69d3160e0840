import type { VoxelType } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import { VOXEL_TYPE_CODE } from "../kernel-core.ts";
import type { LabelRows } from "./label-rows.ts";
import type { BrickSums } from "./merge.ts";

const ROW_BYTES = 64;

/** Sums of 32-bit values, brick by brick: 64 bytes a label. */
export class WideSums {
  readonly #context: TaskContext;
  readonly #rows: LabelRows;
  readonly #type: number;
  readonly #wideAt: number;
  readonly #metAt: number;
  #brick = 0;

  constructor(context: TaskContext, rows: LabelRows, voxelType: VoxelType) {
    this.#context = context;
    this.#rows = rows;
    this.#type = VOXEL_TYPE_CODE[voxelType];
    const count = Math.max(1, rows.segments.length);
    this.#wideAt = context.arena.allocate(count * ROW_BYTES);
    this.#metAt = context.arena.allocate(count * 4);
  }

  /** Sums of the brick whose `count` row runs were read and whose voxels lie at `voxels`. */
  read(count: number, voxels: number): BrickSums[] {
    const { arena, core } = this.#context;
    const { runs, rowOf, segments } = this.#rows;
    const found = core.exports.statisticsWide(
      runs,
      count,
      voxels,
      this.#type,
      rowOf,
      this.#wideAt,
      ++this.#brick,
      this.#metAt,
    );
    const view = new DataView(arena.memory.buffer);
    return Array.from(new Uint32Array(arena.memory.buffer, this.#metAt, found), (row) => {
      const at = this.#wideAt + row * ROW_BYTES;
      const values = view.getInt32(at + 4, true);
      const sum = view.getFloat64(at + 16, true);
      return {
        segment: segments[row]!,
        values,
        mean: view.getFloat64(at + 8, true) + sum / values,
        squares: Math.max(0, view.getFloat64(at + 24, true) - (sum * sum) / values),
        min: view.getFloat64(at + 32, true),
        max: view.getFloat64(at + 40, true),
      };
    });
  }
}
