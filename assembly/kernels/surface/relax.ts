/*
 * Constrained relaxation: a vertex goes half-way to the mean of the vertices beyond its cell's mixed faces, and stays in its cell.
 * Offsets count from the middle of the cell, so that a vertex has the same bits whichever brick it is worked out for.
 */

/** How far a vertex may lie from the middle of its cell along each axis, voxels: what is one voxel thick keeps a fifth. */
const LIMIT: f32 = 0.4;

/** One round over `count` cells, from one array of offsets to the other. Cells without a link stay. */
export function surfaceRelax(count: i32, links: usize, from: usize, to: usize): void {
  const low = f32x4.splat(-LIMIT);
  const high = f32x4.splat(LIMIT);
  const half = f32x4.splat(0.5);
  for (let n = 1; n <= count; n++) {
    const own = (<usize>n) << 4;
    const link = links + <usize>n * 24;
    let sum = f32x4.splat(0);
    let met = 0;
    for (let side = 0; side < 6; side++) {
      const other = load<i32>(link + ((<usize>side) << 2));
      if (other == 0) continue;
      sum = f32x4.add(sum, f32x4.add(v128.load(from + ((<usize>other) << 4)), stepTo(side)));
      met++;
    }
    const here = v128.load(from + own);
    if (met == 0) {
      v128.store(to + own, here);
      continue;
    }
    const mean = f32x4.mul(sum, f32x4.splat(<f32>1 / <f32>met));
    const moved = f32x4.mul(f32x4.add(here, mean), half);
    v128.store(to + own, f32x4.min(f32x4.max(moved, low), high));
  }
}

/** From the middle of a cell to that of the one beyond a side: −i +i −j +j −k +k. */
function stepTo(side: i32): v128 {
  if (side < 2) return side == 0 ? f32x4(-1, 0, 0, 0) : f32x4(1, 0, 0, 0);
  if (side < 4) return side == 2 ? f32x4(0, -1, 0, 0) : f32x4(0, 1, 0, 0);
  return side == 4 ? f32x4(0, 0, -1, 0) : f32x4(0, 0, 1, 0);
}
