/*
 * Configurations of 2×2×2 voxels: how often each label has each of the 256, bit di + 2 dj + 4 dk set where voxel (i + di, j + dj,
 * k + dk) has it. Areas of marching cubes and numbers of intercepts follow from the counts alone.
 *
 *   box   72 × 65 × 65 u16: the labels of a brick and of the first layers of the bricks after it, 0 where there are none
 */
import { CELLS_BYTES, NO_ROW } from "../../memory/statistics";

const ROW: usize = 144;
const PLANE: usize = 144 * 65;

export function cellsBoxBytes(): usize {
  return PLANE * 65;
}

/**
 * Adds the cells whose first voxel lies in the brick. Those of eight equal voxels are not counted: they have no surface. Where the
 * brick itself has no label, `own` is false and only cells that reach over its upper faces are looked at.
 */
export function statisticsCells(box: usize, own: bool, rowOf: usize, cells: usize): void {
  for (let k: usize = 0; k < 64; k++) {
    for (let j: usize = 0; j < 64; j++) {
      const line = box + k * PLANE + j * ROW;
      const first: usize = own || k == 63 || j == 63 ? 0 : 56;
      for (let i = first; i < 64; i += 8) {
        const at = line + (i << 1);
        for (let mixed = mixedCells(at); mixed; mixed &= mixed - 1) {
          countCell(at + ((<usize>ctz<i32>(mixed)) << 1), rowOf, cells);
        }
      }
    }
  }
}

/** Bit n set where the cell n voxels on has differing voxels. */
function mixedCells(at: usize): i32 {
  const a = v128.load(at);
  const ab = v128.or(v128.xor(a, v128.load(at, 2)), v128.xor(a, v128.load(at, ROW)));
  const cd = v128.or(v128.xor(a, v128.load(at, ROW + 2)), v128.xor(a, v128.load(at, PLANE)));
  const ef = v128.or(v128.xor(a, v128.load(at, PLANE + 2)), v128.xor(a, v128.load(at, PLANE + ROW)));
  const all = v128.or(v128.or(ab, cd), v128.or(ef, v128.xor(a, v128.load(at, PLANE + ROW + 2))));
  return i16x8.bitmask(i16x8.ne(all, i16x8.splat(0)));
}

function countCell(at: usize, rowOf: usize, cells: usize): void {
  let eight = v128.load32_zero(at);
  eight = v128.load32_lane(at + ROW, eight, 1);
  eight = v128.load32_lane(at + PLANE, eight, 2);
  eight = v128.load32_lane(at + PLANE + ROW, eight, 3);
  // Voxels whose label was not looked at yet; background is done at once.
  let left = i16x8.bitmask(i16x8.ne(eight, i16x8.splat(0)));
  while (left) {
    const n = <usize>ctz<i32>(left);
    // Two voxels a row: corner n is voxel n & 1 of row n / 2.
    const place = at + ((n & 1) << 1) + ((n >> 1) & 1) * ROW + (n >> 2) * PLANE;
    const label = load<u16>(place);
    const configuration = i16x8.bitmask(i16x8.eq(eight, i16x8.splat(<i16>label)));
    left &= ~configuration;
    const row = <u32>load<u16>(rowOf + ((<usize>label) << 1));
    if (row == NO_ROW) continue;
    const count = cells + <usize>row * CELLS_BYTES + ((<usize>configuration) << 2);
    store<u32>(count, load<u32>(count) + 1);
  }
}
