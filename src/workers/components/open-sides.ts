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
  const at = brickCoordinates(bricks, index);
  const wide = connectivity === 6 ? 0 : 1;
  let open = 0;
  for (let side = 0; side < 6; side++) {
    const axis = side >> 1;
    const n = at[axis]! + (side % 2 === 0 ? -1 : 1);
    if (n < 0 || n >= bricks[axis]!) continue;
    if (anyBeyond(bricks, at, axis, n, wide, has)) open |= 1 << side;
  }
  return open;
}

function anyBeyond(
  bricks: Dims,
  at: Dims,
  axis: number,
  n: number,
  wide: number,
  has: (brickIndex: number) => boolean,
): boolean {
  const [p, q] = [0, 1, 2].filter((other) => other !== axis) as [number, number];
  for (let b = -wide; b <= wide; b++) {
    for (let a = -wide; a <= wide; a++) {
      const to: [number, number, number] = [at[0], at[1], at[2]];
      to[axis] = n;
      to[p]! += a;
      to[q]! += b;
      if (to[p]! < 0 || to[q]! < 0 || to[p]! >= bricks[p]! || to[q]! >= bricks[q]!) continue;
      if (has(brickIndex(bricks, ...to))) return true;
    }
  }
  return false;
}
