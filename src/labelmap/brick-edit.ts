import { BRICK_VOXELS } from "#volume";
import { EditRunWriter, type EditRun, forEachEditRun, listEditRuns } from "./edit-runs.ts";
import { LabelRunReader } from "./label-brick.ts";

/** How one brick of labels changed: which voxels, what they were and what they became. */
export interface BrickEdit {
  /** `brickIndex` at level 0. */
  readonly brickIndex: number;
  /** Runs of (skip, length, from, to) as `EditRunWriter` writes them; never empty. */
  readonly runs: Uint8Array;
}

/**
 * The edit from one state of a brick at rest to another, undefined being background; undefined when they are equal. Only runs are
 * compared, so that bricks of few runs cost little. Throws `integrity` for bytes that `encodeLabelBrick` could not have written.
 */
export function diffBricks(
  brickIndex: number,
  before: Uint8Array | undefined,
  after: Uint8Array | undefined,
): BrickEdit | undefined {
  const writer = new EditRunWriter();
  const from = before && new LabelRunReader(before);
  const to = after && new LabelRunReader(after);
  for (let at = 0; at < BRICK_VOXELS; ) {
    if (from && from.end === at) from.next();
    if (to && to.end === at) to.next();
    const end = Math.min(from?.end ?? BRICK_VOXELS, to?.end ?? BRICK_VOXELS);
    writer.add(at, end - at, from?.label ?? 0, to?.label ?? 0);
    at = end;
  }
  const runs = writer.finish();
  return runs && { brickIndex, runs };
}

/** The edit that takes back `edit`. */
export function invertEdit(edit: BrickEdit): BrickEdit {
  const writer = new EditRunWriter();
  forEachEditRun(edit.runs, (start, length, from, to) => writer.add(start, length, to, from));
  return { brickIndex: edit.brickIndex, runs: writer.finish()! };
}

/** The edits that take back `edits`. */
export function invertEdits(edits: readonly BrickEdit[]): BrickEdit[] {
  return edits.map(invertEdit);
}

/** Edits that do what `first` and then `second` do, by ascending brick, without those that cancel out. */
export function squashEdits(first: readonly BrickEdit[], second: readonly BrickEdit[]): BrickEdit[] {
  const byBrick = new Map<number, Uint8Array>();
  for (const { brickIndex, runs } of [...first, ...second]) {
    const earlier = byBrick.get(brickIndex);
    const runsOfBoth = earlier ? squashRuns(listEditRuns(earlier), listEditRuns(runs)) : runs;
    if (runsOfBoth) byBrick.set(brickIndex, runsOfBoth);
    else byBrick.delete(brickIndex);
  }
  return [...byBrick].map(([brickIndex, runs]) => ({ brickIndex, runs })).sort((a, b) => a.brickIndex - b.brickIndex);
}

/** Voxels that the edits change. */
export function countEditedVoxels(edits: readonly BrickEdit[]): number {
  let voxels = 0;
  for (const { runs } of edits) forEachEditRun(runs, (_start, length) => (voxels += length));
  return voxels;
}

/** Sweeps over both lists of runs; where they overlap a voxel goes from the first's `from` to the second's `to`. */
function squashRuns(first: readonly EditRun[], second: readonly EditRun[]): Uint8Array | undefined {
  const writer = new EditRunWriter();
  let at = 0;
  let one = 0;
  let two = 0;
  const endOf = (run: EditRun): number => run.start + run.length;
  while (one < first.length || two < second.length) {
    const a = first[one];
    const b = second[two];
    const aStart = a ? Math.max(a.start, at) : Number.POSITIVE_INFINITY;
    const bStart = b ? Math.max(b.start, at) : Number.POSITIVE_INFINITY;
    const start = Math.min(aStart, bStart);
    const inA = a !== undefined && aStart === start;
    const inB = b !== undefined && bStart === start;
    let end = Number.POSITIVE_INFINITY;
    if (a) end = Math.min(end, inA ? endOf(a) : aStart);
    if (b) end = Math.min(end, inB ? endOf(b) : bStart);
    writer.add(start, end - start, inA ? a.from : b!.from, inB ? b.to : a!.to);
    if (a && endOf(a) <= end) one++;
    if (b && endOf(b) <= end) two++;
    at = end;
  }
  return writer.finish();
}
