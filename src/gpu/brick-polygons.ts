import { applyAffine, type Vec3 } from "#base";
import { BRICK_EDGE, type Dims, type ImageGrid, type PyramidLevel } from "#volume";
import { entryLevel, type PageTable } from "./page-table.ts";
import { type PlaneBrick, planeToIndex, type SlicePlane } from "./slice-plane.ts";
import { addFan, ClipChain, CORNER_WORDS, CornerList, type Outline, setFrame } from "./plane-clipping.ts";

export { CORNER_WORDS } from "./plane-clipping.ts";

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

type Axis = 0 | 1 | 2;
type Side = 1 | -1;
const AXES = [0, 1, 2] as const;

/*
 * What is worked out here is worked out for each brick of each picture, so nothing is allocated but what is handed out: the rest lies in
 * these, which hold for one call.
 */
const lists = Object.fromEntries(GROUPS.map((group) => [group, new CornerList()])) as Record<PolygonGroup, CornerList>;
const frame: Outline = { xy: new Float64Array(8), count: 4 };
const [outlines, inners, strips, pairs, pieces] = Array.from({ length: 5 }, () => new ClipChain()) as [
  ClipChain,
  ClipChain,
  ClipChain,
  ClipChain,
  ClipChain,
];
/** Of a brick, index at `level`, along each axis: its cell, and the part of it whose taps lie in the slot shown. */
const cellLow = [0, 0, 0];
const cellHigh = [0, 0, 0];
const withinLow = [0, 0, 0];
const withinHigh = [0, 0, 0];
/** Ratio and offset of texels (3 + 3), then the entries, of a brick and of a strip between two. */
const facts = new Float64Array(9);
const pairFacts = new Float64Array(9);

/**
 * Cuts the picture into what each brick shows. The cut is the plane's section with a box in index space, which on the picture is an
 * intersection of half-planes; so a shader needs no look-up inside a brick and eight of them only in the thin strips between.
 */
export function brickPolygons(options: PolygonOptions): BrickPolygons {
  const { plane, bricks, table, level, levels, labels, proposals, reach } = options;
  const sweep = options.sweep ?? STILL;
  for (const group of GROUPS) lists[group].clear();
  const cut = new PlaneCut(options);
  const [left, right] = options.columns ?? [0, plane.width];
  setFrame(frame, left - 0.5, -0.5, right - 0.5, plane.height - 0.5);
  const hasLabels = (at: number): boolean => (labels?.entries[at] ?? 0) !== 0 || (proposals?.entries[at] ?? 0) !== 0;
  // A strip shows a little of the neighbour, so it is drawn with labels wherever the picture has any.
  let anyLabels = false;
  const listed = new Set<number>();
  for (const { brick } of bricks) {
    const at = table.position(level.level, brick[0], brick[1], brick[2]);
    listed.add(at);
    anyLabels ||= hasLabels(at);
  }
  const across = lists[anyLabels ? "acrossLabelled" : "across"];
  const between = lists[anyLabels ? "betweenLabelled" : "between"];
  for (const { brick } of bricks) {
    const at = table.position(level.level, brick[0], brick[1], brick[2]);
    const entry = table.entries[at]!;
    if (entry === 0) continue;
    const shown = levels[entryLevel(entry)]!;
    setBoxes(level, shown, brick, reach);
    /** Up to here any of the planes meets the cell. */
    const cellAt = (axis: Axis, end: Side): number =>
      end === 1 ? cellHigh[axis]! - Math.min(sweep[axis], 0) : cellLow[axis]! - Math.max(sweep[axis], 0);
    /** Up to here all taps of all planes lie in the slot; NaN at a face of the volume, which has no neighbour to look across to. */
    const withinAt = (axis: Axis, end: Side): number => {
      if (end === 1)
        return withinHigh[axis]! < level.dims[axis] - 0.5 ? withinHigh[axis]! - Math.max(sweep[axis], 0) : Number.NaN;
      return withinLow[axis]! > -0.5 ? withinLow[axis]! - Math.min(sweep[axis], 0) : Number.NaN;
    };
    let outline = frame;
    for (const [axis, end] of FACES)
      outline = cut.clip(outlines, outline, axis, cellAt(axis, end), inward(end), OVERLAP_PX);
    setFacts(level, shown, brick, entry, labels?.entries[at] ?? 0, proposals?.entries[at] ?? 0);
    let inner = outline;
    for (const [axis, end] of FACES) {
      const within = withinAt(axis, end);
      if (Number.isNaN(within)) continue;
      inner = cut.clip(inners, inner, axis, within, inward(end));
      const second = shown === level ? partner(options, listed, brick, axis, end) : undefined;
      const strip = cut.clip(strips, outline, axis, within, end, OVERLAP_PX, true);
      if (second === undefined) {
        addFan(across, strip, facts);
        continue;
      }
      // A strip between two bricks is the lower one's. Where it runs along other faces too, taps lie in more than two.
      for (const [other, side] of FACES) {
        const reached = withinAt(other, side);
        if (other !== axis && !Number.isNaN(reached))
          addFan(across, cut.clip(pieces, strip, other, reached, side, OVERLAP_PX, true), facts);
      }
      if (end === -1) continue;
      const width = 1 + Math.abs(sweep[axis]);
      let pair = cut.clip(pairs, frame, axis, within, 1, OVERLAP_PX, true);
      pair = cut.clip(pairs, pair, axis, within + width, -1, OVERLAP_PX);
      for (const [other, side] of FACES) {
        if (other === axis) continue;
        const reached = withinAt(other, side);
        pair = Number.isNaN(reached)
          ? cut.clip(pairs, pair, other, cellAt(other, side), inward(side), OVERLAP_PX)
          : cut.clip(pairs, pair, other, reached, inward(side));
      }
      pairFacts.set(facts);
      pairFacts[7] = second;
      pairFacts[8] = axis;
      addFan(between, pair, pairFacts);
    }
    addFan(lists[hasLabels(at) ? "withinLabelled" : "within"], inner, facts);
  }
  return pack();
}

