import { batch, dot, type Signal, type Vec3 } from "#base";
import type { ImageGrid, PointLps } from "#volume";
import { planeFrame } from "./plane-frame.ts";
import type { PlaneOrientation } from "./plane-orientation.ts";
import { PLANE_NAMES, type PlaneLook, type PlaneName } from "./plane-name.ts";

/** The parts of the views' state that turning planes changes. */
export interface TurnedState {
  readonly crosshair: Signal<PointLps>;
  readonly orientation: Signal<PlaneOrientation>;
  readonly planes: Readonly<Record<PlaneName, Signal<PlaneLook>>>;
}

/** Turns the three planes about the crosshair, which stays where it is in every view. */
export function orient(state: TurnedState, grid: ImageGrid, next: PlaneOrientation): void {
  const before = state.orientation.value;
  const center = grid.centerLps;
  const at = state.crosshair.value;
  const from: Vec3 = [at[0] - center[0], at[1] - center[1], at[2] - center[2]];
  batch(() => {
    state.orientation.value = next;
    for (const name of PLANE_NAMES) {
      const was = planeFrame(grid, name, before);
      const is = planeFrame(grid, name, next);
      const { zoom, panMm } = state.planes[name].value;
      state.planes[name].value = {
        zoom,
        panMm: [
          panMm[0] + dot(from, is.right) - dot(from, was.right),
          panMm[1] + dot(from, is.down) - dot(from, was.down),
        ],
      };
    }
  });
}
