import { add, dot, length, scale, subtract, type Vec3 } from "#base";
import type { CurvedPicture } from "#gpu";
import { leastSpread, pathCurve, placesOnPath, polylineLengthMm } from "#labelmap";
import type { PointLps } from "#volume";
import type { CurveLook } from "./curve-look.ts";
import { rotate } from "./plane-orientation.ts";

/** The picture with what the view says of it. */
export interface CurveInView {
  readonly picture: CurvedPicture;
  /** Of the path in this mode, mm. */
  readonly lengthMm: number;
  /** Millimetres per pixel at a zoom of 1. */
  readonly fittedMmPerPixel: number;
  /** Millimetres along the path of the picture's first column. */
  readonly startMm: number;
}

/** The picture along the path through `points` in a view of `width` × `height` device pixels; undefined for a path of no length. */
export function curveInView(
  points: readonly PointLps[],
  look: CurveLook,
  width: number,
  height: number,
): CurveInView | undefined {
  const path = pathCurve(points);
  const sweep = upright(leastSpread(path));
  const turned = look.mode === "curved" ? turnedAbout(subtract(path.at(-1)!, path[0]!), sweep, look.angleDeg) : sweep;
  const line = look.mode === "curved" ? flattened(path, turned) : path;
  const lengthMm = polylineLengthMm(line);
  if (line.length < 2 || lengthMm === 0 || width < 1 || height < 1) return undefined;
  const fittedMmPerPixel = (lengthMm / width) * 1.02;
  const mmPerPixel = fittedMmPerPixel / look.zoom;
  const startMm = lengthMm / 2 + look.panMm[0] - ((width - 1) / 2) * mmPerPixel;
  const offsets = Float64Array.from({ length: width }, (_, n) => startMm + n * mmPerPixel);
  const columns = placesOnPath(line, offsets, turned).map(({ point, tangent, normal }) => {
    const down = look.mode === "curved" ? normal : turnedAbout(tangent, normal, look.angleDeg);
    return { point: add(point, scale(down, look.panMm[1])), right: tangent, down };
  });
  return { picture: { columns, mmPerPixel, height }, lengthMm, fittedMmPerPixel, startMm };
}

/** Which way a direction points down the screen: to the feet, to the back, or to the patient's left. */
function upright(v: Vec3): Vec3 {
  const main = [2, 1, 0].reduce((most, axis) => (Math.abs(v[axis]!) > Math.abs(v[most]!) + 1e-6 ? axis : most)) as
    | 0
    | 1
    | 2;
  const down = main === 2 ? -v[2] : v[main];
  return down < 0 ? scale(v, -1) : v;
}

function turnedAbout(axis: Vec3, v: Vec3, degrees: number): Vec3 {
  const size = length(axis);
  if (degrees === 0 || size === 0) return v;
  const half = (degrees * Math.PI) / 360;
  const s = Math.sin(half) / size;
  return rotate([axis[0] * s, axis[1] * s, axis[2] * s, Math.cos(half)], v);
}

/** A polyline seen along a direction, on the plane through its first point. */
function flattened(points: readonly PointLps[], along: Vec3): PointLps[] {
  const [first] = points;
  const flat = points.map((point) => subtract(point, scale(along, dot(subtract(point, first!), along))));
  return flat.filter((point, n) => n === 0 || length(subtract(point, flat[n - 1]!)) > 1e-9);
}
