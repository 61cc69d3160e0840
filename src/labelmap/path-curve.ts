import { add, cross, dot, length, normalize, scale, subtract, type Vec3 } from "#base";
import type { PointLps } from "#volume";

/** Points that are nearer to the one before, mm, are passed over: no way could be told from them. */
const SAME_MM = 1e-6;

/** Pieces that the curve between two points is drawn in: its length comes out short by less than a thousandth. */
const PIECES = 32;

/**
 * The smooth curve through points, as a polyline: centripetal Catmull–Rom, which has no loops and no cusps however unevenly the points
 * lie (Yuksel, Schaefer and Keyser, Parameterization and applications of Catmull–Rom curves, 2011). Points of the path are points of
 * the polyline; points that lie on the one before are passed over.
 */
export function pathCurve(points: readonly PointLps[]): PointLps[] {
  const own: PointLps[] = [];
  for (const point of points) {
    if (own.length === 0 || length(subtract(point, own.at(-1)!)) > SAME_MM) own.push(point);
  }
  if (own.length < 3) return own;
  // Beyond the ends the path goes on as it came, mirrored in the end point.
  const before = subtract(scale(own[0]!, 2), own[1]!);
  const after = subtract(scale(own.at(-1)!, 2), own.at(-2)!);
  const all = [before, ...own, after];
  const curve: PointLps[] = [own[0]!];
  for (let n = 1; n + 2 < all.length; n++) {
    const [a, b, c, d] = [all[n - 1]!, all[n]!, all[n + 1]!, all[n + 2]!];
    for (let piece = 1; piece < PIECES; piece++) curve.push(catmullRom(a, b, c, d, piece / PIECES));
    curve.push(c);
  }
  return curve;
}

/** Length of a polyline, mm. */
export function polylineLengthMm(points: readonly PointLps[]): number {
  return points.reduce((sum, point, n) => (n === 0 ? 0 : sum + length(subtract(point, points[n - 1]!))), 0);
}

/** A place on a path: where it is, the way it goes there, and a direction at a right angle that turns no more than it must. */
export interface PathPlace {
  readonly point: PointLps;
  /** Unit vector, LPS. */
  readonly tangent: Vec3;
  /** Unit vector, LPS, at a right angle to `tangent`. */
  readonly normal: Vec3;
}

/**
 * Places at `offsetsMm` along a polyline, ascending; beyond its ends the path goes straight on. The normals begin nearest to `towards`
 * and are carried along by double reflection (Wang, Jüttler, Zheng and Liu, Computation of rotation minimizing frames, 2008), so that
 * what a normal sweeps does not twist about the path.
 */
export function placesOnPath(polyline: readonly PointLps[], offsetsMm: ArrayLike<number>, towards: Vec3): PathPlace[] {
  const nodes = pathNodes(polyline, towards);
  const places: PathPlace[] = [];
  let at = 0;
  for (let n = 0; n < offsetsMm.length; n++) {
    const offset = offsetsMm[n]!;
    while (at + 2 < nodes.length && nodes[at + 1]!.offsetMm <= offset) at++;
    const [a, b] = [nodes[at]!, nodes[at + 1]!];
    const share = (offset - a.offsetMm) / (b.offsetMm - a.offsetMm);
    const point = add(a.point, scale(subtract(b.point, a.point), share));
    const within = Math.min(Math.max(share, 0), 1);
    const tangent = mixed(a.tangent, b.tangent, within);
    const normal = acrossTo(mixed(a.normal, b.normal, within), tangent);
    places.push({ point, tangent, normal });
  }
  return places;
}

