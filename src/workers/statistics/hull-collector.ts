import type { TaskContext } from "../crew/task.ts";
import type { Dims } from "#volume";
import type { LabelRows } from "./label-rows.ts";

const HEAD_BYTES = 16;

/** Collects voxels that can be corners of convex hulls, brick by brick: 8 MiB, and 8 bytes for each that is found. */
export class HullCollector {
  readonly #context: TaskContext;
  readonly #rows: LabelRows;
  readonly #headsAt: number;
  readonly #nodesAt: number;
  readonly #metAt: number;
  readonly #keysAt: number;
  readonly #found = new Map<number, Float64Array[]>();

  constructor(context: TaskContext, rows: LabelRows) {
    const { arena, core } = context;
    this.#context = context;
    this.#rows = rows;
    const count = Math.max(1, rows.segments.length);
    this.#headsAt = arena.allocate(count * HEAD_BYTES);
    this.#metAt = arena.scratch(count * 8);
    this.#nodesAt = arena.scratch(core.exports.hullNodesBytes());
    this.#keysAt = arena.scratch(core.exports.hullKeysBytes());
  }

  /** Adds a brick whose first voxel is `first` and whose `count` row runs were read. */
  add(count: number, first: Dims): void {
    const { arena, core } = this.#context;
    const { runs, rowOf } = this.#rows;
    const labels = core.exports.statisticsHull(
      runs,
      count,
      rowOf,
      this.#headsAt,
      this.#nodesAt,
      ...first,
      this.#metAt,
      this.#keysAt,
    );
    const met = new Uint32Array(arena.memory.buffer, this.#metAt, labels * 2);
    let at = this.#keysAt;
    for (let n = 0; n < labels; n++) {
      const [row, keys] = [met[n * 2]!, met[n * 2 + 1]!];
      let list = this.#found.get(row);
      if (!list) this.#found.set(row, (list = []));
      list.push(new Float64Array(arena.memory.buffer, at, keys).slice());
      at += keys * 8;
    }
  }

  /** Packed positions (`unpackPosition`), those of each row together, and how many each row has. */
  positions(): { readonly positions: Float64Array<ArrayBuffer>; readonly counts: Uint32Array<ArrayBuffer> } {
    const counts = new Uint32Array(this.#rows.segments.length);
    for (const [row, lists] of this.#found) counts[row] = lists.reduce((sum, list) => sum + list.length, 0);
    const positions = new Float64Array(counts.reduce((sum, count) => sum + count, 0));
    let at = 0;
    for (let row = 0; row < counts.length; row++) {
      for (const list of this.#found.get(row) ?? []) {
        positions.set(list, at);
        at += list.length;
      }
    }
    return { positions, counts };
  }
}
