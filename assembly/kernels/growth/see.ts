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
  SLOT_SEEING,
  SLOT_SEEN,
  SLOT_VOXELS,
  TO_REACHED,
} from "../../memory/growth";
import { edgesOf, gatherCandidates } from "./edges";
import { oneBit } from "./rows";
import { thresholdRows, voxelBytes } from "./threshold";

/** Where the first row of a bit-brick lies from the first of its brick. */
export function bitBrickOffset(b: usize): usize {
  return (b >> 3) * 4096 + (b & 7) * 64;
}

export function isSeen(slot: usize, b: usize): bool {
  return ((atomic.load<u32>(slot + SLOT_SEEN) >> <u32>(b >> 3)) & 1) != 0;
}

/**
 * Finds the candidates of a bit-brick and of the seven beside it along j, clipped to the volume and the box, and clears their
 * reached rows: eight slices of a brick lie together in memory, and reading them together is several times as fast as reading
 * the rows of one bit-brick. One thread does it; another that wants the same waits for it.
 */
export function see(job: usize, slot: usize, b: usize): void {
  const slab = b >> 3;
  const bit = (<u32>1) << (<u32>slab);
  if (atomic.or<u32>(slot + SLOT_SEEING, bit) & bit) {
    while (!isSeen(slot, b)) {
      // Some microseconds at most.
    }
    return;
  }
  const candidates = slot + SLOT_CANDIDATES + slab * 4096;
  const voxels = <usize>load<u32>(slot, SLOT_VOXELS);
  const how = load<i32>(slot, SLOT_HOW);
  memory.fill(candidates + TO_REACHED, 0, 4096);
  if (how == ALL_IN_RANGE) memory.fill(candidates, 0xff, 4096);
  else if (how == BY_BITS) memory.copy(candidates, voxels + slab * 4096, 4096);
  else {
    const type = load<i32>(job, JOB_VOXEL_TYPE);
    const first = voxels + slab * 32768 * voxelBytes(type);
    thresholdRows(type, load<f64>(job, JOB_LOW), load<f64>(job, JOB_HIGH), first, candidates, 512);
  }
  clip(slot, slab, candidates);
  memory.fill(edgesOf(slot, slab * 8), 0, 256);
  for (let j: usize = 0; j < 8; j++) {
    gatherCandidates(slot, slab * 8 + j);
    if (isFull(candidates + j * 64)) atomic.or<u64>(slot + SLOT_FULL, oneBit(slab * 8 + j));
  }
  // Last: whoever finds the bit set may read the rows.
  atomic.or<u32>(slot + SLOT_SEEN, bit);
}

/** Takes candidates outside the job's box away: padding of bricks at the volume's edge, and what lies outside the region. */
function clip(slot: usize, slab: usize, candidates: usize): void {
  const i = load<u64>(slot, SLOT_CLIP_I);
  const j = load<u64>(slot, SLOT_CLIP_J);
  const k = (load<u64>(slot, SLOT_CLIP_K) >> <u64>(slab << 3)) & 0xff;
  if (i == ~(<u64>0) && j == ~(<u64>0) && k == 0xff) return;
  for (let n: u64 = 0; n < 512; n++) {
    const row = candidates + ((<usize>n) << 3);
    const inside = (j >> (n & 63)) & (k >> (n >> 6)) & 1;
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
