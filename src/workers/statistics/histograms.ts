import { type VoxelType } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import { VOXEL_TYPE_CODE } from "../kernel-core.ts";
import type { LabelRows } from "./label-rows.ts";

/** Keys of a page, and pages of a label. */
export const PAGE_KEYS = 256;
const PAGE_BYTES = PAGE_KEYS * 4;

/** Pages taken from the arena at a time. */
const PAGES_AT_ONCE = 256;

/** Pages of several labels: for each its row and number, and its counts. Keys of a page begin at 256 times its number. */
export interface HistogramPages {
  /** 256 · row + page, ascending. */
  readonly pages: Uint32Array<ArrayBuffer>;
  /** 256 counts a page. */
  readonly counts: Uint32Array<ArrayBuffer>;
}

/**
 * Histograms of every label: 1 KiB a label and 1 KiB for every 256 values in a row that occur. They grow, so nothing may be laid out
 * in the arena after them.
 */
export class Histograms {
  readonly #context: TaskContext;
  readonly #rows: LabelRows;
  readonly #type: number;
  readonly #poolAt: number;
  readonly #tablesAt: number;

  constructor(context: TaskContext, rows: LabelRows, voxelType: VoxelType) {
    const { arena } = context;
    this.#context = context;
    this.#rows = rows;
    this.#type = VOXEL_TYPE_CODE[voxelType];
    this.#poolAt = arena.allocate(8);
    this.#tablesAt = arena.allocate(Math.max(1, rows.segments.length) * PAGE_BYTES);
    const first = arena.allocate(PAGES_AT_ONCE * PAGE_BYTES);
    new Uint32Array(arena.memory.buffer, this.#poolAt, 2).set([first, first + PAGES_AT_ONCE * PAGE_BYTES]);
  }

  /** Adds the brick whose `count` row runs were read and whose voxels lie at `voxels`. */
  add(count: number, voxels: number): void {
    const { arena, core } = this.#context;
    const { runs, rowOf } = this.#rows;
    const step = (from: number): number =>
      core.exports.statisticsHistogram(runs, from, count, voxels, this.#type, rowOf, this.#tablesAt, this.#poolAt);
    for (let done = step(0); done < count; done = step(done)) {
      // Pages follow the last ones, since nothing else is laid out meanwhile.
      const more = arena.allocate(PAGES_AT_ONCE * PAGE_BYTES);
      new Uint32Array(arena.memory.buffer, this.#poolAt, 2)[1] = more + PAGES_AT_ONCE * PAGE_BYTES;
    }
  }

  /** All pages. */
  all(): HistogramPages {
    const { buffer } = this.#context.arena.memory;
    const tables = new Uint32Array(buffer, this.#tablesAt, this.#rows.segments.length * PAGE_KEYS);
    const pages: number[] = [];
    for (let n = 0; n < tables.length; n++) if (tables[n] !== 0) pages.push(n);
    const counts = new Uint32Array(pages.length * PAGE_KEYS);
    for (const [n, page] of pages.entries())
      counts.set(new Uint32Array(buffer, tables[page]!, PAGE_KEYS), n * PAGE_KEYS);
    return { pages: Uint32Array.from(pages), counts };
  }
}
