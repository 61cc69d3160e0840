import type { Dims } from "#volume";
import type { LabelledScan } from "./labelled-scans.ts";
import type { DrawnSlices } from "./sampling.ts";

/** Structures and voxels above which the random walker takes minutes a run. */
const MOST_STRUCTURES = 3;
const MOST_VOXELS = 1e6;
/** Voxels around what is drawn that are solved, too. */
const MARGIN = 8;

export interface WalkerSeeds {
  readonly labels: Uint16Array;
  readonly low: Dims;
  /** Exclusive. */
  readonly high: Dims;
}

export function walkable({ structures }: Pick<LabelledScan, "structures">): boolean {
  return structures.length <= MOST_STRUCTURES;
}

/**
 * Drawn slices as seeds, their background as one label more, in the box of what is drawn with a margin, which ends on drawn slices;
 * undefined where the box is too large.
 */
export function walkerSeeds(
  dims: Dims,
  { axis, planes, labels }: DrawnSlices,
  background: number,
): WalkerSeeds | undefined {
  const { low, high } = boxOf(dims, labels);
  for (const across of [0, 1, 2] as const) {
    if (across === axis) {
      low[axis] = planes.findLast((plane) => plane < low[axis]) ?? low[axis];
      high[axis] = (planes.find((plane) => plane >= high[axis]) ?? high[axis] - 1) + 1;
    } else {
      low[across] = Math.max(0, low[across] - MARGIN);
      high[across] = Math.min(dims[across], high[across] + MARGIN);
    }
  }
  if (voxelsOf(low, high) > MOST_VOXELS) return undefined;
  const drawn = new Set(planes);
  const stride = [1, dims[0], dims[0] * dims[1]][axis]!;
  const seeds = labels.map((label, n) =>
    label === 0 && drawn.has(Math.floor(n / stride) % dims[axis]) ? background : label,
  );
  return { labels: seeds, low, high };
}

/** Seeds that hold background already; undefined where their box is too large. */
export function walkerBox(dims: Dims, labels: Uint16Array): WalkerSeeds | undefined {
  const { low, high } = boxOf(dims, labels);
  return voxelsOf(low, high) > MOST_VOXELS ? undefined : { labels, low, high };
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
