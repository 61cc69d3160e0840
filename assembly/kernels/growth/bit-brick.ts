import { JOB_EMPTY, JOB_NI, JOB_NJ } from "../../memory/growth";
import { SCRATCH_BASE, SCRATCH_M, SCRATCH_S } from "../../memory/growth";
import { SLOT_DIRTY, SLOT_I, SLOT_J, SLOT_K, SLOT_NEIGHBOURS, TO_REACHED } from "../../memory/growth";
import { touch } from "./admit";
import { push } from "./queue";

/* What a run of a bit-brick does: its rows in and out of scratch, and word to those around it. */

/** Direction of a neighbour among 27: di, dj, dk from −1 to 1. */
export function direction(di: i32, dj: i32, dk: i32): usize {
  return <usize>((dk + 1) * 9 + (dj + 1) * 3 + di + 1);
}

/** First row of the bit-brick in a direction, 0 where its brick is absent or it is not seen. */
export function baseOf(scratch: usize, di: i32, dj: i32, dk: i32): usize {
  return <usize>load<u32>(scratch + (direction(di, dj, dk) << 2), SCRATCH_BASE);
}

/** Copies candidates and reached bits of the bit-brick and its halo. What is absent or not seen counts as all candidates. */
export function loadRows(scratch: usize): void {
  const own = baseOf(scratch, 0, 0, 0);
  for (let k: usize = 0; k < 8; k++) {
    const from = own + k * 512;
    const to = scratch + (k + 1) * 80 + 8;
    for (let part: usize = 0; part < 64; part += 16) {
      v128.store(to + part, v128.load(from + part), SCRATCH_M);
      v128.store(to + part, v128.load(from + part, TO_REACHED), SCRATCH_S);
    }
  }
  const below = baseOf(scratch, 0, 0, -1);
  const above = baseOf(scratch, 0, 0, 1);
  const front = baseOf(scratch, 0, -1, 0);
  const back = baseOf(scratch, 0, 1, 0);
  for (let n: usize = 0; n < 8; n++) {
    haloRow(scratch, 1 + n, below, 7 * 512 + n * 8);
    haloRow(scratch, 91 + n, above, n * 8);
    haloRow(scratch, (n + 1) * 10, front, n * 512 + 56);
    haloRow(scratch, (n + 1) * 10 + 9, back, n * 512);
  }
  haloRow(scratch, 0, baseOf(scratch, 0, -1, -1), 7 * 512 + 56);
  haloRow(scratch, 9, baseOf(scratch, 0, 1, -1), 7 * 512);
  haloRow(scratch, 90, baseOf(scratch, 0, -1, 1), 56);
  haloRow(scratch, 99, baseOf(scratch, 0, 1, 1), 0);
}

function haloRow(scratch: usize, place: usize, base: usize, offset: usize): void {
  const to = scratch + (place << 3);
  store<u64>(to, base ? load<u64>(base + offset) : ~(<u64>0), SCRATCH_M);
  store<u64>(to, base ? load<u64>(base + offset, TO_REACHED) : 0, SCRATCH_S);
}

/** Bits that the voxels across both i borders put at the ends of a row. */
export function edgeBits(left: usize, right: usize, offset: usize): u64 {
  let bits: u64 = 0;
  if (left) bits = load<u64>(left + offset, TO_REACHED) >> 63;
  if (right) bits |= load<u64>(right + offset, TO_REACHED) << 63;
  return bits;
}

/** Where row `r` of the bit-brick lies in scratch. */
export function rowInScratch(scratch: usize, r: u64): usize {
  return scratch + ((<usize>((r >> 3) * 10 + (r & 7) + 11)) << 3);
}

/** Where row `r` lies from the first row of its bit-brick. */
export function rowOffset(r: u64): usize {
  return <usize>((r >> 3) * 512 + (r & 7) * 8);
}

/** A bit-brick of candidates only is reached as a whole. */
export function fillAll(scratch: usize): u64 {
  const ones = v128.splat<i64>(-1);
  for (let k: usize = 1; k <= 8; k++) {
    for (let part: usize = 0; part < 64; part += 16) v128.store(scratch + k * 80 + 8 + part, ones, SCRATCH_S);
  }
  return ~(<u64>0);
}

/** 1 when the row at a scratch place has candidates among `reach` that are not reached yet. */
export function gains(at: usize, reach: u64): u64 {
  return load<u64>(at, SCRATCH_M) & ~load<u64>(at, SCRATCH_S) & reach ? 1 : 0;
}

/** Writes rows that changed back to the slot. */
export function storeRows(scratch: usize, changed: u64): void {
  const own = baseOf(scratch, 0, 0, 0);
  for (let rest = changed; rest; rest &= rest - 1) {
    const r = ctz<u64>(rest);
    store<u64>(own + rowOffset(r), load<u64>(rowInScratch(scratch, r), SCRATCH_S), TO_REACHED);
  }
}

/** Rows on the four faces of a bit-brick across j and k. */
export const FRONT_FACE: u64 = 0x0101010101010101;
export const BACK_FACE: u64 = 0x8080808080808080;
export const BELOW_FACE: u64 = 0xff;
export const ABOVE_FACE: u64 = 0xff00000000000000;

/** Marks rows of the bit-brick in direction `d` dirty and queues it, or remembers it for when its brick is there. */
export function mark(job: usize, slot: usize, b: usize, d: usize, rows: u64): void {
  const di = <i32>(d % 3) - 1;
  const j = <i32>(b & 7) + <i32>((d / 3) % 3) - 1;
  const k = <i32>(b >> 3) + <i32>(d / 9) - 1;
  const nj = j < 0 ? -1 : j > 7 ? 1 : 0;
  const nk = k < 0 ? -1 : k > 7 ? 1 : 0;
  const target = <usize>(k & 7) * 8 + <usize>(j & 7);
  const toward = direction(di, nj, nk);
  const other = toward == 13 ? slot : <usize>atomic.load<u32>(slot + SLOT_NEIGHBOURS + (toward << 2));
  if (other) {
    if (other == <usize>load<u32>(job, JOB_EMPTY)) return;
    atomic.or<u64>(other + SLOT_DIRTY + (target << 3), rows);
    push(job, other, target);
    return;
  }
  const bi = load<i32>(slot, SLOT_I) + di;
  const row = (load<i32>(slot, SLOT_K) + nk) * load<i32>(job, JOB_NJ) + load<i32>(slot, SLOT_J) + nj;
  touch(job, <usize>(row * load<i32>(job, JOB_NI) + bi), target);
}
