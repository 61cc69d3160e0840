import {
  ALL_IN_RANGE,
  BY_BITS,
  JOB_HIGH,
  JOB_LOW,
  JOB_VOXEL_TYPE,
  SLOT_CANDIDATES,
  SLOT_CLIP_I,
  SLOT_CLIP_J,
  SLOT_CLIP_K,
  SLOT_FULL,
  SLOT_HOW,
  SLOT_SEEN,
  SLOT_VOXELS,
  TO_REACHED,
} from "../../memory/growth";
import { oneBit } from "./rows";
import { thresholdRows, voxelBytes } from "./threshold";

/** Where the first row of a bit-brick lies from the first of its brick. */
export function bitBrickOffset(b: usize): usize {
  return (b >> 3) * 4096 + (b & 7) * 64;
}

export function isSeen(slot: usize, b: usize): bool {
  return (atomic.load<u64>(slot + SLOT_SEEN) & oneBit(b)) != 0;
}

/**
 * Finds the candidates of a bit-brick, clipped to the volume and the box, and clears its reached rows. Only the thread that runs
 * the bit-brick, or the owner before the brick is in, calls it, once.
 */
export function see(job: usize, slot: usize, b: usize): void {
  const offset = bitBrickOffset(b);
  const candidates = slot + SLOT_CANDIDATES + offset;
  const voxels = <usize>load<u32>(slot, SLOT_VOXELS);
  const how = load<i32>(slot, SLOT_HOW);
  for (let k: usize = 0; k < 8; k++) memory.fill(candidates + TO_REACHED + k * 512, 0, 64);
  if (how == ALL_IN_RANGE) for (let k: usize = 0; k < 8; k++) memory.fill(candidates + k * 512, 0xff, 64);
  else if (how == BY_BITS) {
    for (let k: usize = 0; k < 8; k++) memory.copy(candidates + k * 512, voxels + offset + k * 512, 64);
  } else {
    const type = load<i32>(job, JOB_VOXEL_TYPE);
    const low = load<f64>(job, JOB_LOW);
    const high = load<f64>(job, JOB_HIGH);
    const first = voxels + offset * 8 * voxelBytes(type);
    const plane = <usize>4096 * voxelBytes(type);
    for (let k: usize = 0; k < 8; k++) thresholdRows(type, low, high, first + k * plane, candidates + k * 512, 8);
  }
  clip(slot, b, candidates);
  if (isFull(candidates)) atomic.or<u64>(slot + SLOT_FULL, oneBit(b));
  // Last: whoever finds the bit set may read the rows.
  atomic.or<u64>(slot + SLOT_SEEN, oneBit(b));
}

/** Takes candidates outside the job's box away: padding of bricks at the volume's edge, and what lies outside the region. */
function clip(slot: usize, b: usize, candidates: usize): void {
  const i = load<u64>(slot, SLOT_CLIP_I);
  const j = (load<u64>(slot, SLOT_CLIP_J) >> ((b & 7) << 3)) & 0xff;
  const k = (load<u64>(slot, SLOT_CLIP_K) >> ((b >> 3) << 3)) & 0xff;
  if (i == ~(<u64>0) && j == 0xff && k == 0xff) return;
  for (let n: u64 = 0; n < 64; n++) {
    const row = candidates + <usize>((n >> 3) * 512 + (n & 7) * 8);
    const inside = (j >> (n & 7)) & (k >> (n >> 3)) & 1;
    store<u64>(row, inside ? load<u64>(row) & i : 0);
  }
}

function isFull(candidates: usize): bool {
  let all = v128.splat<i64>(-1);
  for (let k: usize = 0; k < 8; k++) {
    const row = candidates + k * 512;
    const half = v128.and(v128.load(row), v128.load(row, 16));
    all = v128.and(all, v128.and(half, v128.and(v128.load(row, 32), v128.load(row, 48))));
  }
  return i64x2.all_true(i64x2.eq(all, v128.splat<i64>(-1)));
}
