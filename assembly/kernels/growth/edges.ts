import {
  EDGE_FIRST_CANDIDATES,
  EDGE_FIRST_REACHED,
  EDGE_LAST_CANDIDATES,
  EDGE_LAST_REACHED,
  SLOT_CANDIDATES,
  SLOT_EDGES,
  TO_REACHED,
} from "../../memory/growth";

/*
 * The first and the last voxel of each row of a bit-brick as one word, a bit a row, so that what crosses an i border is a matter of
 * words and not of 64 rows.
 */

/** Where the edges of a bit-brick lie. */
export function edgesOf(slot: usize, b: usize): usize {
  return slot + SLOT_EDGES + (b << 5);
}

/** Gathers the edges of the candidates. */
export function gatherCandidates(slot: usize, b: usize): void {
  const rows = slot + SLOT_CANDIDATES + (b >> 3) * 4096 + (b & 7) * 64;
  const edges = edgesOf(slot, b);
  store<u64>(edges, firstVoxels(rows), EDGE_FIRST_CANDIDATES);
  store<u64>(edges, lastVoxels(rows), EDGE_LAST_CANDIDATES);
}

/** Gathers the edges of what is reached. */
export function gatherReached(slot: usize, b: usize): void {
  const rows = slot + SLOT_CANDIDATES + TO_REACHED + (b >> 3) * 4096 + (b & 7) * 64;
  const edges = edgesOf(slot, b);
  store<u64>(edges, firstVoxels(rows), EDGE_FIRST_REACHED);
  store<u64>(edges, lastVoxels(rows), EDGE_LAST_REACHED);
}

function lastVoxels(rows: usize): u64 {
  let word: u64 = 0;
  for (let k: u64 = 0; k < 64; k += 8, rows += 512) {
    const a = i64x2.bitmask(v128.load(rows)) | (i64x2.bitmask(v128.load(rows, 16)) << 2);
    const b = i64x2.bitmask(v128.load(rows, 32)) | (i64x2.bitmask(v128.load(rows, 48)) << 2);
    word |= (<u64>(a | (b << 4))) << k;
  }
  return word;
}

function firstVoxels(rows: usize): u64 {
  let word: u64 = 0;
  for (let k: u64 = 0; k < 64; k += 8, rows += 512) {
    const a = first(rows) | (first(rows + 16) << 2);
    const b = first(rows + 32) | (first(rows + 48) << 2);
    word |= (<u64>(a | (b << 4))) << k;
  }
  return word;
}

function first(at: usize): i32 {
  return i64x2.bitmask(i64x2.shl(v128.load(at), 63));
}
