import { PIECE_WORDS } from "../components/piece-block.ts";
import type { OpenPieces } from "../components/piece-forest.ts";
import type { TaskContext } from "../crew/task.ts";
import { transfer } from "../wire.ts";
import { BackgroundPieces, type BackgroundRules, type RegionSides } from "./background.ts";

export interface BackgroundSearch {
  readonly index: number;
  readonly segments: readonly (RegionSides & { readonly segment: number })[];
}

export interface FindBackgroundRequest {
  readonly rules: BackgroundRules;
  readonly bricks: readonly BackgroundSearch[];
}

/** What is not of a segment in a brick: its open pieces (index as it is without exchanged axes), and whether it has holes of its own. */
export interface BackgroundFound extends OpenPieces {
  readonly segment: number;
  readonly hasHoles: boolean;
}

/** Finds the background's pieces in some bricks, for each segment there. Memory: 8 MiB and what it tells. */
export async function findBackground(context: TaskContext, request: FindBackgroundRequest): Promise<BackgroundFound[]> {
  const pieces = new BackgroundPieces(context, request.rules);
  const found: BackgroundFound[] = [];
  for (const [n, { index, segments }] of request.bricks.entries()) {
    pieces.load(index);
    for (const { segment, ...sides } of segments) {
      await context.pacer.pause(n / request.bricks.length, "Looking for holes");
      pieces.find(segment);
      const faces = pieces.block.faces(sides.open);
      const records = pieces.block.records();
      let hasHoles = false;
      for (let at = 0; at < records.length && !hasHoles; at += PIECE_WORDS) {
        hasHoles = pieces.isHole(records[at]!, sides);
      }
      found.push({ index, segment, open: pieces.block.openRecords(sides.open), faces, hasHoles });
    }
  }
  const faces = found.flatMap((one) => one.faces.filter((face) => face !== undefined));
  return transfer(found, [...faces, ...found.map(({ open }) => open.buffer as ArrayBuffer)]);
}
