import { cross, dot, normalize, scale, subtract, type Vec3 } from "#base";
import type { SlicePlane } from "#gpu";
import type { ImageGrid, PointLps } from "#volume";
import type { PlaneLook, PlaneName } from "./view-state.ts";

/**
 * How a plane view looks at a grid: the plane of two voxel axes, chosen to be nearest to the anatomical plane, drawn in true
 * millimetres. The patient's right is on the left of the screen, the head up, the face to the left in a sagittal view.
 */
export interface PlaneFrame {
  readonly name: PlaneName;
  /** Voxel axis across the plane. */
  readonly axis: 0 | 1 | 2;
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

export function planeFrame(grid: ImageGrid, name: PlaneName): PlaneFrame {
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
  return { name, axis, right, down, normal: cross(right, down), up: (sign * screen.up) as 1 | -1 };
}

/** The voxel slice that a view shows for a crosshair. */
export function sliceOf(grid: ImageGrid, frame: PlaneFrame, crosshair: PointLps): number {
  const index = Math.round(grid.toIndex(crosshair)[frame.axis]);
  return Math.min(Math.max(index, 0), grid.dims[frame.axis] - 1);
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

/** The plane that a view of `width` × `height` pixels shows. */
export function viewPlane(
  grid: ImageGrid,
  frame: PlaneFrame,
  look: PlaneLook,
  slice: number,
  width: number,
  height: number,
): SlicePlane {
  const mmPerPixel = fitMmPerPixel(grid, frame, width, height) / look.zoom;
  const center = grid.centerLps;
  const u = dot(center, frame.right) + look.panMm[0] - ((width - 1) / 2) * mmPerPixel;
  const v = dot(center, frame.down) + look.panMm[1] - ((height - 1) / 2) * mmPerPixel;
  const w = sliceOffsetMm(grid, frame, slice);
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
