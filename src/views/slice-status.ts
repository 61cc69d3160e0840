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
  /** What is missing does not fit the memory budget beside what other views show. */
  readonly crowded: boolean;
  /** Some voxel values have more digits than the GPU holds. */
  readonly rounded: boolean;
}

/** Said when nothing stands in for the finest level. */
export const FULL_RESOLUTION = "Level 0";

/** The line on the image that says what is seen: the level in use, and what is missing. */
export function sliceStatusText(status: SliceStatus | undefined, unreadable: number, labelsFull: boolean): string {
  if (!status) return "";
  if (labelsFull) return "GPU memory for labels is full: some are not drawn";
  const { coarsest, levelCount, missing, limited, crowded, rounded } = status;
  const parts = [coarsest === 0 ? FULL_RESOLUTION : `Level ${coarsest} of ${levelCount - 1}`];
  if (unreadable > 0) parts.push(`${unreadable} bricks unreadable`);
  else if (missing > 0 && !crowded) parts.push("loading");
  else if (limited || crowded) parts.push("limited by GPU memory");
  if (rounded) parts.push("values rounded to 24 bits");
  return parts.join(", ");
}
