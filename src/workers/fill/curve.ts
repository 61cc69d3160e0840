/** A weight for each of four slices. */
export type Weights = readonly [before: number, from: number, to: number, after: number];

/**
 * Weights of the cubic through slices at `before`, `from`, `to` and `after`, at place z between `from` and `to`: Hermite's
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

/** Tangent · gap at the near slice of a gap, towards the other slice, as weights of the slices far, near and other. */
function tangent(beyond: number | undefined, gap: number): { far: number; near: number; other: number } {
  if (beyond === undefined) return { far: 0, near: -1, other: 1 };
  const other = beyond / (beyond + gap);
  const far = -(gap * gap) / (beyond * (beyond + gap));
  return { far, near: -other - far, other };
}
