import { CELL_BYTES, CELL_KEYS, CELL_VALUES, JOB_NI, JOB_NJ, JOB_NK, JOB_TABLE } from "../../memory/seeds";
import { SCRATCH_NEAR, SHELL_VALUES, SLOT_CELLS } from "../../memory/seeds";

/*
 * Cells by number: brick of the box · 8 + (k · 2 + j) · 2 + i. A direction is ((dk + 1) · 3 + dj + 1) · 3 + di + 1; the opposite of
 * d is 26 − d.
 */

/** Where the keys and values of the cell in hand's neighbour begin, and the bytes from one voxel to the next along each axis. */
export const NEAR_KEYS: usize = SCRATCH_NEAR;
export const NEAR_VALUES: usize = SCRATCH_NEAR + 4;
export const NEAR_KEY_STEPS: usize = SCRATCH_NEAR + 8;
export const NEAR_VALUE_STEPS: usize = SCRATCH_NEAR + 20;
/** The neighbouring cell itself, 0 where only a shell is left. */
export const NEAR_CELL: usize = SCRATCH_NEAR + 32;

/** The cell in a direction, −1 outside the box. */
export function cellBeside(job: usize, cell: i32, d: i32): i32 {
  const brick = cell >> 3;
  const ni = load<i32>(job, JOB_NI);
  const nj = load<i32>(job, JOB_NJ);
  const row = brick / ni;
  const i = (brick - row * ni) * 2 + (cell & 1) + (d % 3) - 1;
  const j = (row % nj) * 2 + ((cell >> 1) & 1) + ((d / 3) % 3) - 1;
  const k = (row / nj) * 2 + ((cell >> 2) & 1) + d / 9 - 1;
  if (i < 0 || j < 0 || k < 0 || i >= 2 * ni || j >= 2 * nj || k >= 2 * load<i32>(job, JOB_NK)) return -1;
  return ((((k >> 1) * nj + (j >> 1)) * ni + (i >> 1)) << 3) | ((k & 1) << 2) | ((j & 1) << 1) | (i & 1);
}

/** Whether a direction leads across a face. */
export function isFace(d: i32): bool {
  return d == 4 || d == 10 || d == 12 || d == 14 || d == 16 || d == 22;
}

/** The axis across a face: 0, 1 or 2. */
export function axisOf(d: i32): i32 {
  return d == 12 || d == 14 ? 0 : d == 10 || d == 16 ? 1 : 2;
}

/** Entry of a cell's brick in the table: 0 absent, odd for a shell. */
export function entryOf(job: usize, cell: i32): usize {
  return <usize>load<u32>(<usize>load<u32>(job, JOB_TABLE) + ((<usize>(cell >> 3)) << 2));
}

/** Address of a cell whose brick has a slot. */
export function cellIn(slot: usize, cell: i32): usize {
  return slot + SLOT_CELLS + <usize>(cell & 7) * CELL_BYTES;
}

/**
 * Finds keys and values of the cell `other`, which lies in direction `d` of the one in hand: in its slot, or on the face of its
 * shell, where the step across is 0 because only the voxels that touch are there. False where its brick is absent.
 */
export function findNear(job: usize, other: i32, d: i32, scratch: usize): bool {
  const entry = entryOf(job, other);
  if (entry == 0) return false;
  if ((entry & 1) == 0) {
    const cell = cellIn(entry, other);
    store<u32>(scratch, <u32>(cell + CELL_KEYS), NEAR_KEYS);
    store<u32>(scratch, <u32>(cell + CELL_VALUES), NEAR_VALUES);
    for (let axis: usize = 0; axis < 3; axis++) {
      store<u32>(scratch + (axis << 2), (<u32>4) << (5 * <u32>axis), NEAR_KEY_STEPS);
      store<u32>(scratch + (axis << 2), (<u32>2) << (5 * <u32>axis), NEAR_VALUE_STEPS);
    }
    store<u32>(scratch, <u32>cell, NEAR_CELL);
    return true;
  }
  const di = (d % 3) - 1;
  const dj = ((d / 3) % 3) - 1;
  const dk = d / 9 - 1;
  // The face that looks at us: along an axis where its brick ends. An edge or a corner lies on any such face.
  const endsI = di != 0 && (other & 1) == (di > 0 ? 0 : 1);
  const endsJ = dj != 0 && ((other >> 1) & 1) == (dj > 0 ? 0 : 1);
  const across: usize = endsI ? 0 : endsJ ? 1 : 2;
  const toward = endsI ? di : endsJ ? dj : dk;
  const face = across * 2 + (toward > 0 ? 0 : 1);
  const first: usize = across == 0 ? 1 : 0;
  const second: usize = across == 2 ? 1 : 2;
  const corner = <usize>(((other >> <i32>first) & 1) * 32 + ((other >> <i32>second) & 1) * 2048);
  const shell = entry - 1;
  store<u32>(scratch, <u32>(shell + face * 16384 + (corner << 2)), NEAR_KEYS);
  store<u32>(scratch, <u32>(shell + SHELL_VALUES + face * 8192 + (corner << 1)), NEAR_VALUES);
  for (let axis: usize = 0; axis < 3; axis++) {
    const step: u32 = axis == across ? 0 : axis == first ? 1 : 64;
    store<u32>(scratch + (axis << 2), step << 2, NEAR_KEY_STEPS);
    store<u32>(scratch + (axis << 2), step << 1, NEAR_VALUE_STEPS);
  }
  store<u32>(scratch, 0, NEAR_CELL);
  return true;
}

/** Where in a neighbour's keys or values a voxel lies, by the steps at `steps`. */
export function nearOffset(scratch: usize, steps: usize, i: usize, j: usize, k: usize): usize {
  const at = scratch + steps;
  return i * load<u32>(at) + j * load<u32>(at, 4) + k * load<u32>(at, 8);
}
