import { FAR, SCRATCH_SOURCES } from "../../memory/seeds";
import { cutOf } from "./steps";

/*
 * A line of 16 voxels, four vectors of keys. A step costs |difference of values| · factor, widened to 32 bits, plus what its length
 * costs; keys take the smaller candidate. Bounds on every sum are in memory/seeds.ts.
 */

/** Differences of eight values, cut to what no path may cost. (Functions of vectors cannot be exported without a warning.) */
function differences(a: v128, b: v128, cut: v128): v128 {
  return i16x8.min_u(v128.or(i16x8.sub_sat_u(a, b), i16x8.sub_sat_u(b, a)), cut);
}

/**
 * Lets costs run along a line both ways, seeds and walls barring the way, and leaves the keys as sources in scratch. Within a
 * vector by a prefix of two doublings, from vector to vector by its last voxel; a cheapest way along a line never turns.
 */
export function settleLine(keys: usize, values: usize, scratch: usize, step: i32, shift: i32): void {
  const cut = i16x8.splat(<i16>cutOf(shift));
  const factor = i16x8.splat(<i16>((<i32>1) << shift));
  const along = i32x4.splat(step);
  const far = i32x4.splat(FAR);
  const none = i32x4.splat(0);
  const sign = i32x4.splat(0x7fffffff);
  const k0 = v128.load(keys);
  const k1 = v128.load(keys, 16);
  const k2 = v128.load(keys, 32);
  const k3 = v128.load(keys, 48);
  const s0 = v128.and(k0, sign);
  const s1 = v128.and(k1, sign);
  const s2 = v128.and(k2, sign);
  const s3 = v128.and(k3, sign);
  const fixed0 = i32x4.shr_s(k0, 31);
  const fixed1 = i32x4.shr_s(k1, 31);
  const fixed2 = i32x4.shr_s(k2, 31);
  const fixed3 = i32x4.shr_s(k3, 31);
  // Steps into each voxel from the one before; the first is not used.
  const d0 = differences(v128.load(values), v128.load(values - 2), cut);
  const d1 = differences(v128.load(values, 16), v128.load(values + 14), cut);
  const w0 = i32x4.add(i32x4.extmul_low_i16x8_u(d0, factor), along);
  const w1 = i32x4.add(i32x4.extmul_high_i16x8_u(d0, factor), along);
  const w2 = i32x4.add(i32x4.extmul_low_i16x8_u(d1, factor), along);
  const w3 = i32x4.add(i32x4.extmul_high_i16x8_u(d1, factor), along);
  const bar0 = v128.and(fixed0, far);
  const bar1 = v128.and(fixed1, far);
  const bar2 = v128.and(fixed2, far);
  const bar3 = v128.and(fixed3, far);

  let w = v128.or(w0, bar0);
  let pair = i32x4.add(w, v128.shuffle<i32>(w, none, 4, 0, 1, 2));
  let t = i32x4.min_s(s0, i32x4.add(v128.shuffle<i32>(s0, far, 4, 0, 1, 2), w));
  const up0 = i32x4.min_s(t, i32x4.add(v128.shuffle<i32>(t, far, 4, 4, 0, 1), pair));
  w = v128.or(w1, bar1);
  pair = i32x4.add(w, v128.shuffle<i32>(w, none, 4, 0, 1, 2));
  t = i32x4.min_s(s1, i32x4.add(v128.shuffle<i32>(s1, far, 4, 0, 1, 2), w));
  t = i32x4.min_s(t, i32x4.add(v128.shuffle<i32>(t, far, 4, 4, 0, 1), pair));
  let all = i32x4.add(pair, v128.shuffle<i32>(pair, none, 4, 4, 0, 1));
  const up1 = i32x4.min_s(t, i32x4.add(all, v128.shuffle<i32>(up0, up0, 3, 3, 3, 3)));
  w = v128.or(w2, bar2);
  pair = i32x4.add(w, v128.shuffle<i32>(w, none, 4, 0, 1, 2));
  t = i32x4.min_s(s2, i32x4.add(v128.shuffle<i32>(s2, far, 4, 0, 1, 2), w));
  t = i32x4.min_s(t, i32x4.add(v128.shuffle<i32>(t, far, 4, 4, 0, 1), pair));
  all = i32x4.add(pair, v128.shuffle<i32>(pair, none, 4, 4, 0, 1));
  const up2 = i32x4.min_s(t, i32x4.add(all, v128.shuffle<i32>(up1, up1, 3, 3, 3, 3)));
  w = v128.or(w3, bar3);
  pair = i32x4.add(w, v128.shuffle<i32>(w, none, 4, 0, 1, 2));
  t = i32x4.min_s(s3, i32x4.add(v128.shuffle<i32>(s3, far, 4, 0, 1, 2), w));
  t = i32x4.min_s(t, i32x4.add(v128.shuffle<i32>(t, far, 4, 4, 0, 1), pair));
  all = i32x4.add(pair, v128.shuffle<i32>(pair, none, 4, 4, 0, 1));
  const up3 = i32x4.min_s(t, i32x4.add(all, v128.shuffle<i32>(up2, up2, 3, 3, 3, 3)));

  // The other way: the step into a voxel from the one after is the step of the one after.
  w = v128.or(v128.shuffle<i32>(w3, far, 1, 2, 3, 4), bar3);
  pair = i32x4.add(w, v128.shuffle<i32>(w, none, 1, 2, 3, 4));
  t = i32x4.min_s(s3, i32x4.add(v128.shuffle<i32>(s3, far, 1, 2, 3, 4), w));
  const down3 = i32x4.min_s(t, i32x4.add(v128.shuffle<i32>(t, far, 2, 3, 4, 4), pair));
  w = v128.or(v128.shuffle<i32>(w2, w3, 1, 2, 3, 4), bar2);
  pair = i32x4.add(w, v128.shuffle<i32>(w, none, 1, 2, 3, 4));
  t = i32x4.min_s(s2, i32x4.add(v128.shuffle<i32>(s2, far, 1, 2, 3, 4), w));
  t = i32x4.min_s(t, i32x4.add(v128.shuffle<i32>(t, far, 2, 3, 4, 4), pair));
  all = i32x4.add(pair, v128.shuffle<i32>(pair, none, 2, 3, 4, 4));
  const down2 = i32x4.min_s(t, i32x4.add(all, v128.shuffle<i32>(down3, down3, 0, 0, 0, 0)));
  w = v128.or(v128.shuffle<i32>(w1, w2, 1, 2, 3, 4), bar1);
  pair = i32x4.add(w, v128.shuffle<i32>(w, none, 1, 2, 3, 4));
  t = i32x4.min_s(s1, i32x4.add(v128.shuffle<i32>(s1, far, 1, 2, 3, 4), w));
  t = i32x4.min_s(t, i32x4.add(v128.shuffle<i32>(t, far, 2, 3, 4, 4), pair));
  all = i32x4.add(pair, v128.shuffle<i32>(pair, none, 2, 3, 4, 4));
  const down1 = i32x4.min_s(t, i32x4.add(all, v128.shuffle<i32>(down2, down2, 0, 0, 0, 0)));
  w = v128.or(v128.shuffle<i32>(w0, w1, 1, 2, 3, 4), bar0);
  pair = i32x4.add(w, v128.shuffle<i32>(w, none, 1, 2, 3, 4));
  t = i32x4.min_s(s0, i32x4.add(v128.shuffle<i32>(s0, far, 1, 2, 3, 4), w));
  t = i32x4.min_s(t, i32x4.add(v128.shuffle<i32>(t, far, 2, 3, 4, 4), pair));
  all = i32x4.add(pair, v128.shuffle<i32>(pair, none, 2, 3, 4, 4));
  const down0 = i32x4.min_s(t, i32x4.add(all, v128.shuffle<i32>(down1, down1, 0, 0, 0, 0)));

  const r0 = i32x4.min_s(up0, down0);
  const r1 = i32x4.min_s(up1, down1);
  const r2 = i32x4.min_s(up2, down2);
  const r3 = i32x4.min_s(up3, down3);
  v128.store(keys, v128.bitselect(k0, r0, fixed0));
  v128.store(keys, v128.bitselect(k1, r1, fixed1), 16);
  v128.store(keys, v128.bitselect(k2, r2, fixed2), 32);
  v128.store(keys, v128.bitselect(k3, r3, fixed3), 48);
  v128.store(scratch, r0, SCRATCH_SOURCES);
  v128.store(scratch, r1, SCRATCH_SOURCES + 16);
  v128.store(scratch, r2, SCRATCH_SOURCES + 32);
  v128.store(scratch, r3, SCRATCH_SOURCES + 48);
}
