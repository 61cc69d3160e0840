import { cross, dot, normalize, type Vec3 } from "#base";

/** A rotation as a unit quaternion: vector part, then the real part. */
export type Quaternion = readonly [x: number, y: number, z: number, w: number];

/**
 * How the three planes lie: along the voxel axes or along the patient's, then turned together by `rotation`, so that they stay at right
 * angles to each other.
 */
export interface PlaneOrientation {
  readonly base: "voxel" | "patient";
  readonly rotation: Quaternion;
}

const NO_ROTATION: Quaternion = [0, 0, 0, 1];

/** Planes along the voxel axes: what is drawn on a plane is drawn on an acquired slice. */
export const STRAIGHT: PlaneOrientation = { base: "voxel", rotation: NO_ROTATION };

/** Planes along the patient's axes. */
const UPRIGHT: PlaneOrientation = { base: "patient", rotation: NO_ROTATION };

/** The same planes as they are when nothing is turned. */
export function straightened({ base }: PlaneOrientation): PlaneOrientation {
  return base === "voxel" ? STRAIGHT : UPRIGHT;
}

/** Closer than this to straight counts as straight, radians: a thousandth of a degree. */
const STRAIGHT_WITHIN = 1.75e-5;

/** Whether nothing is turned. */
export function isStraight({ rotation }: PlaneOrientation): boolean {
  return 2 * Math.atan2(Math.hypot(rotation[0], rotation[1], rotation[2]), Math.abs(rotation[3])) < STRAIGHT_WITHIN;
}

/** Turned by `radians` about a unit vector in LPS, right-handed. */
export function turned({ base, rotation }: PlaneOrientation, axis: Vec3, radians: number): PlaneOrientation {
  const half = radians / 2;
  const s = Math.sin(half);
  return { base, rotation: unit(times([axis[0] * s, axis[1] * s, axis[2] * s, Math.cos(half)], rotation)) };
}

/** A vector turned by a unit quaternion. */
export function rotate([x, y, z, w]: Quaternion, v: Vec3): Vec3 {
  const tx = 2 * (y * v[2] - z * v[1]);
  const ty = 2 * (z * v[0] - x * v[2]);
  const tz = 2 * (x * v[1] - y * v[0]);
  return [v[0] + w * tx + y * tz - z * ty, v[1] + w * ty + z * tx - x * tz, v[2] + w * tz + x * ty - y * tx];
}

/** The rotation by the least angle from one unit vector to another; about `half`, at right angles to both, where they are opposite. */
export function shortestWay(from: Vec3, to: Vec3, half: Vec3): Quaternion {
  const w = 1 + dot(from, to);
  if (w < 1e-12) return [half[0], half[1], half[2], 0];
  const [x, y, z] = cross(from, to);
  return unit([x, y, z, w]);
}

/** Of length 1; throws nothing: a quaternion of zeros means no rotation. */
export function unit(q: Quaternion): Quaternion {
  const size = Math.hypot(...q);
  return size === 0 ? NO_ROTATION : [q[0] / size, q[1] / size, q[2] / size, q[3] / size];
}

/** Angle between two directions, degrees, exact near 0 and 180. */
export function degreesBetween(a: Vec3, b: Vec3): number {
  const [p, q] = [normalize(a), normalize(b)];
  const apart = Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
  const together = Math.hypot(p[0] + q[0], p[1] + q[1], p[2] + q[2]);
  return (2 * Math.atan2(apart, together) * 180) / Math.PI;
}

/** Angle from `from` to `to` seen along `axis`, degrees from −180 to 180, right-handed; both are projected. */
export function degreesAbout(axis: Vec3, from: Vec3, to: Vec3): number {
  return (Math.atan2(dot(axis, cross(from, to)), dot(from, to) - dot(axis, from) * dot(axis, to)) * 180) / Math.PI;
}

function times(a: Quaternion, b: Quaternion): Quaternion {
  return [
    a[3] * b[0] + a[0] * b[3] + a[1] * b[2] - a[2] * b[1],
    a[3] * b[1] - a[0] * b[2] + a[1] * b[3] + a[2] * b[0],
    a[3] * b[2] + a[0] * b[1] - a[1] * b[0] + a[2] * b[3],
    a[3] * b[3] - a[0] * b[0] - a[1] * b[1] - a[2] * b[2],
  ];
}
