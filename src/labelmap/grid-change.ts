import {
  type Affine,
  applyAffine,
  applyLinear,
  composeAffine,
  cross,
  dot,
  scale,
  subtract,
  type Vec3,
  VoxelwrightError,
} from "#base";
import { ImageGrid, type ImageGridData, type PointLps } from "#volume";
import * as v from "valibot";
import { canonicalJson } from "./canonical-json.ts";
import type { JournalEntry } from "./entry.ts";
import type { Measurement, MeasurementEdit, MeasurementPlane } from "./measurement.ts";

/** Command of an entry that gives the voxels of the study another size: voxels stay, and where they lie changes. */
export const SPACING_COMMAND = "study.setSpacing";

/** An entry that gives the voxels another size. */
export interface GridChange {
  readonly sequence: number;
  readonly from: ImageGridData;
  readonly to: ImageGridData;
}

const finite = v.pipe(v.number(), v.finite());
const gridSchema = v.strictObject({
  dims: v.strictTuple([finite, finite, finite]),
  indexToLps: v.pipe(v.array(finite), v.length(12)),
  sliceOffsetsMm: v.exactOptional(v.array(finite)),
});
const argumentsSchema = v.looseObject({ from: gridSchema, to: gridSchema });

/** The grids that an entry of `SPACING_COMMAND` tells of. Throws `integrity` for what is no such change. */
export function gridChangeOf({ sequence, arguments: args }: Pick<JournalEntry, "sequence" | "arguments">): GridChange {
  const parsed = v.safeParse(argumentsSchema, args);
  if (!parsed.success) throw fault("The entry does not say how large voxels were, and are.");
  const [from, to] = [parsed.output.from, parsed.output.to] as unknown as readonly [ImageGridData, ImageGridData];
  if (canonicalJson(kept(from)) !== canonicalJson(kept(to))) {
    throw fault("The entry changes more of the grid than the size of voxels.");
  }
  return { sequence, from, to };
}

/** Points and directions of a measurement at the same voxels after a change. */
export function moveWithVoxels(
  { points, plane }: Pick<Measurement, "points" | "plane">,
  { from, to }: Pick<GridChange, "from" | "to">,
): Pick<Measurement, "points" | "plane"> {
  const affine = composeAffine(new ImageGrid(to).indexToLps, new ImageGrid(from).lpsToIndex);
  const moved = points.map((point) => applyAffine(affine, point));
  if (!plane) return { points: moved };
  const turned = movedPlane(plane, affine);
  return { points: moved.map((point) => intoPlane(point, moved[0]!, turned)), plane: turned };
}

/** Edits that an entry made before some changes of the grid, as they would be after all of them. */
export function movedEdits(
  edits: readonly MeasurementEdit[],
  sequence: number,
  changes: readonly GridChange[],
): readonly MeasurementEdit[] {
  const later = changes.filter((change) => change.sequence > sequence);
  const moved = (state: Measurement | undefined): Measurement | undefined =>
    state && later.reduce((before, change) => ({ ...before, ...moveWithVoxels(before, change) }), state);
  return edits.map(({ id, from, to }) => ({
    id,
    ...(from ? { from: moved(from)! } : {}),
    ...(to ? { to: moved(to)! } : {}),
  }));
}

/** The plane through the moved directions: `right` follows its own, `down` stays at a right angle. */
function movedPlane({ right, down }: MeasurementPlane, affine: Affine): MeasurementPlane {
  const across = unit(applyLinear(affine, right));
  const along = applyLinear(affine, down);
  return { right: across, down: unit(subtract(along, scale(across, dot(along, across)))) };
}

/** Points may lie a little off their plane, which would grow with the voxels. */
function intoPlane(point: PointLps, origin: PointLps, { right, down }: MeasurementPlane): PointLps {
  const normal = cross(right, down);
  return subtract(point, scale(normal, dot(subtract(point, origin), normal)));
}

/** By operations that every engine rounds alike, since an edit moved later must be, to the bit, what was moved then. */
function unit(vector: Vec3): Vec3 {
  return scale(vector, 1 / Math.sqrt(dot(vector, vector)));
}

/** What a change of sizes keeps. */
function kept({ dims, sliceOffsetsMm }: ImageGridData): object {
  return sliceOffsetsMm ? { dims, sliceOffsetsMm } : { dims };
}

function fault(says: string): VoxelwrightError {
  return new VoxelwrightError("integrity", says);
}
