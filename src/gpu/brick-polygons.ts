import { applyAffine, type Vec3 } from "#base";
import { BRICK_EDGE, type Dims, type ImageGrid, type PyramidLevel } from "#volume";
import { entryLevel, type PageTable } from "./page-table.ts";
import type { PlaneBrick, SlicePlane } from "./slice-plane.ts";
import { planeToIndex } from "./slice-plane.ts";

/** Numbers of one corner: pixel x and y, ratio and offset of texels (3 + 3), then entry, label entry, proposal entry as words. */
export const CORNER_WORDS = 11;

/** Corners of triangles, ready for a vertex buffer, in six groups that are drawn one after another. */
export interface BrickPolygons {
  readonly words: Uint32Array<ArrayBuffer>;
  /** First corner and number of corners of each group. */
  readonly groups: Readonly<Record<PolygonGroup, readonly [first: number, count: number]>>;
}

/**
 * `within`: every tap of the filter lies in one brick. `between`: they lie in two neighbours at full level, named by the corner: its label
 * entry is the second brick's, its proposal entry the axis from one to the other. `across`: in whatever bricks. The `Labelled` ones are
 * drawn with labels and proposals.
 */
export type PolygonGroup = "within" | "withinLabelled" | "between" | "betweenLabelled" | "across" | "acrossLabelled";

const GROUPS: readonly PolygonGroup[] = [
  "within",
  "withinLabelled",
  "between",
  "betweenLabelled",
  "across",
  "acrossLabelled",
];

/**
 * How far strips between bricks reach into them, pixels. Drivers round corners of polygons to 1/16 pixel (SwiftShader) or finer;
 * strips are drawn last and right everywhere, so they mend what that rounding does.
 */
const OVERLAP_PX = 0.15;

/** Below this step per pixel a plane runs along a brick's face: it lies on one side of it or the other. */
const ALONG = 1e-9;

type Point = readonly [number, number];
/** A half-plane of the picture: a · x + b · y + c ≥ 0. */
type HalfPlane = readonly [a: number, b: number, c: number];

export interface PolygonOptions {
  readonly grid: ImageGrid;
  readonly level: PyramidLevel;
  readonly levels: readonly PyramidLevel[];
  readonly plane: SlicePlane;
  readonly bricks: readonly PlaneBrick[];
  readonly table: PageTable;
  readonly labels: PageTable | undefined;
  readonly proposals: PageTable | undefined;
  /** Voxels to either side that the filter reaches: 0 nearest, 1 linear, 2 cubic. */
  readonly reach: 0 | 1 | 2;
  /** The way from `plane` to the last of planes that are sampled together, index at the level; a polygon holds for all of them. */
  readonly sweep?: Vec3;
  /** The part of the picture's width to cut, pixels: first, and the one behind the last; all of it when absent. */
  readonly columns?: readonly [number, number];
}

/**
 * Cuts the picture into what each brick shows. The cut is the plane's section with a box in index space, which on the picture is an
 * intersection of half-planes; so a shader needs no look-up inside a brick and eight of them only in the thin strips between.
 */
