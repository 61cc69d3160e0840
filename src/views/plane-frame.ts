import { applyLinear, cross, dot, normalize, scale, subtract, type Vec3 } from "#base";
import type { SlicePlane } from "#gpu";
import type { ImageGrid, PointLps } from "#volume";
import { isStraight, type PlaneOrientation, rotate, shortestWay, STRAIGHT } from "./plane-orientation.ts";
import type { PlaneLook, PlaneName } from "./plane-name.ts";

/**
 * How a plane view looks at a grid, in true millimetres: the plane of two voxel axes nearest to the anatomical plane, or the anatomical
 * plane itself, as it is or turned. The patient's right is on the left of the screen, the head up, the face to the left in a
 * sagittal view.
 */
export interface PlaneFrame {
  readonly name: PlaneName;
  /** Voxel axis across the plane, or nearest to that. */
  readonly axis: 0 | 1 | 2;
  /** Whether the plane lies in a slice of voxels, so that what is drawn on it is drawn on that slice. */
  readonly aligned: boolean;
  /** Unit vectors in LPS: to the right, down, into the screen; at right angles. */
  readonly right: Vec3;
  readonly down: Vec3;
  readonly normal: Vec3;
  /** +1 when a higher index on `axis` lies towards superior, anterior or left, which is where a step up goes. */
  readonly up: 1 | -1;
}

/** Voxel axes nearest to left, posterior and superior, each used once. */
export function anatomicalAxes(grid: ImageGrid): readonly [0 | 1 | 2, 0 | 1 | 2, 0 | 1 | 2] {
  const directions = ([0, 1, 2] as const).map((axis) => normalize(grid.axis(axis)));
  const orders = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ] as const;
  const fit = (order: (typeof orders)[number]): number =>
    order.reduce((sum: number, axis, n) => sum + Math.abs(directions[axis]![n]!), 0);
  return [...orders].sort((a, b) => fit(b) - fit(a))[0]!;
}

/** Screen directions of each view in LPS: right, down, and where a step up goes. */
const SCREEN: Readonly<
  Record<
    PlaneName,
    { across: 0 | 1 | 2; right: readonly [0 | 1 | 2, 1 | -1]; down: readonly [0 | 1 | 2, 1 | -1]; up: 1 | -1 }
  >
> = {
  axial: { across: 2, right: [0, 1], down: [1, 1], up: 1 },
  coronal: { across: 1, right: [0, 1], down: [2, -1], up: -1 },
  sagittal: { across: 0, right: [1, 1], down: [2, -1], up: 1 },
};

/** Frames by grid and orientation, both of which stay as they are: every picture asks for those of all three planes. */
const known = new WeakMap<ImageGrid, WeakMap<PlaneOrientation, Map<PlaneName, PlaneFrame>>>();

/** How a view looks at a grid; the same object for the same orientation. */
export function planeFrame(grid: ImageGrid, name: PlaneName, orientation: PlaneOrientation = STRAIGHT): PlaneFrame {
  let ofGrid = known.get(grid);
  if (!ofGrid) known.set(grid, (ofGrid = new WeakMap()));
  let frames = ofGrid.get(orientation);
  if (!frames) ofGrid.set(orientation, (frames = new Map()));
  let frame = frames.get(name);
  if (!frame) frames.set(name, (frame = frameOf(grid, name, orientation)));
  return frame;
}

function frameOf(grid: ImageGrid, name: PlaneName, orientation: PlaneOrientation): PlaneFrame {
  const base = orientation.base === "voxel" ? voxelFrame(grid, name) : patientFrame(grid, name);
  if (isStraight(orientation)) return base;
  // Tilted the shortest way, so that a picture does not roll: turning the others leaves it as it is, with the lines on it turned.
  const tilt = shortestWay(base.normal, rotate(orientation.rotation, base.normal), base.down);
  return facing(grid, name, rotate(tilt, base.right), rotate(tilt, base.down));
}

/** The plane of two voxel axes. */
function voxelFrame(grid: ImageGrid, name: PlaneName): PlaneFrame {
  const axes = anatomicalAxes(grid);
  const screen = SCREEN[name];
  const along = ([lps, sign]: readonly [0 | 1 | 2, 1 | -1]): Vec3 => {
    const direction = normalize(grid.axis(axes[lps]));
    return Math.sign(direction[lps]) === sign ? direction : scale(direction, -1);
  };
  const right = along(screen.right);
  const slanted = along(screen.down);
  const down = normalize(subtract(slanted, scale(right, dot(slanted, right))));
  const axis = axes[screen.across];
  const sign = Math.sign(grid.axis(axis)[screen.across]) || 1;
  return { name, axis, aligned: true, right, down, normal: cross(right, down), up: (sign * screen.up) as 1 | -1 };
}