const STILL: Vec3 = [0, 0, 0];

/** The six faces of a brick: axis, and 1 for the face at its end. */
const FACES: readonly (readonly [Axis, Side])[] = AXES.flatMap((axis) => [[axis, -1] as const, [axis, 1] as const]);

function inward(end: Side): Side {
  return end === 1 ? -1 : 1;
}

/** Entry of the brick beside one, if that is drawn too, at full level, where the filter reaches one voxel far. */
function partner(
  { table, level, reach }: PolygonOptions,
  listed: ReadonlySet<number>,
  brick: Dims,
  axis: Axis,
  end: Side,
): number | undefined {
  if (reach !== 1) return undefined;
  const step = (n: Axis): number => brick[n] + (n === axis ? end : 0);
  const at = table.position(level.level, step(0), step(1), step(2));
  const entry = table.entries[at]!;
  return listed.has(at) && entry !== 0 && entryLevel(entry) === level.level ? entry : undefined;
}

/** Cuts a picture where the level's index on an axis is at least (`side` 1) or at most (−1) a value. */
class PlaneCut {
  readonly #options: PolygonOptions;
  readonly #origin: Vec3;
  readonly #right: Vec3;
  readonly #down: Vec3;
  readonly #step: Vec3;

  constructor(options: PolygonOptions) {
    const { origin, right, down } = planeToIndex(options.grid, options.plane);
    this.#options = options;
    this.#origin = origin;
    this.#right = right;
    this.#down = down;
    this.#step = [Math.hypot(right[0], down[0]), Math.hypot(right[1], down[1]), Math.hypot(right[2], down[2])];
  }

  clip(chain: ClipChain, from: Outline, axis: Axis, value: number, side: Side, overlapPx = 0, strip = false): Outline {
    const { grid, level } = this.#options;
    const index0 = (value + 0.5) * level.factor[axis] - 0.5;
    const bound = axis === 2 && !grid.regular ? applyAffine(grid.lpsToIndex, grid.toLps([0, 0, index0]))[2] : index0;
    const step = this.#step[axis];
    // A plane through voxel centres on the face belongs to the brick, whatever the rounding, and to no strip.
    const more = step < ALONG ? (strip ? -2e-6 : 1e-6) : overlapPx * step;
    return chain.clip(
      from,
      side * this.#right[axis],
      side * this.#down[axis],
      side * (this.#origin[axis] - bound) + more,
    );
  }
}

/** Fills the boxes of a brick. */
function setBoxes(level: PyramidLevel, shown: PyramidLevel, brick: Dims, reach: 0 | 1 | 2): void {
  for (const axis of AXES) {
    const last = brick[axis] === level.bricks[axis] - 1;
    const low = brick[axis] * BRICK_EDGE - 0.5;
    const high = last ? level.dims[axis] - 0.5 : (brick[axis] + 1) * BRICK_EDGE - 0.5;
    cellLow[axis] = withinLow[axis] = low;
    cellHigh[axis] = withinHigh[axis] = high;
    if (reach === 0) continue;
    const inset = reach - 1;
    const ratio = level.factor[axis] / shown.factor[axis];
    const home = homeOf(level, shown, brick, axis);
    const end = home + BRICK_EDGE - 1;
    // At the volume's faces the edge voxel is repeated, as the slot's clamp does.
    if (home !== 0) withinLow[axis] = Math.max((home + inset + 0.5) / ratio - 0.5, low);
    if (end < shown.dims[axis] - 1) withinHigh[axis] = Math.min((end - inset + 0.5) / ratio - 0.5, high);
  }
}

/** First voxel, at the level shown, of the brick that stands in. */
function homeOf(level: PyramidLevel, shown: PyramidLevel, brick: Dims, axis: Axis): number {
  const ratio = level.factor[axis] / shown.factor[axis];
  return Math.floor(brick[axis] * ratio) * BRICK_EDGE;
}

/** Fills ratio and offset from index at `level` to texels from the slot's corner, and the entries. */
function setFacts(
  level: PyramidLevel,
  shown: PyramidLevel,
  brick: Dims,
  entry: number,
  labelEntry: number,
  proposalEntry: number,
): void {
  for (const axis of AXES) {
    const ratio = level.factor[axis] / shown.factor[axis];
    facts[axis] = ratio;
    // texel = (index + 0.5) · ratio − home
    facts[3 + axis] = 0.5 * ratio - homeOf(level, shown, brick, axis);
  }
  facts[6] = entry;
  facts[7] = labelEntry;
  facts[8] = proposalEntry;
}

function pack(): BrickPolygons {
  const total = GROUPS.reduce((sum, group) => sum + lists[group].count, 0);
  const words = new Uint32Array(total * CORNER_WORDS);
  const groups: Partial<Record<PolygonGroup, readonly [number, number]>> = {};
  let corner = 0;
  for (const group of GROUPS) {
    const list = lists[group];
    groups[group] = [corner, list.count];
    words.set(list.written, corner * CORNER_WORDS);
    corner += list.count;
  }
  return { words, groups: groups as BrickPolygons["groups"] };
}