/** The direction that points spread least along, a unit vector; for points on one line the patient axis most at right angles to it. */
export function leastSpread(points: readonly PointLps[]): Vec3 {
  const middle = scale(
    points.reduce((sum: Vec3, point) => add(sum, point), [0, 0, 0]),
    1 / points.length,
  );
  const around = points.map((point) => subtract(point, middle));
  const main = direction(around.reduce((most, one) => (length(one) > length(most) ? one : most)));
  const across = around.map((one) => subtract(one, scale(main, dot(one, main))));
  const widest = across.reduce((most, one) => (length(one) > length(most) ? one : most));
  if (length(widest) > 1e-3 * around.reduce((most, one) => Math.max(most, length(one)), 0))
    return normalize(cross(main, widest));
  const axes: readonly Vec3[] = [
    [0, 0, 1],
    [0, 1, 0],
    [1, 0, 0],
  ];
  const best = axes.reduce((most, axis) =>
    Math.abs(dot(axis, main)) < Math.abs(dot(most, main)) - 1e-9 ? axis : most,
  );
  return acrossTo(best, main);
}

interface PathNode extends PathPlace {
  readonly offsetMm: number;
}

function pathNodes(polyline: readonly PointLps[], towards: Vec3): PathNode[] {
  const tangents = polyline.map((point, n) => {
    const before = n > 0 ? direction(subtract(point, polyline[n - 1]!)) : undefined;
    const after = n + 1 < polyline.length ? direction(subtract(polyline[n + 1]!, point)) : undefined;
    return before && after ? mixed(before, after, 0.5) : (before ?? after)!;
  });
  const nodes: PathNode[] = [];
  for (const [n, point] of polyline.entries()) {
    const last = nodes.at(-1);
    const tangent = tangents[n]!;
    const offsetMm = last ? last.offsetMm + length(subtract(point, last.point)) : 0;
    nodes.push({ point, tangent, offsetMm, normal: last ? carried(last, point, tangent) : acrossTo(towards, tangent) });
  }
  return nodes;
}

/** The normal of a place carried to the next one: reflected in the plane between the points, then in that between the tangents. */
function carried({ point, tangent, normal }: PathPlace, next: PointLps, nextTangent: Vec3): Vec3 {
  const reflect = (v: Vec3, mirror: Vec3): Vec3 => {
    const square = dot(mirror, mirror);
    return square < 1e-18 ? v : subtract(v, scale(mirror, (2 * dot(mirror, v)) / square));
  };
  const step = subtract(next, point);
  const mirror = subtract(nextTangent, reflect(tangent, step));
  return acrossTo(reflect(reflect(normal, step), mirror), nextTangent);
}

/** The unit vector at a right angle to `tangent` that is nearest to `v`; any where `v` lies along it. */
function acrossTo(v: Vec3, tangent: Vec3): Vec3 {
  const across = subtract(v, scale(tangent, dot(v, tangent)));
  if (length(across) > 1e-6) return normalize(across);
  const other: Vec3 = Math.abs(tangent[0]) < 0.9 ? [1, 0, 0] : [0, 1, 0];
  return normalize(subtract(other, scale(tangent, dot(other, tangent))));
}

function mixed(a: Vec3, b: Vec3, share: number): Vec3 {
  const mix = add(scale(a, 1 - share), scale(b, share));
  return length(mix) > 1e-9 ? normalize(mix) : a;
}

function direction(v: Vec3): Vec3 {
  return length(v) > 0 ? normalize(v) : [1, 0, 0];
}

/** The curve between `b` and `c` by Barry and Goldman's pyramid, knots apart by the root of the distances. */
function catmullRom(a: PointLps, b: PointLps, c: PointLps, d: PointLps, share: number): PointLps {
  const t0 = 0;
  const t1 = t0 + Math.sqrt(length(subtract(b, a)));
  const t2 = t1 + Math.sqrt(length(subtract(c, b)));
  const t3 = t2 + Math.sqrt(length(subtract(d, c)));
  const t = t1 + (t2 - t1) * share;
  const mix = (p: Vec3, q: Vec3, from: number, to: number): Vec3 =>
    add(scale(p, (to - t) / (to - from)), scale(q, (t - from) / (to - from)));
  const ab = mix(a, b, t0, t1);
  const bc = mix(b, c, t1, t2);
  const cd = mix(c, d, t2, t3);
  return mix(mix(ab, bc, t0, t2), mix(bc, cd, t1, t3), t1, t2);
}
