/*
 * What becomes of labels by smoothed masks. Values are u16, labels u16; all are boxes of ci × cj × ck inside larger ones, strides
 * in bytes.
 */

/** Sets `count` u16 values. */
export function startContest(best: usize, count: i32, value: i32): void {
  const eight = i16x8.splat(<i16>value);
  const end = best + ((<usize>count) << 1);
  let at = best;
  for (; at + 16 <= end; at += 16) v128.store(at, eight);
  for (; at < end; at += 2) store<u16>(at, <u16>value);
}

/** Gives `label` to the voxels whose value is above the largest so far (both below 2¹⁵), which it becomes. */
export function claimLargest(
  field: usize,
  ci: i32,
  cj: i32,
  ck: i32,
  label: i32,
  best: usize,
  bestRow: usize,
  bestPlane: usize,
  after: usize,
  afterRow: usize,
  afterPlane: usize,
): void {
  const labels = i16x8.splat(<i16>label);
  let own = field;
  for (let k = 0; k < ck; k++) {
    for (let j = 0; j < cj; j++) {
      let held = best + <usize>k * bestPlane + <usize>j * bestRow;
      let target = after + <usize>k * afterPlane + <usize>j * afterRow;
      let i = 0;
      for (; i + 8 <= ci; i += 8, own += 16, held += 16, target += 16) {
        const values = v128.load(own);
        if (!v128.any_true(values)) continue;
        const old = v128.load(held);
        const wins = i16x8.gt_s(values, old);
        if (!v128.any_true(wins)) continue;
        v128.store(held, v128.bitselect(values, old, wins));
        v128.store(target, v128.bitselect(labels, v128.load(target), wins));
      }
      for (; i < ci; i++, own += 2, held += 2, target += 2) {
        const value = load<u16>(own);
        if (value <= load<u16>(held)) continue;
        store<u16>(held, value);
        store<u16>(target, <u16>label);
      }
    }
  }
}

/** Opens a contest where a dense field is at least `least`: the largest so far becomes 0 there. */
export function openWhere(
  field: usize,
  ci: i32,
  cj: i32,
  ck: i32,
  least: i32,
  best: usize,
  bestRow: usize,
  bestPlane: usize,
): void {
  let own = field;
  for (let k = 0; k < ck; k++) {
    for (let j = 0; j < cj; j++) {
      let held = best + <usize>k * bestPlane + <usize>j * bestRow;
      for (let i = 0; i < ci; i++, own += 2, held += 2) if (load<u16>(own) >= <u16>least) store<u16>(held, 0);
    }
  }
}

/**
 * Enters the counts (at most 32,767) of a label into a vote: votes are twice the count, and one more for the label that the voxel
 * has; `total` adds up the counts.
 */
export function vote(
  field: usize,
  ci: i32,
  cj: i32,
  ck: i32,
  label: i32,
  before: usize,
  beforeRow: usize,
  beforePlane: usize,
  best: usize,
  total: usize,
  bestRow: usize,
  bestPlane: usize,
  after: usize,
  afterRow: usize,
  afterPlane: usize,
): void {
  const labels = i16x8.splat(<i16>label);
  const ones = i16x8.splat(1);
  let own = field;
  for (let k = 0; k < ck; k++) {
    for (let j = 0; j < cj; j++) {
      let old = before + <usize>k * beforePlane + <usize>j * beforeRow;
      const row = <usize>k * bestPlane + <usize>j * bestRow;
      let held = best + row;
      let sum = total + row;
      let target = after + <usize>k * afterPlane + <usize>j * afterRow;
      let i = 0;
      for (; i + 8 <= ci; i += 8, own += 16, old += 16, held += 16, sum += 16, target += 16) {
        const counts = v128.load(own);
        if (!v128.any_true(counts)) continue;
        v128.store(sum, i16x8.add(v128.load(sum), counts));
        const votes = i16x8.add(i16x8.shl(counts, 1), v128.and(i16x8.eq(v128.load(old), labels), ones));
        const most = v128.load(held);
        const wins = i16x8.gt_u(votes, most);
        v128.store(held, v128.bitselect(votes, most, wins));
        v128.store(target, v128.bitselect(labels, v128.load(target), wins));
      }
      for (; i < ci; i++, own += 2, old += 2, held += 2, sum += 2, target += 2) {
        const count = <u32>load<u16>(own);
        if (count == 0) continue;
        store<u16>(sum, <u16>(<u32>load<u16>(sum) + count));
        const votes = count * 2 + (load<u16>(old) == <u16>label ? 1 : 0);
        if (votes <= <u32>load<u16>(held)) continue;
        store<u16>(held, <u16>votes);
        store<u16>(target, <u16>label);
      }
    }
  }
}

