import { BRICK_EDGE, brickCoordinates, brickDims, type Dims } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import type { KernelLabels } from "../kernel-data.ts";
import { encodedLabels } from "../packed-labels.ts";

export type Axis = 0 | 1 | 2;

/** On which slices of each axis a segment has voxels: 1 or 0 for every slice. */
export type Occupancy = readonly [Uint8Array, Uint8Array, Uint8Array];

/** Where the labels of a map lie. */
export interface LabelOccupancy {
  /** Slices of every chosen segment that is drawn, in ascending order of segments. */
  readonly segments: ReadonlyMap<number, Occupancy>;
  /** Slices with any label, chosen or not. */
  readonly labelled: Occupancy;
}

const LABELS = 65_536;
/** A brick has at most as many labels as voxels; real ones have a few. */
const MOST_ROWS = 65_536;

/** Finds the slices of every segment (or of the chosen ones) from the runs of each label brick, read once. */
export function findOccupancy(
  { core, arena }: TaskContext,
  labels: KernelLabels,
  chosen?: readonly number[],
): LabelOccupancy {
  const { exports } = core;
  const wanted = chosen && new Set(chosen);
  const bricks = brickDims(labels.dims);
  const rowOf = arena.allocate(LABELS * 2);
  const rowBytes = exports.fillOccupancyRowBytes();
  const rows = arena.scratch(MOST_ROWS * rowBytes);
  const bytesAt = arena.scratch(exports.labelRunsRoom());
  const found = new Map<number, Occupancy>();
  const labelled = emptyOccupancy(labels.dims);
  for (const index of labels.brickIndices()) {
    const bytes = encodedLabels(labels, index);
    if (!bytes) continue;
    const { buffer } = arena.memory;
    new Uint8Array(buffer, bytesAt, bytes.length).set(bytes);
    const count = exports.fillOccupancy(bytesAt, bytes.length, rowOf, rows);
    const words = new Uint32Array(buffer, rows, (count * rowBytes) / 4);
    const at = brickCoordinates(bricks, index);
    for (let row = 0; row < words.length; row += rowBytes / 4) {
      const segment = words[row]!;
      markSlices(labelled, at, words, row);
      if (wanted && !wanted.has(segment)) continue;
      let occupancy = found.get(segment);
      if (!occupancy) found.set(segment, (occupancy = emptyOccupancy(labels.dims)));
      markSlices(occupancy, at, words, row);
    }
  }
  return { segments: new Map([...found].sort(([a], [b]) => a - b)), labelled };
}

function emptyOccupancy(dims: Dims): Occupancy {
  return [new Uint8Array(dims[0]), new Uint8Array(dims[1]), new Uint8Array(dims[2])];
}

/** Takes over the slices of a row of `fillOccupancy`: 64 bits an axis from the third word on. */
function markSlices(occupancy: Occupancy, at: Dims, words: Uint32Array, row: number): void {
  for (let half = 0; half < 6; half++) {
    const axis = (half >> 1) as Axis;
    const first = at[axis] * BRICK_EDGE + (half & 1) * 32;
    for (let bits = words[row + 2 + half]!; bits !== 0; bits &= bits - 1) {
      occupancy[axis][first + 31 - Math.clz32(bits & -bits)] = 1;
    }
  }
}

/** Numbers of the occupied slices, ascending. */
export function occupiedSlices(slices: Uint8Array): number[] {
  const numbers: number[] = [];
  for (let n = slices.indexOf(1); n >= 0; n = slices.indexOf(1, n + 1)) numbers.push(n);
  return numbers;
}
