import type { LpsPlane } from "#gpu";
import type { ImageGrid } from "#volume";
import { planeFrame, sliceOf } from "./plane-frame.ts";
import { PLANE_NAMES, type PlaneName } from "./plane-name.ts";
import type { ViewState } from "./view-state.ts";

/** The three planes as their views show them: through the middle of a slice of voxels, or turned about the crosshair. */
export function shownPlanes(grid: ImageGrid, state: ViewState): (LpsPlane & { readonly name: PlaneName })[] {
  return PLANE_NAMES.map((name) => {
    const frame = planeFrame(grid, name, state.orientation.value);
    const crosshair = state.crosshair.value;
    if (!frame.aligned) return { name, point: crosshair, normal: frame.normal };
    const ijk = [...grid.toIndex(crosshair)] as [number, number, number];
    ijk[frame.axis] = sliceOf(grid, frame, crosshair);
    return { name, point: grid.toLps(ijk), normal: frame.normal };
  });
}
