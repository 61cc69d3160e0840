import { FAR, JOB_STEPS, SCRATCH_BACKWARD, SCRATCH_FORWARD, SCRATCH_SOURCES } from "../../memory/seeds";
import { SCRATCH_VALUES_BACKWARD, SCRATCH_VALUES_FORWARD } from "../../memory/seeds";
import { makeDirty } from "./lines";
import { cutOf, offerVoxel } from "./steps";

/* Voxels that share faces, edges or corners; lines and their places as in six.ts. */

/** Differences of eight values, cut to what no path may cost. (Functions of vectors cannot be exported without a warning.) */
function differences(a: v128, b: v128, cut: v128): v128 {
  return i16x8.min_u(v128.or(i16x8.sub_sat_u(a, b), i16x8.sub_sat_u(b, a)), cut);
}

/** A settled line offers its keys to the lines of its cell that share faces, edges or corners with it. */
export function spreadWide(
  job: usize,
  cell: usize,
  k: usize,
  line: usize,
  keys: usize,
  values: usize,
  scratch: usize,
  shift: i32,
): void {
  moveSources(values, scratch);
  const most = cutOf(shift);
  const j = <i32>(line >> 1);
  // The voxel at the end that has the other line of its row beside it.
  const end: usize = line & 1 ? 0 : 15;
  const beside: i32 = line & 1 ? -1 : 1;
  const source = load<i32>(scratch + (end << 2), SCRATCH_SOURCES);
  for (let dk = -1; dk <= 1; dk++) {
    if (<i32>k + dk < 0 || <i32>k + dk > 31) continue;
    for (let dj = -1; dj <= 1; dj++) {
      if (j + dj < 0 || j + dj > 31) continue;
      const row = job + <usize>((dk + 1) * 9 + (dj + 1) * 3) * 4;
      const target = <usize>(dk * 1024 + dj * 32);
      const other = <u64>((j + dj) * 2 + <i32>(line & 1));
      let sunk: u64 = 0;
      if (dj != 0 || dk != 0) {
        const straight = load<i32>(row, JOB_STEPS + 4);
        const slanted = load<i32>(row, JOB_STEPS + 8);
        const to = keys + (target << 2);
        const toValues = values + (target << 1);
        sunk = offerThree(to, toValues, values, scratch, straight, slanted, shift) << other;
      }
      const voxel = target + end + <usize>beside;
      const offered = source + load<i32>(row, JOB_STEPS + 8);
      if (offerVoxel(offered, values + (end << 1), keys + (voxel << 2), values + (voxel << 1), shift, most)) {
        sunk |= (<u64>1) << (other ^ 1);
      }
      makeDirty(cell, <usize>(<i32>k + dk), sunk);
    }
  }
}

/** Leaves sources and values in scratch as they lie one voxel further along i, and one before. */
function moveSources(values: usize, scratch: usize): void {
  const far = i32x4.splat(FAR);
  const m0 = v128.load(scratch, SCRATCH_SOURCES);
  const m1 = v128.load(scratch, SCRATCH_SOURCES + 16);
  const m2 = v128.load(scratch, SCRATCH_SOURCES + 32);
  const m3 = v128.load(scratch, SCRATCH_SOURCES + 48);
  v128.store(scratch, v128.shuffle<i32>(m0, far, 4, 0, 1, 2), SCRATCH_FORWARD);
  v128.store(scratch, v128.shuffle<i32>(m0, m1, 3, 4, 5, 6), SCRATCH_FORWARD + 16);
  v128.store(scratch, v128.shuffle<i32>(m1, m2, 3, 4, 5, 6), SCRATCH_FORWARD + 32);
  v128.store(scratch, v128.shuffle<i32>(m2, m3, 3, 4, 5, 6), SCRATCH_FORWARD + 48);
  v128.store(scratch, v128.shuffle<i32>(m0, m1, 1, 2, 3, 4), SCRATCH_BACKWARD);
  v128.store(scratch, v128.shuffle<i32>(m1, m2, 1, 2, 3, 4), SCRATCH_BACKWARD + 16);
  v128.store(scratch, v128.shuffle<i32>(m2, m3, 1, 2, 3, 4), SCRATCH_BACKWARD + 32);
  v128.store(scratch, v128.shuffle<i32>(m3, far, 1, 2, 3, 4), SCRATCH_BACKWARD + 48);
  v128.store(scratch, v128.load(values - 2), SCRATCH_VALUES_FORWARD);
  v128.store(scratch, v128.load(values + 14), SCRATCH_VALUES_FORWARD + 16);
  v128.store(scratch, v128.load(values + 2), SCRATCH_VALUES_BACKWARD);
  v128.store(scratch, v128.load(values + 18), SCRATCH_VALUES_BACKWARD + 16);
}

/** Offers the line to one beside it, straight and slanted either way along i; 1 when a key sank. */
function offerThree(
  keys: usize,
  values: usize,
  from: usize,
  scratch: usize,
  straight: i32,
  slanted: i32,
  shift: i32,
): u64 {
  const cut = i16x8.splat(<i16>cutOf(shift));
  const factor = i16x8.splat(<i16>((<i32>1) << shift));
  const across = i32x4.splat(straight);
  const aslant = i32x4.splat(slanted);
  let sunk = i32x4.splat(0);
  for (let half: usize = 0; half < 2; half++) {
    const v = v128.load(values + (half << 4));
    const at = keys + (half << 5);
    const sources = scratch + (half << 5);
    const d = differences(v, v128.load(from + (half << 4)), cut);
    const up = differences(v, v128.load(scratch + (half << 4), SCRATCH_VALUES_FORWARD), cut);
    const down = differences(v, v128.load(scratch + (half << 4), SCRATCH_VALUES_BACKWARD), cut);
    const k0 = v128.load(at);
    const k1 = v128.load(at, 16);
    const a0 = i32x4.add(v128.load(sources, SCRATCH_FORWARD), i32x4.extmul_low_i16x8_u(up, factor));
    const a1 = i32x4.add(v128.load(sources, SCRATCH_FORWARD + 16), i32x4.extmul_high_i16x8_u(up, factor));
    const b0 = i32x4.add(v128.load(sources, SCRATCH_BACKWARD), i32x4.extmul_low_i16x8_u(down, factor));
    const b1 = i32x4.add(v128.load(sources, SCRATCH_BACKWARD + 16), i32x4.extmul_high_i16x8_u(down, factor));
    const c0 = i32x4.add(v128.load(sources, SCRATCH_SOURCES), i32x4.extmul_low_i16x8_u(d, factor));
    const c1 = i32x4.add(v128.load(sources, SCRATCH_SOURCES + 16), i32x4.extmul_high_i16x8_u(d, factor));
    const n0 = i32x4.min_s(i32x4.add(i32x4.min_s(a0, b0), aslant), i32x4.add(c0, across));
    const n1 = i32x4.min_s(i32x4.add(i32x4.min_s(a1, b1), aslant), i32x4.add(c1, across));
    const r0 = i32x4.min_s(k0, n0);
    const r1 = i32x4.min_s(k1, n1);
    v128.store(at, r0);
    v128.store(at, r1, 16);
    sunk = v128.or(sunk, v128.or(v128.xor(k0, r0), v128.xor(k1, r1)));
  }
  return v128.any_true(sunk) ? 1 : 0;
}
