import { VoxelwrightError } from "#base";
import type { Dims, IndexBox } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import { transfer } from "../wire.ts";
import { type BendingField, bendingField, type SegmentPlanes } from "./bending-field.ts";
import type { PlaneRequest } from "./fill.api.ts";
import { findOccupancy, type LabelOccupancy } from "./occupancy.ts";
import { type PlaneFrame, planeFrame } from "./plane-frame.ts";
import { PlaneLabels } from "./plane-shapes.ts";

/** Solves every `of`-th segment's field from the `nth` on. */
export interface FieldsPart extends PlaneRequest {
  readonly nth: number;
  readonly of: number;
}

/** Nodes of a field at most, and of all fields together. */
const MOST_NODES = 200_000;
const ALL_NODES = 4_000_000;
/** Nodes that a field has room for however many there are. */
const LEAST_NODES = 8_000;

/** The fields of a part, the union of all segments among them where there are several. */
export async function bendFields(context: TaskContext, part: FieldsPart): Promise<BendingField[]> {
  const labels = context.maps![0]!;
  const planes = drawnPlanes(context, part).map((frame) => new PlaneLabels(labels, frame, part.spacingMm));
  const drawn = new Set(planes.flatMap((plane) => [...plane.segments()]));
  const segments = [...drawn].filter((segment) => part.segments?.includes(segment) ?? true).sort((a, b) => a - b);
  if (segments.length === 0) {
    throw new VoxelwrightError("argument", "There is nothing to fill: no chosen segment is drawn on the given planes.");
  }
  const all = segments.length > 1 ? [0, ...segments] : segments;
  const mostNodes = Math.min(MOST_NODES, Math.max(LEAST_NODES, Math.floor(ALL_NODES / all.length)));
  const fields: BendingField[] = [];
  for (const [n, segment] of all.entries()) {
    if (n % part.of !== part.nth) continue;
    const chosen = new Set(segment === 0 ? segments : [segment]);
    const shapes: SegmentPlanes = {
      segment,
      planes: planes.map((plane) => ({ labels: plane, shape: plane.shape(chosen) })),
    };
    const field = await bendingField(context, shapes, part.spacingMm, mostNodes);
    if (field) fields.push(field);
  }
  return transfer(
    fields,
    fields.map(({ values }) => values.buffer),
  );
}

/** Frames of the planes that come near the labels. Throws `argument` where there are no labels, or planes that are none. */
export function drawnPlanes(context: TaskContext, { drawn, segments, spacingMm }: PlaneRequest): PlaneFrame[] {
  const { dims } = context.maps![0]!;
  const box = boxOfLabels(findOccupancy(context, context.maps![0]!, segments), dims, PAD);
  return drawn.flatMap((plane) => planeFrame(plane, dims, spacingMm, box) ?? []);
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
