import { type Quaternion, turned, type PlaneOrientation } from "./plane-orientation.ts";
import type { PlaneFrame } from "./plane-frame.ts";
import type { PlaneName } from "./plane-name.ts";

/** A grip on another plane's line, by which both other planes are turned about the crosshair. */
export interface Handle {
  readonly plane: PlaneName;
  readonly color: string;
  /** Device pixels. */
  readonly x: number;
  readonly y: number;
}

/** Distance of handles from the crosshair, as a share of the view's smaller side. */
const HANDLE_SHARE = 0.34;

/** How near the pointer must come, CSS pixels. */
export const HANDLE_REACH_PX = 9;

/** Nearer to where planes are straight than this they become so, degrees; the planes then are exactly along their base again. */
const SNAP_DEGREES = 1.5;

/** Two handles on a line through `center` along `direction` (device pixels), those within the picture. */
export function handlesOn(
  plane: PlaneName,
  color: string,
  center: readonly [number, number],
  direction: readonly [number, number],
  size: { readonly width: number; readonly height: number },
): Handle[] {
  const long = Math.hypot(direction[0], direction[1]);
  if (long === 0) return [];
  const reach = Math.min(size.width, size.height) * HANDLE_SHARE;
  return [1, -1]
    .map((side) => ({
      plane,
      color,
      x: center[0] + (side * reach * direction[0]) / long,
      y: center[1] + (side * reach * direction[1]) / long,
    }))
    .filter(({ x, y }) => x >= 0 && y >= 0 && x < size.width && y < size.height);
}

/** A drag of a handle: from where it began to where the pointer is, both from the crosshair, pixels with y downwards. */
export interface Turn {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

/**
 * The planes turned about a view's normal as its handle is dragged. They come to rest exactly where the rotation about that normal
 * is undone, when it nearly is; `free` leaves them as they are dragged.
 */
export function turnedBy(
  start: PlaneOrientation,
  { normal }: PlaneFrame,
  { from, to }: Turn,
  free: boolean,
): PlaneOrientation {
  // Right and down on screen and the normal into it are right-handed, so angles on screen are angles about the normal.
  const radians = Math.atan2(from[0] * to[1] - from[1] * to[0], from[0] * to[0] + from[1] * to[1]);
  const next = turned(start, normal, radians);
  if (free) return next;
  const about = twist(next.rotation, normal);
  return Math.abs(about) < (SNAP_DEGREES * Math.PI) / 180 ? turned(next, normal, -about) : next;
}

/** The part of a rotation about a unit vector, radians from −π to π. */
function twist([x, y, z, w]: Quaternion, axis: readonly [number, number, number]): number {
  const angle = 2 * Math.atan2(x * axis[0] + y * axis[1] + z * axis[2], w);
  return angle > Math.PI ? angle - 2 * Math.PI : angle < -Math.PI ? angle + 2 * Math.PI : angle;
}
