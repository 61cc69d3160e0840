import { BRICK_VOXELS } from "#volume";
import { BrickPieces } from "../components/brick-pieces.ts";
import { PIECE_WORDS, sidesOf, voxelsOf } from "../components/piece-block.ts";
import type { TaskContext } from "../crew/task.ts";
import type { Connectivity } from "../kernel-data.ts";
import { requireRoom } from "../memory-arena.ts";
import { ChangePacker, type PackedChanges } from "../packed-changes.ts";

/** Leaves voxels as they are. */
export const KEEP = 0xffffffff;

/** What becomes of the pieces of a brick. A label is a segment's value, 0 for background, or `KEEP`. */
export interface BrickIslands {
  readonly index: number;
  /** As when the pieces were found: the pieces at these sides are open. */
  readonly open: number;
  /** A label for each open piece, by number. */
  readonly labelOf: Uint32Array<ArrayBuffer>;
  /** Closed pieces with a label of their own, by ascending first voxel. */
  readonly closed: readonly (readonly [first: number, label: number])[];
}

export interface WriteIslandsRequest {
  readonly bricks: readonly BrickIslands[];
  readonly segments?: readonly number[] | undefined;
  readonly connectivity: Connectivity;
  /** Closed pieces of fewer voxels become background unless they have a label of their own. */
  readonly eraseBelow: number;
}

/**
 * Finds the pieces of bricks once more and writes what becomes of them. Memory: 10 MiB and the changes. Rejects with `limit`,
 * `integrity` or AbortError.
 */
export async function writeIslands(context: TaskContext, request: WriteIslandsRequest): Promise<PackedChanges> {
  const { core, arena, maps, pacer } = context;
  const pieces = new BrickPieces(context, request.segments);
  const packer = new ChangePacker(context);
  const labelOfAt = requireRoom(arena, BRICK_VOXELS * 4);
  const erasedAt = requireRoom(arena, BRICK_VOXELS / 8);
  const labelsAt = requireRoom(arena, BRICK_VOXELS * 2);
  for (const [n, brick] of request.bricks.entries()) {
    await pacer.pause(n / request.bricks.length, "Changing islands");
    const count = pieces.find(maps![0]!, brick.index, request.connectivity);
    if (count === 0) continue;
    const labelOf = new Uint32Array(arena.memory.buffer, labelOfAt, count);
    const { erased, labelled } = chooseLabels(pieces.block.records(), brick, request.eraseBelow, labelOf);
    core.exports.componentsWrite(pieces.block.at, labelOfAt, erasedAt, labelsAt);
    if (erased > 0) packer.addErased(brick.index, erasedAt, erased);
    if (labelled > 0) packer.addLabels(brick.index, labelsAt, labelled);
  }
  return packer.finish();
}

/** Fills in the label of every piece; returns how many voxels change, and how. */
function chooseLabels(
  records: Uint32Array,
  { open, labelOf: labelOfOpen, closed }: BrickIslands,
  eraseBelow: number,
  labelOf: Uint32Array,
): { readonly erased: number; readonly labelled: number } {
  let erased = 0;
  let labelled = 0;
  let nextOpen = 0;
  let nextClosed = 0;
  for (let piece = 0; piece < labelOf.length; piece++) {
    const at = piece * PIECE_WORDS;
    const voxels = voxelsOf(records[at]!);
    let label = voxels < eraseBelow ? 0 : KEEP;
    if ((sidesOf(records[at]!) & open) !== 0) label = labelOfOpen[nextOpen++]!;
    else if (nextClosed < closed.length && closed[nextClosed]![0] === records[at + 1]) {
      label = closed[nextClosed++]![1];
    }
    labelOf[piece] = label;
    if (label === 0) erased += voxels;
    else if (label !== KEEP) labelled += voxels;
  }
  return { erased, labelled };
}
