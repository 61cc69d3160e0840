import type { Dims } from "#volume";
import type { LabelledScan } from "./labelled-scans.ts";
import { eachVoxel, type Sampling } from "./sampling.ts";

/** Structures and voxels above which the random walker takes minutes a run. */
const MOST_STRUCTURES = 3;
const MOST_VOXELS = 1e6;
/** Voxels around what is drawn that are solved, too. */
const MARGIN = 8;

/** Slices that were drawn across one axis. */
export interface SliceStack {
  readonly axis: 0 | 1 | 2;
  readonly planes: readonly number[];
}

/** What is solved; `high` exclusive. */
export interface WalkerBox {
  readonly low: Dims;
  readonly high: Dims;
}

export function walkable({ structures }: Pick<LabelledScan, "structures">): boolean {
  return structures.length <= MOST_STRUCTURES;
}

/** Drawn voxels as seeds: labels, and background as a label of its own. */
export function withBackground(dims: Dims, drawn: Uint16Array, { stacks }: Sampling, background: number): Uint16Array {
  const seeds = drawn.slice();
  eachVoxel(dims, (n, i, j, k) => {
    if (seeds[n] === 0 && stacks.some((slotOf) => slotOf(i, j, k) % 2 === 0)) seeds[n] = background;
  });
  return seeds;
}

/**
 * The box of labels with a margin, which along the axis of a stack ends on the drawn slices before and after; undefined where that is
 * too large.
 */
export function walkerBox(dims: Dims, labels: Uint16Array, stack?: SliceStack, margin = MARGIN): WalkerBox | undefined {
  const { low, high } = boxOf(dims, labels);
  for (const axis of [0, 1, 2] as const) {
    if (axis === stack?.axis) {
      low[axis] = stack.planes.findLast((plane) => plane < low[axis]) ?? low[axis];
      high[axis] = (stack.planes.find((plane) => plane >= high[axis]) ?? high[axis] - 1) + 1;
    } else {
      low[axis] = Math.max(0, low[axis] - margin);
      high[axis] = Math.min(dims[axis], high[axis] + margin);
    }
  }
  return voxelsOf(low, high) > MOST_VOXELS ? undefined : { low, high };
}

function voxelsOf(low: readonly number[], high: readonly number[]): number {
  return low.reduce((product, from, axis) => product * (high[axis]! - from), 1);
}

type Corner = [number, number, number];

/** The box of labelled voxels, high exclusive. */
function boxOf([ni, nj, nk]: Dims, labels: Uint16Array): { readonly low: Corner; readonly high: Corner } {
  const low: Corner = [ni, nj, nk];
  const high: Corner = [0, 0, 0];
  for (let k = 0, n = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++, n++) {
        if (labels[n] === 0) continue;
        low[0] = Math.min(low[0], i);
        low[1] = Math.min(low[1], j);
        low[2] = Math.min(low[2], k);
        high[0] = Math.max(high[0], i + 1);
        high[1] = Math.max(high[1], j + 1);
        high[2] = Math.max(high[2], k + 1);
      }
    }
  }
  return { low, high };
}
