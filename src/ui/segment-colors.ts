import type { Segment } from "#labelmap";

/** Told apart on grey images and by most colour-blind people; after Okabe–Ito and Kelly, without greys and black. */
export const SEGMENT_COLORS: readonly string[] = [
  "#e6553f",
  "#56b4e9",
  "#f2c037",
  "#2fae7d",
  "#cc79c8",
  "#f28e2b",
  "#3f7fd9",
  "#a8d95b",
  "#9a6be0",
  "#e8799a",
  "#3fc6c0",
  "#b5834a",
];

/** The first colour that no segment has, or the one that is used least. */
export function nextSegmentColor(segments: readonly Segment[]): string {
  const uses = new Map(SEGMENT_COLORS.map((color) => [color, 0]));
  for (const { color } of segments) {
    const count = uses.get(color.toLowerCase());
    if (count !== undefined) uses.set(color.toLowerCase(), count + 1);
  }
  const fewest = Math.min(...uses.values());
  return SEGMENT_COLORS.find((color) => uses.get(color) === fewest)!;
}
