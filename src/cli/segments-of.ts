import type { Segment } from "#labelmap";
import type { SeriesChoice } from "#sources";

/** Segments that a labelmap file names (`.seg.nrrd` does), for its first layer; none for files that name none. */
export function segmentsOf({ segments = [] }: SeriesChoice): Segment[] {
  return segments
    .filter(({ layer }) => layer === 0)
    .map(({ value, name, color, code }) => {
      return { value, name, color: color ?? "#808080", ...(code ? { code } : {}), locked: false, visible: true };
    });
}
