import { BRICK_VOXELS, type Dims } from "#volume";
import { BrickRuns, type RestingBytes } from "../brick-runs.ts";
import type { TaskContext } from "../crew/task.ts";
import type { KernelLabels } from "../kernel-data.ts";
import { restingBytes } from "../resting-bytes.ts";

const LABELS = 65_536;
const NO_ROW = 0xffff;

/** The labels of a task's bricks, numbered in rows, and the bricks as row runs: 3 MiB and the numbers. */
export class LabelRows {
  /** Labels by row, ascending. */
  readonly segments: readonly number[];
  /** Address of the row of each label. */
  readonly rowOf: number;
  readonly #context: TaskContext;
  readonly #bytes: RestingBytes;
  readonly #runs: BrickRuns;
  readonly #wanted: boolean;

  /** Rows for the labels of all bricks of the map, or for those of them that are `wanted`. */
  constructor(context: TaskContext, labels: KernelLabels, wanted?: readonly number[]) {
    const { arena } = context;
    this.#context = context;
    this.#wanted = wanted !== undefined;
    this.#bytes = restingBytes(labels);
    this.#runs = new BrickRuns(context);
    this.rowOf = arena.scratch(LABELS * 2);
    this.segments = wanted ? wanted.toSorted((a, b) => a - b) : this.#present(labels);
    const rowOf = new Uint16Array(arena.memory.buffer, this.rowOf, LABELS).fill(NO_ROW);
    for (const [row, segment] of this.segments.entries()) rowOf[segment] = row;
  }

  /** Address of the row runs of the brick read last. */
  get runs(): number {
    return this.#runs.at;
  }

  /** Puts a brick's bytes at rest into memory; undefined where all is background. */
  bytes(brickIndex: number): { readonly at: number; readonly count: number } | undefined {
    return this.#runs.bytes(this.#bytes, brickIndex);
  }

  /** Reads the row runs of wanted labels within the first voxels of a brick; their number. */
  read(brickIndex: number, extent: Dims): number {
    const count = this.#runs.read(this.#bytes, brickIndex, extent);
    return this.#wanted ? this.#context.core.exports.statisticsKeep(this.runs, count, this.rowOf) : count;
  }

  #present(labels: KernelLabels): number[] {
    const { arena, core } = this.#context;
    // Flags lie where runs come later; both are scratch.
    new Uint8Array(arena.memory.buffer, this.runs, LABELS).fill(0);
    for (const index of labels.brickIndices()) {
      const bytes = this.bytes(index);
      if (bytes) core.exports.labelRunsMark(bytes.at, bytes.count, this.runs);
    }
    const flags = new Uint8Array(arena.memory.buffer, this.runs, LABELS);
    const present: number[] = [];
    for (let label = 1; label < LABELS; label++) if (flags[label]) present.push(label);
    return present;
  }
}

/** Most blocks of a share: counts of a bin stay within 32 bits then, also where all voxels are alike. */
export const MOST_BLOCKS = 2 ** 32 / BRICK_VOXELS / 2;
