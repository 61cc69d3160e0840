import { BRICK_VOXELS } from "#volume";
import { PIECE_WORDS, sidesOf, voxelsOf } from "../components/piece-block.ts";
import type { TaskContext } from "../crew/task.ts";
import { requireRoom } from "../memory-arena.ts";
import { ChangePacker, type PackedChanges } from "../packed-changes.ts";
import { BackgroundPieces, type BackgroundRules, type RegionSides } from "./background.ts";
import { SliceAxes } from "./slice-axes.ts";

/** A segment with holes in a brick. */
export interface SegmentHoles extends RegionSides {
  readonly segment: number;
  /** Voxels of the hole that each open piece is part of, by number; 0 for pieces of none. */
  readonly sizes: Float64Array<ArrayBuffer>;
}

export interface BrickHoles {
  readonly index: number;
  readonly segments: readonly SegmentHoles[];
}

export interface FillHolesRequest {
  readonly rules: BackgroundRules;
  readonly bricks: readonly BrickHoles[];
}

/**
 * Gives the holes in some bricks the label of their segment; where holes of several segments lie in one another the smallest wins, of
 * equal ones the lower segment. Memory: 14 MiB and the changes.
 */
export async function fillHoles(context: TaskContext, request: FillHolesRequest): Promise<PackedChanges> {
  const { core, arena, maps, pacer } = context;
  const axes = new SliceAxes(maps![0]!.dims, request.rules.axis);
  const pieces = new BackgroundPieces(context, request.rules);
  const packer = new ChangePacker(context);
  const sizeOfAt = requireRoom(arena, BRICK_VOXELS * 8);
  const sizesAt = requireRoom(arena, BRICK_VOXELS * 8);
  const labelsAt = requireRoom(arena, BRICK_VOXELS * 2);
  for (const [n, { index, segments }] of request.bricks.entries()) {
    pieces.load(index);
    // Only where holes may lie in one another is it kept for which a voxel was given.
    const sizes = segments.length > 1 ? sizesAt : 0;
    if (sizes !== 0) core.exports.clearBytes(sizes, BRICK_VOXELS * 8);
    core.exports.clearBytes(labelsAt, BRICK_VOXELS * 2);
    for (const own of segments) {
      await pacer.pause(n / request.bricks.length, "Filling holes");
      pieces.find(own.segment);
      sizeHoles(pieces, own, new Float64Array(arena.memory.buffer, sizeOfAt, pieces.block.count));
      core.exports.componentsPaint(pieces.block.at, sizeOfAt, own.segment, labelsAt, sizes);
    }
    if (axes.axis !== 2) core.exports.labelsSwapWithK(labelsAt, axes.axis);
    packer.addLabels(index, labelsAt, core.exports.labelsCount(labelsAt));
  }
  return packer.finish();
}

/** The size of the hole that each piece is or is part of; 0 for pieces of none. */
function sizeHoles(pieces: BackgroundPieces, own: SegmentHoles, sizeOf: Float64Array): void {
  const records = pieces.block.records();
  let nextOpen = 0;
  for (let piece = 0; piece < sizeOf.length; piece++) {
    const word = records[piece * PIECE_WORDS]!;
    if ((sidesOf(word) & own.open) !== 0) sizeOf[piece] = own.sizes[nextOpen++]!;
    else sizeOf[piece] = pieces.isHole(word, own) ? voxelsOf(word) : 0;
  }
}
