import { cross, normalize, type Vec3 } from "#base";
import type { RayCamera } from "#gpu";

/** A parallel camera looking along `forward` through `center`: `widthMm` × `heightMm` on `±depthMm`. */
export function parallelCamera(
  center: Vec3,
  forward: Vec3,
  up: Vec3,
  widthMm: number,
  heightMm: number,
  depthMm: number,
): RayCamera {
  const f = normalize(forward);
  const r = normalize(cross(f, up));
  const u = cross(r, f);
  const column = (v: Vec3, by: number, w: number): number[] => [v[0] * by, v[1] * by, v[2] * by, w];
  return {
    clipToLps: [
      ...column(r, widthMm / 2, 0),
      ...column(u, heightMm / 2, 0),
      ...column(f, depthMm * 2, 0),
      center[0] - f[0] * depthMm,
      center[1] - f[1] * depthMm,
      center[2] - f[2] * depthMm,
      1,
    ],
  };
}

/** The ray of a pixel: from the near plane, with the unit direction, LPS mm. */
export function pixelRay(
  camera: RayCamera,
  width: number,
  height: number,
  x: number,
  y: number,
): { near: Vec3; dir: Vec3; length: number } {
  const clip = [((x + 0.5) / width) * 2 - 1, 1 - ((y + 0.5) / height) * 2];
  const at = (z: number): Vec3 => {
    const m = camera.clipToLps;
    const row = (n: number): number => m[n]! * clip[0]! + m[4 + n]! * clip[1]! + m[8 + n]! * z + m[12 + n]!;
    return [row(0) / row(3), row(1) / row(3), row(2) / row(3)];
  };
  const near = at(0);
  const far = at(1);
  const span: Vec3 = [far[0] - near[0], far[1] - near[1], far[2] - near[2]];
  return { near, dir: normalize(span), length: Math.hypot(...span) };
}
