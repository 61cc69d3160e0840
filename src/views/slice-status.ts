import type { VolumeBricks } from "#gpu";
import type { PlaneNeeds } from "./slice-needs.ts";

/** What a plane shows now, told without looking at the GPU. */
export interface SliceStatus {
  /** Level chosen for the zoom, and the coarsest level that stands in for a missing brick. */
  readonly level: number;
  readonly coarsest: number;
  readonly levelCount: number;
  /** Bricks of the chosen level that are not there yet. */
  readonly missing: number;
  /** The zoom asks for a finer level than the memory budget allows. */
  readonly limited: boolean;
}

/** Said when nothing stands in for the finest level. */
export const FULL_RESOLUTION = "Level 0";

/** What is shown of what a plane needs. */
export function sliceStatus({ table, levels }: VolumeBricks, needs: PlaneNeeds): SliceStatus {
  const { level, limited } = needs;
  let coarsest = level;
  let missing = 0;
  for (const { brick } of needs.bricks) {
    const shown = table.levelShown(level, brick);
    if (shown !== level) missing++;
    coarsest = Math.max(coarsest, shown ?? levels.length - 1);
  }
  return { level, coarsest, levelCount: levels.length, missing, limited };
}

/** The line on the image that says what is seen: the level in use, and what is missing. */
export function sliceStatusText(status: SliceStatus | undefined, unreadable: number, labelsFull: boolean): string {
  if (!status) return "";
  if (labelsFull) return "GPU memory for labels is full: some are not drawn";
  const { coarsest, levelCount, missing, limited } = status;
  const parts = [coarsest === 0 ? FULL_RESOLUTION : `Level ${coarsest} of ${levelCount - 1}`];
  if (unreadable > 0) parts.push(`${unreadable} bricks unreadable`);
  else if (missing > 0) parts.push("loading");
  else if (limited) parts.push("limited by GPU memory");
  return parts.join(", ");
}
