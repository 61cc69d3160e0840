/** A weight for each of four slices. */
export type Weights = readonly [before: number, from: number, to: number, after: number];

/**
 * Weights, below 2, of the cubic through slices at `before`, `from`, `to` and `after`, at place z between `from` and `to`: Hermite's
 * cubic with the tangents of the parabolas through three neighbouring slices, which for even gaps are Catmull and Rom's (1974).
 * Where a neighbour is missing the tangent is the chord's; with both missing the curve is a line.
 */
export function curveWeights(
  z: number,
  before: number | undefined,
  from: number,
  to: number,
  after: number | undefined,
): Weights {
  const gap = to - from;
  const t = (z - from) / gap;
  const h00 = (1 + 2 * t) * (1 - t) ** 2;
  const h10 = t * (1 - t) ** 2;
  const h01 = t * t * (3 - 2 * t);
  const h11 = t * t * (t - 1);
  // Tangents times the gap, as weights of the four values.
  const start = tangent(before === undefined ? undefined : from - before, gap);
  const end = tangent(after === undefined ? undefined : after - to, gap);
  return [
    h10 * start.far,
    h00 + h10 * start.near + h11 * -end.other,
    h01 + h10 * start.other + h11 * -end.near,
    h11 * -end.far,
  ];
}

/**
 * Least part of a gap that a neighbouring one counts as long: the slope between two slices drawn close together is that of the hand, and
 * carried over a long gap it overshoots.
 */
const LEAST_BEYOND = 0.25;

/** Tangent · gap at the near slice of a gap, towards the other slice, as weights of the slices far, near and other. */
function tangent(
  neighbouring: number | undefined,
  gap: number,
): { readonly far: number; readonly near: number; readonly other: number } {
  if (neighbouring === undefined) return { far: 0, near: -1, other: 1 };
  const beyond = Math.max(neighbouring, LEAST_BEYOND * gap);
  const other = beyond / (beyond + gap);
  const far = -(gap * gap) / (beyond * (beyond + gap));
  return { far, near: -other - far, other };
}

/** Ends of a shape's gap at which it closes, for all that is drawn. */
export type ClosedEnds = 0 | 1 | 2;

/** Where along the gap a shape without a partner is gone. */
const LONE_END = 0.55;

/** What the shapes of a slice are made with; whole numbers are in 1/16384. */
export interface SliceWeights {
  readonly fields: Weights;
  /** Weight of the difference of both inner fields, where the shape grows from the first to the second, and where it dwindles. */
  readonly growing: number;
  readonly dwindling: number;
  readonly path: Weights;
  /** Share of its radius by which a lone shape of either slice has shrunk; 1 when it is gone. */
  readonly shrunkFrom: number;
  readonly shrunkTo: number;
}

/** Share of a width's square going along the line, in place of the width, where one end of a shape closes, and where both do. */
const ROUNDNESS = [0, 0.4, 2] as const;

/**
 * The weights on slice z: fields and paths follow the cubic. At an end beyond which nothing of the shape is drawn it closes: closed
 * surfaces are round, so widths there go more like the root of a line than like a line, and the fields' difference is added in that
 * measure. A shape without a partner ends, for all that is known, anywhere in the gap; it is an ellipsoid's cap to a little beyond
 * the middle.
 */
export function sliceWeights(
  z: number,
  before: number | undefined,
  from: number,
  to: number,
  after: number | undefined,
  closedEnds: ClosedEnds,
): SliceWeights {
  const path = curveWeights(z, before, from, to, after);
  const [w0, w1, w2, w3] = path;
  const t = (z - from) / (to - from);
  const rounder = ROUNDNESS[closedEnds];
  return {
    fields: [whole(w0), whole(w1), whole(w2), whole(w3)],
    growing: whole(rounder * (Math.sqrt(t) - t)),
    dwindling: whole(rounder * (Math.sqrt(1 - t) - (1 - t))),
    path,
    shrunkFrom: shrunk(t),
    shrunkTo: shrunk(1 - t),
  };
}

function whole(weight: number): number {
  return Math.round(weight * 16384);
}

function shrunk(t: number): number {
  return t >= LONE_END ? 1 : 1 - Math.sqrt(1 - (t / LONE_END) ** 2);
}
