import { BRICK_VOXELS, type Dims } from "#volume";
import { LabelRunReader, LabelRunWriter } from "./label-brick.ts";
import { Touched } from "./label-change.ts";

/**
 * `paintLabels` on bricks at rest (undefined: background): what runs of `proposed` that are not 0 make of a brick where
 * `allowed[label it has]` is 1 and the voxel lies within `extent`, without 64³ voxels being laid out.
 */
export function paintRuns(
  bytes: Uint8Array | undefined,
  proposed: Uint8Array,
  [ni, nj, nk]: Dims,
  allowed: Uint8Array,
): { readonly bytes: Uint8Array<ArrayBuffer> | undefined; readonly touched: Touched } {
  const touched = new Touched();
  const writer = new LabelRunWriter();
  const whole = ni * nj * nk === BRICK_VOXELS;
  const paint = (start: number, end: number, value: number): void => {
    writer.add(end, value);
    touched.addRun(start, end - start);
  };
  /** Row by row, as some voxels lie past the volume. */
  const paintWithin = (start: number, end: number, label: number, value: number): void => {
    for (let from = start; from < end; ) {
      const row = from & ~63;
      const rowEnd = Math.min(end, row + 64);
      const within = ((from >> 6) & 63) < nj && from >> 12 < nk ? Math.min(rowEnd, row + ni) : from;
      if (within > from) paint(from, within, value);
      if (rowEnd > Math.max(within, from)) writer.add(rowEnd, label);
      from = rowEnd;
    }
  };
  const before = bytes && new LabelRunReader(bytes);
  before?.next();
  const painting = new LabelRunReader(proposed);
  for (let at = 0; painting.next(); ) {
    const { end, label: value } = painting;
    while (at < end) {
      const label = before ? before.label : 0;
      const runEnd = Math.min(end, before ? before.end : BRICK_VOXELS);
      if (value === 0 || value === label || allowed[label] === 0) writer.add(runEnd, label);
      else if (whole) paint(at, runEnd, value);
      else paintWithin(at, runEnd, label, value);
      at = runEnd;
      if (before && at === before.end && at < BRICK_VOXELS) before.next();
    }
  }
  // What is left after the last voxel would be damage.
  before?.next();
  return { bytes: writer.finish(), touched };
}

/** The labels that a brick at rest holds. */
export function labelsInRuns(bytes: Uint8Array): Set<number> {
  const labels = new Set<number>();
  for (const runs = new LabelRunReader(bytes); runs.next(); ) labels.add(runs.label);
  return labels;
}
