import { VoxelwrightError } from "#base";
import type { Dims, IndexBox } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import type { PlaneRequest } from "./fill.api.ts";
import { findOccupancy, type LabelOccupancy } from "./occupancy.ts";
import { type PlaneFrame, planeFrame } from "./plane-frame.ts";

/** Frames of the planes that come near the labels. Throws `argument` where there are no labels, or planes that are none. */
export function drawnPlanes(context: TaskContext, { drawn, segments, spacingMm }: PlaneRequest): PlaneFrame[] {
  const { dims } = context.maps![0]!;
  const box = nearLabels(context, segments);
  return drawn.flatMap((plane) => planeFrame(plane, dims, spacingMm, box) ?? []);
}

/** The box in which planes say what is drawn. Throws `argument` where there are no labels. */
export function nearLabels(context: TaskContext, segments: readonly number[] | undefined): IndexBox {
  const map = context.maps![0]!;
  return boxOfLabels(findOccupancy(context, map, segments), map.dims, PAD);
}

/** Voxels around the labels in which planes say that nothing is there. */
const PAD = 12;

/** The box of the chosen segments and `pad` voxels around it. Throws `argument` where there are none. */
export function boxOfLabels({ segments }: LabelOccupancy, dims: Dims, pad: number): IndexBox {
  if (segments.size === 0) {
    throw new VoxelwrightError("argument", "There is nothing to fill: no chosen segment is drawn.");
  }
  const ends = ([0, 1, 2] as const).map((axis) => {
    let [first, last] = [dims[axis], -1];
    for (const { [axis]: slices } of segments.values()) {
      first = Math.min(first, slices.indexOf(1));
      last = Math.max(last, slices.lastIndexOf(1));
    }
    return [Math.max(0, first - pad), Math.min(dims[axis], last + 1 + pad)] as const;
  });
  return {
    min: ends.map(([min]) => min) as unknown as Dims,
    max: ends.map(([, max]) => max) as unknown as Dims,
  };
}
