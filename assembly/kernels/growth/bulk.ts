import { TO_REACHED } from "../../memory/growth";

/*
 * The first spread in a bit-brick: whole planes and rows at a time, two words a vector, without a look at which rows have news.
 * Most of what can be reached is reached so; the rows that are left are few (visit-six.ts works them off).
 */

/** Spreads what is reached along k, j and i, once each way. Bits only ever gain, and only those that can be reached. */
export function bulkSpread(own: usize): void {
  for (let k: usize = 512; k < 4096; k += 512) planeFrom(own + k, own + k - 512);
  for (let n: usize = 1; n < 8; n++) planeFrom(own + (7 - n) * 512, own + (8 - n) * 512);
  for (let j: usize = 8; j < 64; j += 8) {
    for (let k: usize = 0; k < 4096; k += 512) rowFrom(own + k + j, own + k + j - 8);
  }
  for (let n: usize = 1; n < 8; n++) {
    for (let k: usize = 0; k < 4096; k += 512) rowFrom(own + k + (7 - n) * 8, own + k + (8 - n) * 8);
  }
  for (let k: usize = 0; k < 4096; k += 512) {
    for (let part: usize = 0; part < 64; part += 16) {
      const at = own + k + part;
      v128.store(at, fillRows(v128.load(at), v128.load(at, TO_REACHED)), TO_REACHED);
    }
  }
}

/** Lets 8 rows that lie together take over what is reached in 8 others. */
function planeFrom(at: usize, from: usize): void {
  for (let part: usize = 0; part < 64; part += 16) {
    const more = v128.and(v128.load(at + part), v128.load(from + part, TO_REACHED));
    v128.store(at + part, v128.or(v128.load(at + part, TO_REACHED), more), TO_REACHED);
  }
}

function rowFrom(at: usize, from: usize): void {
  store<u64>(at, load<u64>(at, TO_REACHED) | (load<u64>(at) & load<u64>(from, TO_REACHED)), TO_REACHED);
}

/** Two rows filled as `fillRow` does one. */
function fillRows(m: v128, s: v128): v128 {
  let r = v128.or(s, v128.and(v128.xor(i64x2.add(m, s), m), m));
  if (!v128.any_true(v128.andnot(v128.and(i64x2.shr_u(r, 1), m), r))) return r;
  let p = m;
  r = v128.or(r, v128.and(p, i64x2.shr_u(r, 1)));
  p = v128.and(p, i64x2.shr_u(p, 1));
  r = v128.or(r, v128.and(p, i64x2.shr_u(r, 2)));
  p = v128.and(p, i64x2.shr_u(p, 2));
  r = v128.or(r, v128.and(p, i64x2.shr_u(r, 4)));
  p = v128.and(p, i64x2.shr_u(p, 4));
  r = v128.or(r, v128.and(p, i64x2.shr_u(r, 8)));
  p = v128.and(p, i64x2.shr_u(p, 8));
  r = v128.or(r, v128.and(p, i64x2.shr_u(r, 16)));
  p = v128.and(p, i64x2.shr_u(p, 16));
  return v128.or(r, v128.and(p, i64x2.shr_u(r, 32)));
}

/** Lets every row take over what is reached in the rows beside it, once; the rows that gain. */
export function settle(own: usize): u64 {
  let rows: u64 = 0;
  for (let k: u64 = 0; k < 8; k++) {
    const at = own + <usize>k * 512;
    for (let part: usize = 0; part < 64; part += 16) {
      const row = at + part;
      const s = v128.load(row, TO_REACHED);
      // Lane 0 has the row before it and lane 1; lane 1 has lane 0 and the row after it.
      const before = part > 0 ? load<u64>(row, TO_REACHED - 8) : 0;
      const after = part < 48 ? load<u64>(row, TO_REACHED + 16) : 0;
      let beside = v128.or(
        v128.shuffle<i64>(s, s, 1, 0),
        v128.replace_lane<i64>(v128.splat<i64>(<i64>before), 1, <i64>after),
      );
      if (k > 0) beside = v128.or(beside, v128.load(row - 512, TO_REACHED));
      if (k < 7) beside = v128.or(beside, v128.load(row + 512, TO_REACHED));
      const more = v128.andnot(v128.and(beside, v128.load(row)), s);
      if (!v128.any_true(more)) continue;
      v128.store(row, v128.or(s, more), TO_REACHED);
      rows |= (<u64>i64x2.bitmask(i64x2.ne(more, v128.splat<i64>(0)))) << ((k << 3) + <u64>(part >> 3));
    }
  }
  return rows;
}

/** Whether anything in the bit-brick is reached. */
export function anyReached(own: usize): bool {
  let all = v128.splat<i64>(0);
  for (let k: usize = 0; k < 4096; k += 512) {
    const at = own + k + TO_REACHED;
    const half = v128.or(v128.load(at), v128.load(at, 16));
    all = v128.or(all, v128.or(half, v128.or(v128.load(at, 32), v128.load(at, 48))));
  }
  return v128.any_true(all);
}
