import { brickDims } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import type { Connectivity } from "../kernel-data.ts";
import { transfer } from "../wire.ts";
import { BrickPieces } from "./brick-pieces.ts";
import { ClosedPieces } from "./closed-pieces.ts";
import { PIECE_WORDS, sidesOf } from "./piece-block.ts";

/** A brick to look through. */
export interface BrickSearch {
  readonly index: number;
  /** Sides beyond which components may go on, a bit each (`sidesOf`). */
  readonly open: number;
  /** Voxels of the brick, (k·64 + j)·64 + i, whose piece is asked for. */
  readonly voxels?: readonly number[];
}

export interface FindPiecesRequest {
  readonly bricks: readonly BrickSearch[];
  readonly segments?: readonly number[] | undefined;
  readonly connectivity: Connectivity;
  /** Closed pieces of fewer voxels are counted and not told; Infinity tells none. */
  readonly leastVoxels: number;
  /** Of the closed pieces of each segment the largest so many are told; all when absent. */
  readonly most?: number | undefined;
}

/** The pieces of one brick. Those that touch an open side are open, the others are components by themselves. */
export interface BrickFound {
  readonly index: number;
  /** Records of the open pieces, by number. */
  readonly open: Uint32Array<ArrayBuffer>;
  /** At the six sides, as `PieceBlock.faces` gives them. */
  readonly faces: readonly (ArrayBuffer | undefined)[];
  /** Closed pieces, told or not, and those with fewer voxels than `leastVoxels`. */
  readonly closed: number;
  readonly small: number;
  /** For each of the voxels asked for: number of the open piece, first voxel of the closed one, or neither. */
  readonly held: readonly { readonly open?: number; readonly closed?: number }[];
}

export interface FoundPieces {
  readonly bricks: readonly BrickFound[];
  /** The closed pieces told: five words each, index of the brick and the record. */
  readonly closed: Uint32Array<ArrayBuffer>;
  /** Closed pieces not told: segment, pieces, voxels, for each segment. */
  readonly untold: readonly (readonly [segment: number, pieces: number, voxels: number])[];
}

/**
 * Finds what hangs together within each of some bricks. Memory: 8 MiB, what it tells, and 2 MiB to count what it does not tell.
 * Rejects with `limit`, `integrity` or AbortError.
 */
export async function findPieces(context: TaskContext, request: FindPiecesRequest): Promise<FoundPieces> {
  const map = context.maps![0]!;
  const pieces = new BrickPieces(context, request.segments);
  const closed = new ClosedPieces(map.dims, brickDims(map.dims), request.leastVoxels, request.most);
  const bricks: BrickFound[] = [];
  for (const [n, { index, open, voxels = [] }] of request.bricks.entries()) {
    await context.pacer.pause(n / request.bricks.length, "Finding components");
    if (pieces.find(map, index, request.connectivity) === 0) continue;
    const faces = pieces.block.faces(open);
    const records = pieces.block.records();
    const told = closed.count;
    bricks.push({
      index,
      open: pieces.block.openRecords(open),
      faces,
      small: closed.add(index, records, open),
      closed: closed.count - told,
      held: voxels.map((voxel) => holder(records, open, pieces.block.pieceAt(voxel))),
    });
  }
  const found = { bricks, closed: closed.told(), untold: closed.untold() };
  const faces = bricks.flatMap((brick) => brick.faces.filter((face) => face !== undefined));
  return transfer(found, [...faces, ...bricks.map(({ open }) => open.buffer), found.closed.buffer]);
}

function holder(records: Uint32Array, open: number, piece: number): { open?: number; closed?: number } {
  if (piece < 0) return {};
  const at = piece * PIECE_WORDS;
  if ((sidesOf(records[at]!) & open) === 0) return { closed: records[at + 1]! };
  let number = 0;
  for (let other = 0; other < at; other += PIECE_WORDS) if ((sidesOf(records[other]!) & open) !== 0) number++;
  return { open: number };
}