export function brickPolygons(options: PolygonOptions): BrickPolygons {
  const { plane, bricks, table, level, levels, labels, proposals, reach } = options;
  const out = Object.fromEntries(GROUPS.map((group) => [group, []])) as unknown as Record<PolygonGroup, number[][]>;
  const cut = planeToCut(options);
  const [left, right] = (options.columns ?? [0, plane.width]).map((px) => px - 0.5) as [number, number];
  const frame: Point[] = [
    [left, -0.5],
    [right, -0.5],
    [right, plane.height - 0.5],
    [left, plane.height - 0.5],
  ];
  const hasLabels = (at: number): boolean => (labels?.entries[at] ?? 0) !== 0 || (proposals?.entries[at] ?? 0) !== 0;
  // A strip shows a little of the neighbour, so it is drawn with labels wherever the picture has any.
  const anyLabels = bricks.some(({ brick }) => hasLabels(table.position(level.level, ...brick)));
  const listed = new Set(bricks.map(({ brick }) => table.position(level.level, ...brick)));
  /** Entry of a brick that is drawn too, at full level, where the filter reaches one voxel far. */
  const partner = (brick: Dims): number | undefined => {
    const at = table.position(level.level, ...brick);
    const entry = table.entries[at]!;
    return reach === 1 && listed.has(at) && entry !== 0 && entryLevel(entry) === level.level ? entry : undefined;
  };
  for (const { brick } of bricks) {
    const at = table.position(level.level, ...brick);
    const entry = table.entries[at]!;
    if (entry === 0) continue;
    const shown = levels[entryLevel(entry)]!;
    const faces = facesOf(level, boxes(level, shown, brick, reach), options.sweep);
    let outline = frame;
    for (const { axis, end, cell } of faces) outline = clipPolygon(outline, cut(axis, cell, inward(end), OVERLAP_PX));
    const labelEntry = labels?.entries[at] ?? 0;
    const proposalEntry = proposals?.entries[at] ?? 0;
    const facts = texelFacts(level, shown, brick, entry, labelEntry, proposalEntry);
    let inner = outline;
    const across = out[anyLabels ? "acrossLabelled" : "across"];
    for (const face of faces) {
      const { axis, end, within } = face;
      if (within === undefined) continue;
      inner = clipPolygon(inner, cut(axis, within, inward(end)));
      const strip = clipPolygon(outline, cut(axis, within, end, OVERLAP_PX, true));
      const others = faces.filter((other) => other.axis !== axis);
      const second = shown === level ? partner(beside(brick, axis, end)) : undefined;
      if (second === undefined) {
        addFan(across, strip, facts);
        continue;
      }
      // A strip between two bricks is the lower one's. Where it runs along other faces too, taps lie in more than two.
      for (const other of others)
        if (other.within !== undefined)
          addFan(across, clipPolygon(strip, cut(other.axis, other.within, other.end, OVERLAP_PX, true)), facts);
      if (end === -1) continue;
      const width = 1 + Math.abs(options.sweep?.[axis] ?? 0);
      let pair = clipPolygon(frame, cut(axis, within, 1, OVERLAP_PX, true));
      pair = clipPolygon(pair, cut(axis, within + width, -1, OVERLAP_PX));
      for (const other of others)
        pair = clipPolygon(
          pair,
          other.within === undefined
            ? cut(other.axis, other.cell, inward(other.end), OVERLAP_PX)
            : cut(other.axis, other.within, inward(other.end)),
        );
      addFan(out[anyLabels ? "betweenLabelled" : "between"], pair, [...facts.slice(0, 7), second, axis]);
    }
    addFan(out[hasLabels(at) ? "withinLabelled" : "within"], inner, facts);
  }
  return pack(out);
}

const AXES = [0, 1, 2] as const;

/** The brick before or after one along an axis. */
function beside(brick: Dims, axis: 0 | 1 | 2, way: 1 | -1): Dims {
  return brick.map((n, other) => (other === axis ? n + way : n)) as unknown as Dims;
}

type Cut = (axis: 0 | 1 | 2, value: number, side: 1 | -1, overlapPx?: number, strip?: boolean) => HalfPlane;

/** Gives the half-plane where the level's index on an axis is at least (`side` 1) or at most (−1) a value. */
function planeToCut({ grid, plane, level }: PolygonOptions): Cut {
  const { origin, right, down } = planeToIndex(grid, plane);
  return (axis, value, side, overlapPx = 0, strip = false) => {
    const index0 = (value + 0.5) * level.factor[axis] - 0.5;
    const bound = axis === 2 && !grid.regular ? applyAffine(grid.lpsToIndex, grid.toLps([0, 0, index0]))[2] : index0;
    const step = Math.hypot(right[axis], down[axis]);
    // A plane through voxel centres on the face belongs to the brick, whatever the rounding, and to no strip.
    const more = step < ALONG ? (strip ? -2e-6 : 1e-6) : overlapPx * step;
    return [side * right[axis], side * down[axis], side * (origin[axis] - bound) + more];
  };
}

interface Box {
  readonly low: Vec3;
  readonly high: Vec3;
}

interface Boxes {
  readonly cell: Box;
  readonly within: Box;
}

/** The cell of a brick and the part of it whose taps lie in the slot shown, in index at `level`. */
function boxes(level: PyramidLevel, shown: PyramidLevel, brick: Dims, reach: 0 | 1 | 2): Boxes {
  const axes = AXES;
  const last = (axis: 0 | 1 | 2): boolean => brick[axis] === level.bricks[axis] - 1;
  const cellLow = axes.map((axis) => brick[axis] * BRICK_EDGE - 0.5);
  const cellHigh = axes.map((axis) => (last(axis) ? level.dims[axis] - 0.5 : (brick[axis] + 1) * BRICK_EDGE - 0.5));
  const cell: Box = { low: cellLow as unknown as Vec3, high: cellHigh as unknown as Vec3 };
  if (reach === 0) return { cell, within: cell };
  const inset = reach - 1;
  const low = axes.map((axis) => {
    const ratio = level.factor[axis] / shown.factor[axis];
    const home = homeOf(level, shown, brick, axis);
    // At the volume's faces the edge voxel is repeated, as the slot's clamp does.
    return home === 0 ? cellLow[axis]! : Math.max((home + inset + 0.5) / ratio - 0.5, cellLow[axis]!);
  });
  const high = axes.map((axis) => {
    const ratio = level.factor[axis] / shown.factor[axis];
    const end = homeOf(level, shown, brick, axis) + BRICK_EDGE - 1;
    return end >= shown.dims[axis] - 1 ? cellHigh[axis]! : Math.min((end - inset + 0.5) / ratio - 0.5, cellHigh[axis]!);
  });
  return { cell, within: { low: low as unknown as Vec3, high: high as unknown as Vec3 } };
}

