import { brickCoordinates, brickIndex, type Dims } from "#volume";

/**
 * Sides of a brick beyond which lies a brick that `has` knows, a bit each (i low, i high, j low, j high, k low, k high). Under 18 and
 * 26 neighbours all nine bricks beyond a side count.
 */
export function openSides(
  bricks: Dims,
  index: number,
  has: (brickIndex: number) => boolean,
  connectivity: number,
): number {
  const [bi, bj, bk] = brickCoordinates(bricks, index);
  let open = 0;
  for (let dk = -1; dk <= 1; dk++) {
    for (let dj = -1; dj <= 1; dj++) {
      for (let di = -1; di <= 1; di++) {
        if (connectivity === 6 && Math.abs(di) + Math.abs(dj) + Math.abs(dk) > 1) continue;
        const sides = sideBits(di, 0) | sideBits(dj, 2) | sideBits(dk, 4);
        if ((sides & ~open) === 0) continue;
        const [i, j, k] = [bi + di, bj + dj, bk + dk];
        if (i < 0 || j < 0 || k < 0 || i >= bricks[0] || j >= bricks[1] || k >= bricks[2]) continue;
        if (has(brickIndex(bricks, i, j, k))) open |= sides;
      }
    }
  }
  return open;
}

/** The side that a step along an axis leads through. */
function sideBits(step: number, shift: number): number {
  return step === 0 ? 0 : (step < 0 ? 1 : 2) << shift;
}
