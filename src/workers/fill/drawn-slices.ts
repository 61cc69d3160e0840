import { BRICK_EDGE, brickCoordinates, brickDims } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import type { KernelLabels } from "../kernel-data.ts";
import { encodedLabels } from "../packed-labels.ts";
import type { Axis } from "./occupancy.ts";

const LABELS = 65_536;
/** How many times as many voxels a drawn slice has as those on either side of it, which only lines of other planes cross. */
const STANDS_OUT = 1.3;

/** A slice across an axis. */
export interface DrawnSlice {
  readonly axis: Axis;
  readonly index: number;
}

/** The slices across every axis that stand out from both their neighbours by the voxels that they hold of the chosen segments. */
export function findDrawnSlices(
  { core, arena }: TaskContext,
  labels: KernelLabels,
  segments: readonly number[] | undefined,
): DrawnSlice[] {
  const { exports } = core;
  const used = arena.usedBytes;
  const wanted = arena.scratch(LABELS);
  const countsAt = arena.scratch(3 * BRICK_EDGE * 4);
  const bytesAt = arena.scratch(exports.labelRunsRoom());
  const flags = new Uint8Array(arena.memory.buffer, wanted, LABELS).fill(segments ? 0 : 1);
  for (const segment of segments ?? []) flags[segment] = 1;
  const counts = labels.dims.map((size) => new Float64Array(size));
  for (const index of labels.brickIndices()) {
    const bytes = encodedLabels(labels, index);
    if (!bytes) continue;
    new Uint8Array(arena.memory.buffer, bytesAt, bytes.length).set(bytes);
    exports.fillSliceCounts(bytesAt, bytes.length, wanted, countsAt);
    const found = new Uint32Array(arena.memory.buffer, countsAt, 3 * BRICK_EDGE);
    for (const [axis, brick] of brickCoordinates(brickDims(labels.dims), index).entries()) {
      const own = counts[axis]!;
      const first = brick * BRICK_EDGE;
      for (let n = 0; n < BRICK_EDGE && first + n < own.length; n++) own[first + n]! += found[axis * BRICK_EDGE + n]!;
    }
  }
  arena.rewind(used);
  return counts.flatMap((own, axis) =>
    Array.from(own.keys())
      .filter((n) => own[n]! > STANDS_OUT * Math.max(own[n - 1] ?? 0, own[n + 1] ?? 0))
      .map((index) => ({ axis: axis as Axis, index })),
  );
}
