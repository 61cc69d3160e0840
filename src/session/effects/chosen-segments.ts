import { VoxelwrightError } from "#base";
import type { Segment } from "#labelmap";
import type { StudyLabels } from "../study-labels.ts";

/**
 * The segments that an effect changes: those given, or all that are not locked. Throws `not-found` for one that is not there,
 * `locked` for one that is locked or where all are, `argument` where there are none.
 */
export function chosenSegments({ segments }: StudyLabels, given: readonly number[] | undefined): number[] {
  if (given) {
    for (const value of given) requireUnlocked(segments.get(value));
    return [...given];
  }
  const all = segments.list();
  if (all.length === 0) {
    throw new VoxelwrightError("argument", "There are no segments yet.", { advice: "Label something first." });
  }
  const open = all.filter(({ locked }) => !locked);
  if (open.length === 0) {
    throw new VoxelwrightError("locked", "All segments are locked.", { advice: "Unlock those that may change." });
  }
  return open.map(({ value }) => value);
}

function requireUnlocked({ value, name, locked }: Segment): void {
  if (!locked) return;
  throw new VoxelwrightError("locked", "The segment is locked.", {
    subject: name,
    advice: "Unlock it to change it.",
    fields: { segment: value },
  });
}