/** One face of a brick, in index at the level. */
interface Face {
  readonly axis: 0 | 1 | 2;
  /** 1 for the face at the end of the axis. */
  readonly end: 1 | -1;
  /** Up to here any of the planes meets the cell. */
  readonly cell: number;
  /** Up to here all taps of all planes lie in the slot; undefined at a face of the volume, which has no neighbour to look across to. */
  readonly within: number | undefined;
}

/** The faces of a brick for the first of planes that lie up to `sweep` away. */
function facesOf(level: PyramidLevel, { cell, within }: Boxes, sweep: Vec3 = [0, 0, 0]): Face[] {
  return AXES.flatMap((axis): Face[] => {
    const [back, fore] = [Math.min(sweep[axis], 0), Math.max(sweep[axis], 0)];
    const [low, high] = [within.low[axis], within.high[axis]];
    return [
      { axis, end: -1, cell: cell.low[axis] - fore, within: low > -0.5 ? low - back : undefined },
      { axis, end: 1, cell: cell.high[axis] - back, within: high < level.dims[axis] - 0.5 ? high - fore : undefined },
    ];
  });
}

function inward(end: 1 | -1): 1 | -1 {
  return end === 1 ? -1 : 1;
}

/** First voxel, at the level shown, of the brick that stands in. */
function homeOf(level: PyramidLevel, shown: PyramidLevel, brick: Dims, axis: 0 | 1 | 2): number {
  const ratio = level.factor[axis] / shown.factor[axis];
  return Math.floor(brick[axis] * ratio) * BRICK_EDGE;
}

/** Ratio and offset from index at `level` to texels from the slot's corner, and the entries. */
function texelFacts(level: PyramidLevel, shown: PyramidLevel, brick: Dims, ...entries: readonly number[]): number[] {
  const ratio = [0, 1, 2].map((axis) => level.factor[axis]! / shown.factor[axis]!);
  // texel = (index + 0.5) · ratio − home
  const offset = ratio.map((r, axis) => 0.5 * r - homeOf(level, shown, brick, axis as 0 | 1 | 2));
  return [...ratio, ...offset, ...entries];
}

/** The part of a convex polygon in a half-plane. */
export function clipPolygon(polygon: readonly Point[], [a, b, c]: HalfPlane): Point[] {
  const kept: Point[] = [];
  const side = (p: Point): number => a * p[0] + b * p[1] + c;
  for (let n = 0; n < polygon.length; n++) {
    const p = polygon[n]!;
    const q = polygon[(n + 1) % polygon.length]!;
    const at = side(p);
    const next = side(q);
    if (at >= 0) kept.push(p);
    if (at >= 0 !== next >= 0) {
      const f = at / (at - next);
      kept.push([p[0] + (q[0] - p[0]) * f, p[1] + (q[1] - p[1]) * f]);
    }
  }
  return kept;
}

/** Adds a convex polygon as triangles. */
function addFan(out: number[][], polygon: readonly Point[], facts: readonly number[]): void {
  for (let n = 2; n < polygon.length; n++)
    for (const p of [polygon[0]!, polygon[n - 1]!, polygon[n]!]) out.push([p[0], p[1], ...facts]);
}

function pack(out: Readonly<Record<PolygonGroup, number[][]>>): BrickPolygons {
  const total = GROUPS.reduce((sum, group) => sum + out[group].length, 0);
  const words = new Uint32Array(total * CORNER_WORDS);
  const floats = new Float32Array(words.buffer);
  const groups: Partial<Record<PolygonGroup, readonly [number, number]>> = {};
  let corner = 0;
  for (const group of GROUPS) {
    groups[group] = [corner, out[group].length];
    for (const numbers of out[group]) {
      const first = corner++ * CORNER_WORDS;
      for (let n = 0; n < 8; n++) floats[first + n] = numbers[n]!;
      for (let n = 8; n < CORNER_WORDS; n++) words[first + n] = numbers[n]!;
    }
  }
  return { words, groups: groups as BrickPolygons["groups"] };
}
