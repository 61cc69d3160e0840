import {
  IDLE,
  JOB_CONNECTIVITY,
  JOB_DIRECTORY,
  JOB_EMPTY,
  JOB_NI,
  JOB_NJ,
  JOB_NK,
  JOB_STAGED_COUNT,
  JOB_STAGED_NEXT,
  SLOT_CANDIDATES,
  SLOT_DIRTY,
  SLOT_FORCED,
  SLOT_I,
  SLOT_J,
  SLOT_K,
  SLOT_NEIGHBOURS,
  SLOT_REACHED,
  SLOT_STATE,
  TO_REACHED,
} from "../../memory/growth";
import { tablePlace } from "./admit";
import { gatherReached } from "./edges";
import { oneBit } from "./rows";
import { bitBrickOffset, isSeen, see } from "./see";

/*
 * Bricks that leave memory for a while and come back. The owner calls these while no thread runs. A brick that leaves has no dirty
 * rows; what its reached bits mean to a brick that comes in later is put there as seeds.
 */

/** Forgets where voxels lie: from now on the owner lets every brick in, because it alone knows what has left. */
export function growthForgetDirectory(job: usize): void {
  const bricks = <usize>(load<i32>(job, JOB_NI) * load<i32>(job, JOB_NJ) * load<i32>(job, JOB_NK));
  memory.fill(<usize>load<u32>(job, JOB_DIRECTORY), 0, bricks << 3);
}

/** Whether bricks wait to be looked at that were staged: what they touch must not leave before they are in. */
export function growthStaging(job: usize): bool {
  return load<i32>(job, JOB_STAGED_COUNT) != load<i32>(job, JOB_STAGED_NEXT);
}

/** Whether a slot can leave: neither it nor a slot beside it, which may have to look at it, has anything left to do. */
export function growthIdle(job: usize, slot: usize): bool {
  const empty = <usize>load<u32>(job, JOB_EMPTY);
  for (let d: usize = 0; d < 27; d++) {
    const other = d == 13 ? slot : <usize>load<u32>(slot + SLOT_NEIGHBOURS + (d << 2));
    if (other != 0 && other != empty && !isIdle(other)) return false;
  }
  return true;
}

function isIdle(slot: usize): bool {
  for (let b: usize = 0; b < 64; b++) {
    if (load<u64>(slot + SLOT_DIRTY + (b << 3)) || load<i32>(slot + SLOT_STATE + (b << 2)) != IDLE) return false;
  }
  return true;
}

/** Takes a slot out: its brick is absent again, and its memory free for another. */
export function growthEvict(job: usize, slot: usize): void {
  const ni = load<i32>(job, JOB_NI);
  const nj = load<i32>(job, JOB_NJ);
  const brick = (load<i32>(slot, SLOT_K) * nj + load<i32>(slot, SLOT_J)) * ni + load<i32>(slot, SLOT_I);
  const empty = <usize>load<u32>(job, JOB_EMPTY);
  store<u32>(tablePlace(job, <usize>brick), 0);
  for (let d: usize = 0; d < 27; d++) {
    const other = <usize>load<u32>(slot + SLOT_NEIGHBOURS + (d << 2));
    if (other != 0 && other != empty) store<u32>(other + SLOT_NEIGHBOURS + ((26 - d) << 2), 0);
  }
}

/** Puts back the reached bits (32 KiB) of a brick that left. */
export function growthRestore(job: usize, slot: usize, bits: usize): void {
  for (let b: usize = 0; b < 64; b++) {
    const offset = bitBrickOffset(b);
    if (!anyBit(bits + offset)) continue;
    if (!isSeen(slot, b)) see(job, slot, b);
    for (let k: usize = 0; k < 4096; k += 512) memory.copy(slot + SLOT_REACHED + offset + k, bits + offset + k, 64);
    gatherReached(slot, b);
  }
}

function anyBit(rows: usize): bool {
  let all = v128.splat<i64>(0);
  for (let k: usize = 0; k < 4096; k += 512) {
    const half = v128.or(v128.load(rows + k), v128.load(rows + k, 16));
    all = v128.or(all, v128.or(half, v128.or(v128.load(rows + k, 32), v128.load(rows + k, 48))));
  }
  return v128.any_true(all);
}

/**
 * Seeds a slot with its candidates that touch the reached bits (32 KiB) of a brick that left, which lies (di, dj, dk) bricks away.
 */
export function growthTouchFrom(job: usize, slot: usize, bits: usize, di: i32, dj: i32, dk: i32): void {
  const connectivity = load<i32>(job, JOB_CONNECTIVITY);
  const most = connectivity == 6 ? 1 : connectivity == 18 ? 2 : 3;
  const j0 = dj > 0 ? 63 : 0;
  const j1 = dj < 0 ? 1 : 64;
  const k0 = dk > 0 ? 63 : 0;
  const k1 = dk < 0 ? 1 : 64;
  for (let k = k0; k < k1; k++) {
    for (let j = j0; j < j1; j++) {
      const near = touching(bits, j, k, di, dj, dk, most);
      if (near) seedRow(job, slot, j, k, near);
    }
  }
}

/** Bits of row (j, k) that have a reached neighbour in the other brick. */
function touching(bits: usize, j: i32, k: i32, di: i32, dj: i32, dk: i32, most: i32): u64 {
  let near: u64 = 0;
  for (let ak = -1; ak <= 1; ak++) {
    for (let aj = -1; aj <= 1; aj++) {
      const tj = j + aj - dj * 64;
      const tk = k + ak - dk * 64;
      if (tj < 0 || tj > 63 || tk < 0 || tk > 63) continue;
      const row = load<u64>(bits + ((<usize>(tk * 64 + tj)) << 3));
      if (!row) continue;
      const apart = aj * aj + ak * ak;
      if (di == 0) {
        if (apart <= most) near |= row;
        if (apart < most) near |= (row << 1) | (row >> 1);
      } else if (apart < most) near |= di < 0 ? row >> 63 : row << 63;
    }
  }
  return near;
}

function seedRow(job: usize, slot: usize, j: i32, k: i32, bits: u64): void {
  const b = <usize>((k >> 3) * 8 + (j >> 3));
  if (!isSeen(slot, b)) see(job, slot, b);
  const row = slot + SLOT_CANDIDATES + <usize>(k * 64 + j) * 8;
  const s = load<u64>(row, TO_REACHED);
  const more = bits & load<u64>(row) & ~s;
  if (!more) return;
  store<u64>(row, s | more, TO_REACHED);
  gatherReached(slot, b);
  store<u64>(slot, load<u64>(slot, SLOT_FORCED) | oneBit(b), SLOT_FORCED);
  const dirty = slot + SLOT_DIRTY + (b << 3);
  store<u64>(dirty, load<u64>(dirty) | oneBit(<usize>((k & 7) * 8 + (j & 7))));
}
