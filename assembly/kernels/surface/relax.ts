/*
 * Constrained relaxation: a vertex goes half-way to the mean of the vertices beyond its cell's mixed faces, and stays in its cell.
 * Offsets count from the middle of the cell, so that a vertex has the same bits whichever brick it is worked out for.
 */

/** How far a vertex may lie from the middle of its cell along each axis, voxels: what is one voxel thick keeps a fifth. */
const LIMIT: f32 = 0.4;

/** Bytes of the table that `surfaceSteps` fills: a record for every set of sides. */
export function surfaceStepsBytes(): usize {
  return 64 * 16;
}

/** For every set of sides −i +i −j +j −k +k, bits in this order: the sum of the steps to the cells there (f32 i, j, k), and 1 / how many. */
export function surfaceSteps(steps: usize): void {
  for (let sides = 0; sides < 64; sides++) {
    const at = steps + ((<usize>sides) << 4);
    for (let axis = 0; axis < 3; axis++) {
      const back = (sides >> (axis << 1)) & 1;
      const ahead = (sides >> ((axis << 1) + 1)) & 1;
      store<f32>(at + ((<usize>axis) << 2), <f32>(ahead - back));
    }
    store<f32>(at, sides ? <f32>1 / <f32>popcnt(sides) : 0, 12);
  }
}

/**
 * One round over `count` cells, from one array of offsets to the other; record 0 of both is 0 and stands for sides without a cell. Cells
 * without a link stay.
 */
export function surfaceRelax(count: i32, links: usize, steps: usize, from: usize, to: usize): void {
  const low = f32x4.splat(-LIMIT);
  const high = f32x4.splat(LIMIT);
  const half = f32x4.splat(0.5);
  let link = links + 28;
  for (let n = 1; n <= count; n++, link += 28) {
    const own = (<usize>n) << 4;
    const here = v128.load(from + own);
    const sides = load<i32>(link, 24);
    if (sides == 0) {
      v128.store(to + own, here);
      continue;
    }
    const i = f32x4.add(offset(from, link, 0), offset(from, link, 4));
    const j = f32x4.add(offset(from, link, 8), offset(from, link, 12));
    const k = f32x4.add(offset(from, link, 16), offset(from, link, 20));
    const step = v128.load(steps + ((<usize>sides) << 4));
    const sum = f32x4.add(f32x4.add(f32x4.add(i, j), k), step);
    const mean = f32x4.mul(sum, i32x4.shuffle(step, step, 3, 3, 3, 3));
    const moved = f32x4.mul(f32x4.add(here, mean), half);
    v128.store(to + own, f32x4.min(f32x4.max(moved, low), high));
  }
}

function offset(from: usize, link: usize, side: usize): v128 {
  return v128.load(from + ((<usize>load<i32>(link + side)) << 4));
}
