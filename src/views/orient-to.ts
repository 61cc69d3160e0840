import { cross, dot, scale } from "#base";
import type { ImageGrid, PlaneDirections } from "#volume";
import { orient, type TurnedState } from "./orient.ts";
import { planeFrame } from "./plane-frame.ts";
import { type PlaneOrientation, shortestWay, straightened } from "./plane-orientation.ts";
import { PLANE_NAMES } from "./plane-name.ts";

/** Planes whose normals differ by less than this show the same, as a cosine: about half a degree. */
const PARALLEL = 0.99996;

/** Turns the planes about the crosshair, the least way from straight, so that one of them is parallel to `plane`; where one is, not at all. */
export function orientTo(state: TurnedState, grid: ImageGrid, { right, down }: PlaneDirections): void {
  const now = state.orientation.peek();
  const normal = cross(right, down);
  const frames = (orientation: PlaneOrientation) => PLANE_NAMES.map((name) => planeFrame(grid, name, orientation));
  if (frames(now).some((frame) => Math.abs(dot(frame.normal, normal)) > PARALLEL)) return;
  const nearest = frames(straightened(now)).reduce((best, frame) =>
    Math.abs(dot(frame.normal, normal)) > Math.abs(dot(best.normal, normal)) ? frame : best,
  );
  const side = dot(nearest.normal, normal) < 0 ? -1 : 1;
  orient(state, grid, { base: now.base, rotation: shortestWay(nearest.normal, scale(normal, side), nearest.down) });
}
