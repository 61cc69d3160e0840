import type { Dims } from "#volume";
import type { SpacingMm } from "../kernel-data.ts";
import type { DrawnPlane, ParallelPlanes } from "./fill.api.ts";
import { directionOf, thicknessMm } from "./plane-frame.ts";

/** Planes that are parallel, slices across an axis or not, and those beside them. */
export type PlaneStack = ParallelPlanes & {
  /** The axis and the slices, ascending, where all are slices across it. */
  readonly aligned?: { readonly axis: 0 | 1 | 2; readonly slices: readonly number[] };
  readonly others: readonly DrawnPlane[];
};

/** Sine of the angle up to which planes are parallel: 0.05 mm in 500. */
const PARALLEL = 1e-4;
/** Millimetres within which planes lie in one place. */
const SAME = 1e-3;

/**
 * The direction with most planes, two or more and not all side by side, and the planes beside them; of equal ones that which reaches
 * farthest. Undefined where the planes beside it are more: a field through all is nearer to the truth then; and where two stacks are
 * equal in both, of which none comes first. Throws `argument` for planes that are none.
 */
export function largestStack(drawn: readonly DrawnPlane[], dims: Dims, spacingMm: SpacingMm): PlaneStack | undefined {
  let best: (PlaneStack & { readonly reachMm: number }) | undefined;
  let equal = false;
  for (const { normal, members } of directionsOf(drawn, dims, spacingMm)) {
    const placed = members.map(({ plane, depthMm }) => ({ plane, depthMm: depthMm(normal) }));
    placed.sort((a, b) => a.depthMm - b.depthMm);
    const apart = placed.filter(({ depthMm }, n) => n === 0 || depthMm - placed[n - 1]!.depthMm > SAME);
    const reachMm = apart.at(-1)!.depthMm - apart[0]!.depthMm;
    if (apart.length < 2 || reachMm < (apart.length - 0.5) * thicknessMm(normal, spacingMm)) continue;
    const ahead = apart.length - (best?.planes.length ?? 0) || reachMm - (best?.reachMm ?? 0);
    equal = ahead === 0 || (equal && ahead < 0);
    if (ahead <= 0) continue;
    const depthsMm = apart.map(({ depthMm }) => depthMm);
    const own = new Set(members.map(({ plane }) => plane));
    best = {
      normal,
      planes: apart.map(({ plane }) => plane),
      depthsMm,
      ...alignedOf(normal, depthsMm, spacingMm),
      others: drawn.filter((plane) => !own.has(plane)),
      reachMm,
    };
  }
  return !best || equal || best.others.length > best.planes.length ? undefined : best;
}

type Vector = readonly [number, number, number];

interface Direction {
  readonly normal: Vector;
  readonly members: { readonly plane: DrawnPlane; depthMm(normal: Vector): number }[];
}

/** Planes by direction: index axes first, then the normals of planes in the order of their parts, so that the order given does not count. */
function directionsOf(drawn: readonly DrawnPlane[], dims: Dims, spacingMm: SpacingMm): Direction[] {
  const found: Direction[] = ([0, 1, 2] as const).map((axis) => ({
    normal: [axis === 0 ? 1 : 0, axis === 1 ? 1 : 0, axis === 2 ? 1 : 0],
    members: [],
  }));
  const all = drawn.map((plane) => {
    const { point, normal } = directionOf(plane, dims);
    const place = point.map((index, axis) => index * spacingMm[axis]!);
    const depthMm = (along: Vector): number => place[0]! * along[0] + place[1]! * along[1] + place[2]! * along[2];
    return { plane, normal: upwards(normal), depthMm };
  });
  all.sort((a, b) => a.normal[0] - b.normal[0] || a.normal[1] - b.normal[1] || a.normal[2] - b.normal[2]);
  for (const { plane, normal, depthMm } of all) {
    let own = found.find((direction) => sine(direction.normal, normal) < PARALLEL);
    if (!own) found.push((own = { normal, members: [] }));
    own.members.push({ plane, depthMm });
  }
  return found.filter(({ members }) => members.length > 0);
}

/** The axis that a direction leans to most, the first of equal ones. */
export function mainAxis(normal: Vector): 0 | 1 | 2 {
  const [x, y, z] = [Math.abs(normal[0]), Math.abs(normal[1]), Math.abs(normal[2])];
  if (x >= y && x >= z) return 0;
  return y >= z ? 1 : 2;
}

function upwards(normal: Vector): Vector {
  return normal[mainAxis(normal)] > 0 ? normal : [-normal[0], -normal[1], -normal[2]];
}

function sine(a: Vector, b: Vector): number {
  return Math.hypot(a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]);
}

/** Planes that are slices across an index axis, however they are given. */
function alignedOf(normal: Vector, depthsMm: readonly number[], spacingMm: SpacingMm): Pick<PlaneStack, "aligned"> {
  const axis = mainAxis(normal);
  const slices = depthsMm.map((depthMm) => Math.round(depthMm / spacingMm[axis]));
  const exact = depthsMm.every((depthMm, n) => Math.abs(depthMm - slices[n]! * spacingMm[axis]) < SAME);
  return exact && normal[axis] === 1 ? { aligned: { axis, slices } } : {};
}
