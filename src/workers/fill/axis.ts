import { VoxelwrightError } from "#base";
import { type Axis, type Occupancy, occupiedSlices } from "./occupancy.ts";

const AXES: readonly Axis[] = [0, 1, 2];

/**
 * The axis across which slices were annotated. Along it a segment's slices stand alone, both neighbours empty; along the others
 * they hang together. So: the one axis along which most occupied slices of all segments stand alone; failing that, the one axis
 * along which any segment has an empty slice between occupied ones. Undefined when it is not one.
 */
export function findAxis(segments: ReadonlyMap<number, Occupancy>): Axis | undefined {
  const alone = AXES.filter((axis) => shareAlone(segments, axis) > 0.5);
  if (alone.length === 1) return alone[0]!;
  const gapped = AXES.filter((axis) => hasGap(segments, axis));
  if (gapped.length === 1) return gapped[0]!;
  return undefined;
}

/** For annotated slices whose axis cannot be told: `argument`, with advice. */
export function axisUnclear(segments: ReadonlyMap<number, Occupancy>): VoxelwrightError {
  if (!AXES.some((axis) => hasGap(segments, axis))) {
    return new VoxelwrightError(
      "argument",
      "There is nothing to fill: no segment has an empty slice between annotated ones.",
      {
        advice: "Annotate two or more slices with empty slices between them.",
      },
    );
  }
  return new VoxelwrightError("argument", "It is not clear across which axis slices were annotated.", {
    advice: "Say across which axis, or which planes.",
  });
}

function shareAlone(segments: ReadonlyMap<number, Occupancy>, axis: Axis): number {
  let occupied = 0;
  let alone = 0;
  for (const occupancy of segments.values()) {
    const slices = occupancy[axis];
    const numbers = occupiedSlices(slices);
    // A segment on one slice only says nothing about slices to fill between.
    if (numbers.length < 2) continue;
    occupied += numbers.length;
    alone += numbers.filter((n) => !slices[n - 1] && !slices[n + 1]).length;
  }
  return occupied === 0 ? 0 : alone / occupied;
}

function hasGap(segments: ReadonlyMap<number, Occupancy>, axis: Axis): boolean {
  return [...segments.values()].some((occupancy) => {
    const numbers = occupiedSlices(occupancy[axis]);
    return numbers.length > 1 && numbers.at(-1)! - numbers[0]! >= numbers.length;
  });
}