/**
 * Ends a vote of `all` voxels: where those of no chosen label have at least as many votes as the winner, chosen voxels (`members`
 * has a byte a label) become background and others stay what they were.
 */
export function endVote(
  all: i32,
  ci: i32,
  cj: i32,
  ck: i32,
  members: usize,
  before: usize,
  beforeRow: usize,
  beforePlane: usize,
  best: usize,
  total: usize,
  bestRow: usize,
  bestPlane: usize,
  after: usize,
  afterRow: usize,
  afterPlane: usize,
): void {
  for (let k = 0; k < ck; k++) {
    for (let j = 0; j < cj; j++) {
      let old = before + <usize>k * beforePlane + <usize>j * beforeRow;
      const row = <usize>k * bestPlane + <usize>j * bestRow;
      let held = best + row;
      let sum = total + row;
      let target = after + <usize>k * afterPlane + <usize>j * afterRow;
      let i = 0;
      for (; i + 8 <= ci; i += 8, old += 16, held += 16, sum += 16, target += 16) {
        const totals = v128.load(sum);
        // Where all or none of the voxels are of chosen labels, nothing is left to decide.
        if (isSettled(totals, all)) continue;
        const was = v128.load(old);
        const chosen = chosenLanes(old, was, members);
        const rest = i16x8.sub(i16x8.shl(i16x8.sub(i16x8.splat(<i16>all), totals), 1), v128.not(chosen));
        const loses = i16x8.ge_u(rest, v128.load(held));
        v128.store(target, v128.bitselect(v128.andnot(was, chosen), v128.load(target), loses));
      }
      for (; i < ci; i++, old += 2, held += 2, sum += 2, target += 2) {
        const was = load<u16>(old);
        const chosen = load<u8>(members + was) != 0;
        const rest = (<u32>all - <u32>load<u16>(sum)) * 2 + (chosen ? 0 : 1);
        if (rest >= <u32>load<u16>(held)) store<u16>(target, chosen ? 0 : was);
      }
    }
  }
}

/** All ones in the lanes of eight labels that are members. */
function chosenLanes(at: usize, labels: v128, members: usize): v128 {
  const first = load<u16>(at);
  const same = i16x8.all_true(i16x8.eq(labels, i16x8.splat(<i16>first)));
  if (same) return load<u8>(members + first) ? i64x2.splat(-1) : i64x2.splat(0);
  let lanes = i64x2.splat(0);
  lanes = i16x8.replace_lane(lanes, 0, <i16>load<u8>(members + first));
  lanes = i16x8.replace_lane(lanes, 1, <i16>load<u8>(members + load<u16>(at, 2)));
  lanes = i16x8.replace_lane(lanes, 2, <i16>load<u8>(members + load<u16>(at, 4)));
  lanes = i16x8.replace_lane(lanes, 3, <i16>load<u8>(members + load<u16>(at, 6)));
  lanes = i16x8.replace_lane(lanes, 4, <i16>load<u8>(members + load<u16>(at, 8)));
  lanes = i16x8.replace_lane(lanes, 5, <i16>load<u8>(members + load<u16>(at, 10)));
  lanes = i16x8.replace_lane(lanes, 6, <i16>load<u8>(members + load<u16>(at, 12)));
  lanes = i16x8.replace_lane(lanes, 7, <i16>load<u8>(members + load<u16>(at, 14)));
  return i16x8.neg(lanes);
}

function isSettled(totals: v128, all: i32): bool {
  const none = i16x8.eq(totals, i64x2.splat(0));
  return i16x8.all_true(v128.or(none, i16x8.eq(totals, i16x8.splat(<i16>all))));
}
