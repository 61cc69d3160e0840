import { type VoxelwrightError } from "#base";
import { BRICK_EDGE, BRICK_VOXELS, type Dims } from "#volume";
import { forEachEditRun } from "./edit-runs.ts";
import { LabelRunReader, LabelRunWriter } from "./label-brick.ts";
import { Touched } from "./label-change.ts";

/**
 * A brick at rest (undefined: background) after the runs of an edit, without its 64³ voxels ever being laid out: an edit of
 * thousands of bricks costs what its runs cost. Counts what changed into `touched`. Throws what `fault` makes of a voxel that is
 * not what the edit says it was, or that lies past `extent`, and `integrity` for bytes that nobody wrote.
 */
export function applyRuns(
  bytes: Uint8Array | undefined,
  runs: Uint8Array,
  extent: Dims,
  fault: (says: string) => VoxelwrightError,
): { readonly bytes: Uint8Array<ArrayBuffer> | undefined; readonly touched: Touched } {
  const touched = new Touched();
  const before = bytes && new LabelRunReader(bytes);
  const writer = new LabelRunWriter();
  const whole = extent[0] * extent[1] * extent[2] === BRICK_VOXELS;
  before?.next();
  // Voxels before `at` are written.
  let at = 0;
  const keepUpTo = (end: number): void => {
    while (at < end) {
      const runEnd = Math.min(end, before ? before.end : BRICK_VOXELS);
      writer.add(runEnd, before ? before.label : 0);
      at = runEnd;
      if (before && at === before.end && at < BRICK_VOXELS) before.next();
    }
  };
  forEachEditRun(runs, (start, length, from, to) => {
    const end = start + length;
    keepUpTo(start);
    while (at < end) {
      const runEnd = Math.min(end, before ? before.end : BRICK_VOXELS);
      const label = before ? before.label : 0;
      if (label !== from) throw fault(`Voxel ${at} is ${label} where the edit says it was ${from}.`);
      at = runEnd;
      if (before && at === before.end && at < BRICK_VOXELS) before.next();
    }
    writer.add(end, to);
    touched.addRun(start, length);
    if (!whole) checkExtent(start, end, extent, fault);
  });
  keepUpTo(BRICK_VOXELS);
  // What is left after the last voxel would be damage.
  before?.next();
  return { bytes: writer.finish(), touched };
}

function checkExtent(start: number, end: number, [ni, nj, nk]: Dims, fault: (says: string) => VoxelwrightError): void {
  for (let voxel = start; voxel < end; voxel++) {
    if ((voxel & (BRICK_EDGE - 1)) < ni && ((voxel >> 6) & 63) < nj && voxel >> 12 < nk) continue;
    throw fault(`Voxel ${voxel} lies past the edge of the volume.`);
  }
}