/** The anatomical plane, along the axes of LPS. */
function patientFrame(grid: ImageGrid, name: PlaneName): PlaneFrame {
  const { right, down } = SCREEN[name];
  const along = ([lps, sign]: readonly [0 | 1 | 2, 1 | -1]): Vec3 =>
    [0, 1, 2].map((n) => (n === lps ? sign : 0)) as unknown as Vec3;
  return facing(grid, name, along(right), along(down));
}

/** A plane of two directions at right angles, with the voxel axis that it is most nearly across. */
function facing(grid: ImageGrid, name: PlaneName, right: Vec3, down: Vec3): PlaneFrame {
  const normal = cross(right, down);
  // Moving within a slice of voxels changes the other two indices only.
  const across = ([0, 1, 2] as const).map((axis) => Math.abs(dot(normal, normalize(grid.axis(axis)))));
  const axis = across.indexOf(Math.max(...across)) as 0 | 1 | 2;
  const leaves = (v: Vec3): number => Math.abs(applyLinear(grid.lpsToIndex, v)[axis]);
  const aligned = Math.max(leaves(right), leaves(down)) < 1e-9;
  const sign = Math.sign(dot(normal, grid.axis(axis))) || 1;
  // A step up goes towards superior, anterior or left: against the normal of axial and sagittal planes or along it.
  const up = dot(normal, SUPERIOR_ANTERIOR_LEFT[name]) > 0 ? 1 : -1;
  return { name, axis, aligned, right, down, normal, up: (sign * up) as 1 | -1 };
}

/** Where a step up goes, LPS. */
const SUPERIOR_ANTERIOR_LEFT: Readonly<Record<PlaneName, Vec3>> = {
  axial: [0, 0, 1],
  coronal: [0, -1, 0],
  sagittal: [1, 0, 0],
};

/** The voxel slice that a view shows for a crosshair. */
export function sliceOf(grid: ImageGrid, frame: PlaneFrame, crosshair: PointLps): number {
  const index = Math.round(grid.toIndex(crosshair)[frame.axis]);
  return Math.min(Math.max(index, 0), grid.dims[frame.axis] - 1);
}

/** How far apart pictures through a turned plane are, mm: the least way along the normal that crosses a slice of some voxel axis. */
export function obliqueStepMm(grid: ImageGrid, { normal }: PlaneFrame): number {
  const [i, j, k] = applyLinear(grid.lpsToIndex, normal);
  const gap = grid.regular ? 1 : grid.spacingMm[2];
  return 1 / Math.max(Math.abs(i), Math.abs(j), Math.abs(k) / gap);
}

/** Distance of a slice from the LPS origin along the view's normal, mm. */
export function sliceOffsetMm(grid: ImageGrid, frame: PlaneFrame, slice: number): number {
  const index: [number, number, number] = [0, 0, 0];
  index[frame.axis] = slice;
  return dot(grid.toLps(index), frame.normal);
}

/** Millimetres per pixel at which the whole volume fits, with a small margin. */
export function fitMmPerPixel(grid: ImageGrid, frame: PlaneFrame, width: number, height: number): number {
  const extent = (axis: Vec3): number => {
    const values = grid.cornersLps().map((corner) => dot(corner, axis));
    return Math.max(...values) - Math.min(...values);
  };
  return Math.max(extent(frame.right) / Math.max(width, 1), extent(frame.down) / Math.max(height, 1)) * 1.02;
}

/** The plane at `offsetMm` along its normal that a view of `width` × `height` pixels shows; `mmPerPixel` at a zoom of 1. */
export function viewPlane(
  grid: ImageGrid,
  frame: PlaneFrame,
  look: PlaneLook,
  offsetMm: number,
  fittedMmPerPixel: number,
  width: number,
  height: number,
): SlicePlane {
  const mmPerPixel = fittedMmPerPixel / look.zoom;
  const center = grid.centerLps;
  const u = dot(center, frame.right) + look.panMm[0] - ((width - 1) / 2) * mmPerPixel;
  const v = dot(center, frame.down) + look.panMm[1] - ((height - 1) / 2) * mmPerPixel;
  const w = offsetMm;
  const { right, down, normal } = frame;
  const at = (n: 0 | 1 | 2): number => right[n] * u + down[n] * v + normal[n] * w;
  return { origin: [at(0), at(1), at(2)], right, down, mmPerPixel, width, height };
}

const LETTERS = [
  ["L", "R"],
  ["P", "A"],
  ["S", "I"],
] as const;

/** A part of a direction below this share (about 12°) gets no letter. */
const LETTER_SHARE = 0.2;

/** Anatomical letters of a direction, the strongest first: `L`, or `LA` when oblique. */
export function directionLetters(direction: Vec3): string {
  return ([0, 1, 2] as const)
    .filter((axis) => Math.abs(direction[axis]) > LETTER_SHARE)
    .sort((a, b) => Math.abs(direction[b]) - Math.abs(direction[a]))
    .map((axis) => LETTERS[axis][direction[axis] > 0 ? 0 : 1])
    .join("");
}
