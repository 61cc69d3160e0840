import type { VolumeBricks } from "#gpu";
import type { PlaneNeeds } from "./slice-needs.ts";

/** What a plane shows of one overlay. */
export interface OverlayStatus extends Shown {
  readonly name: string;
  readonly unreadable: number;
}

/** What of a volume is shown. */
interface Shown {
  /** The coarsest level that stands in for a missing brick. */
  readonly coarsest: number;
  /** Bricks of the chosen level that are not there yet. */
  readonly missing: number;
  /** What is missing does not fit the memory budget beside what other views show. */
  readonly crowded: boolean;
  /** Some voxel values have more digits than the GPU holds. */
  readonly rounded: boolean;
}

/** What a plane shows now, told without looking at the GPU. */
export interface SliceStatus extends Shown {
  /** Level chosen for the zoom. */
  readonly level: number;
  readonly levelCount: number;
  /** The zoom asks for a finer level than the memory budget allows. */
  readonly limited: boolean;
  readonly overlays: readonly OverlayStatus[];
}

/** Said when nothing stands in for the finest level. */
export const FULL_RESOLUTION = "Level 0";

const ROUNDED = "values rounded to 24 bits";

/** What is shown of what a plane needs. */
export function sliceStatus(bricks: VolumeBricks, needs: PlaneNeeds, overlays: readonly OverlayStatus[]): SliceStatus {
  const { level, limited } = needs;
  return { level, ...resident(bricks, needs), levelCount: bricks.levels.length, limited, overlays };
}

/** What is shown of what a plane needs of an overlay. */
export function overlayStatus(name: string, bricks: VolumeBricks, needs: PlaneNeeds): OverlayStatus {
  return { name, ...resident(bricks, needs), unreadable: bricks.failures };
}

function resident(bricks: VolumeBricks, needs: PlaneNeeds): Shown {
  const { table, levels } = bricks;
  const { level } = needs;
  let coarsest = level;
  let missing = 0;
  for (const { brick } of needs.bricks) {
    const shown = table.levelShown(level, brick);
    if (shown !== level) missing++;
    coarsest = Math.max(coarsest, shown ?? levels.length - 1);
  }
  return { coarsest, missing, crowded: missing > 0 && bricks.crowded, rounded: bricks.rounded };
}

/** Whether all labels of a picture are in it. */
export interface LabelsShown {
  /** Some found no room. */
  readonly full: boolean;
  /** Some are still to come. */
  readonly behind: boolean;
}

/** The line on the image that says what is seen: the level in use, and what is missing. */
export function sliceStatusText(status: SliceStatus | undefined, unreadable: number, labels: LabelsShown): string {
  if (!status) return "";
  if (labels.full) return "GPU memory for labels is full: some are not drawn";
  const { coarsest, levelCount, missing, limited, crowded, rounded, overlays } = status;
  const parts = [coarsest === 0 ? FULL_RESOLUTION : `Level ${coarsest} of ${levelCount - 1}`];
  if (unreadable > 0) parts.push(unreadableText(unreadable));
  else if (missing > 0 && !crowded) parts.push("loading");
  else if (limited || crowded) parts.push("limited by GPU memory");
  if (labels.behind) parts.push("labels loading");
  if (rounded) parts.push(ROUNDED);
  for (const overlay of overlays) {
    if (overlay.unreadable > 0) parts.push(`${overlay.name}: ${unreadableText(overlay.unreadable)}`);
    else if (overlay.crowded) parts.push(`${overlay.name}: limited by GPU memory`);
    else if (overlay.missing > 0) parts.push(`${overlay.name}: loading`);
    else if (overlay.coarsest > 0) parts.push(`${overlay.name}: level ${overlay.coarsest}`);
    if (overlay.rounded) parts.push(`${overlay.name}: ${ROUNDED}`);
  }
  return parts.join(", ");
}

function unreadableText(count: number): string {
  return `${count} ${count === 1 ? "brick" : "bricks"} unreadable`;
}
