import {
  BLOCK_BYTES,
  BLOCK_FIRST,
  BLOCK_NUMBERS,
  BLOCK_PARENTS,
  BLOCK_PIECES,
  BLOCK_SET,
  BLOCK_STARTS,
  PIECE_BOX,
  PIECE_BYTES,
  PIECE_FIRST,
  SIDES_SHIFT,
} from "../../memory/components";

/** The two bytes of a piece's box that hold its segment. */
const SEGMENT_BYTES: u64 = 0xffff000000000000;

/* The pieces that joined runs make: voxels, first voxel, box, sides of the brick that they touch. */

export function componentsBlockBytes(): usize {
  return BLOCK_BYTES;
}

/** Address of the words of set voxels, to be filled before `componentsRowsOfMask`. */
export function componentsSet(block: usize): usize {
  return block + BLOCK_SET;
}

/** Address of the pieces, 16 bytes each. */
export function componentsPieces(block: usize): usize {
  return block + BLOCK_PIECES;
}

/**
 * Makes pieces of the joined runs, numbered by their first voxel; returns how many. A side is touched within ni × nj × nk.
 * `labels` as in `componentsJoin`; for a mask `segment` is what its voxels are of.
 */
export function componentsGather(block: usize, labels: usize, segment: u16, ni: i32, nj: i32, nk: i32): i32 {
  const parents = block + BLOCK_PARENTS;
  const pieces = block + BLOCK_PIECES;
  let run: usize = parents;
  let number: u32 = 0;
  let count: u32 = 0;
  for (let row = 0; row < 4096; row++) {
    const set = load<u64>(block + ((<usize>row) << 3), BLOCK_SET);
    if (!set) continue;
    const starts = load<u64>(block + ((<usize>row) << 3), BLOCK_STARTS);
    const j = row & 63;
    const k = row >> 6;
    const sides = <u32>((j == 0 ? 4 : 0) | (j == nj - 1 ? 8 : 0) | (k == 0 ? 16 : 0) | (k == nk - 1 ? 32 : 0));
    const place = ((<u64>j) << 8) | ((<u64>k) << 16) | ((<u64>(63 - j)) << 32) | ((<u64>(63 - k)) << 40);
    for (let rest = starts; rest; rest &= rest - 1) {
      const start = ctz<u64>(rest);
      // The run ends before the next voxel that is not set or begins another run; 64 at the end of the row.
      const end = ctz<u64>((~set | starts) & ~(rest ^ (rest - 1)));
      const touched = sides | (start == 0 ? 1 : 0) | (end == <u64>ni ? 2 : 0);
      const box = place | start | ((64 - end) << 24);
      const parent = load<u32>(run);
      let piece: u32;
      if (parent == number) {
        piece = count++;
        const at = pieces + <usize>piece * PIECE_BYTES;
        store<u32>(at, <u32>(end - start) | (touched << SIDES_SHIFT));
        store<u32>(at, ((<u32>row) << 6) | <u32>start, PIECE_FIRST);
        const own = labels ? load<u16>(labels + ((<usize>row) << 7) + ((<usize>start) << 1)) : segment;
        store<u64>(at, box | ((<u64>own) << 48), PIECE_BOX);
      } else {
        // Parents come before their children, so this one's piece is known.
        piece = load<u32>(parents + ((<usize>parent) << 2));
        const at = pieces + <usize>piece * PIECE_BYTES;
        store<u32>(at, (load<u32>(at) + <u32>(end - start)) | (touched << SIDES_SHIFT));
        // The bytes of the segment are kept by the largest.
        const least = i8x16.min_u(v128.load64_zero(at + PIECE_BOX), i64x2.splat(<i64>(box | SEGMENT_BYTES)));
        v128.store64_lane(at + PIECE_BOX, least, 0);
      }
      store<u32>(run, piece);
      run += 4;
      number++;
    }
  }
  return <i32>count;
}

/** Numbers the pieces that touch one of the sides `open` (bits as in the pieces), in their order; returns how many there are. */
export function componentsNumber(block: usize, count: i32, open: i32): i32 {
  let next = 0;
  for (let n: usize = 0; n < <usize>count; n++) {
    const touched = load<u32>(block + BLOCK_PIECES + n * PIECE_BYTES) >> SIDES_SHIFT;
    store<i32>(block + (n << 2), next, BLOCK_NUMBERS);
    if (touched & <u32>open) next++;
  }
  return next;
}

/** The piece that a voxel, (k·64 + j)·64 + i, is in; −1 where it is in none. */
export function componentsPieceAt(block: usize, voxel: i32): i32 {
  const row = <usize>(voxel >> 6);
  const upTo = ~(<u64>0) >> <u64>(63 - (voxel & 63));
  if (!((load<u64>(block + (row << 3), BLOCK_SET) >> <u64>(voxel & 63)) & 1)) return -1;
  const before = <u32>popcnt<u64>(load<u64>(block + (row << 3), BLOCK_STARTS) & upTo);
  const run = load<u32>(block + (row << 2), BLOCK_FIRST) + before - 1;
  return load<i32>(block + ((<usize>run) << 2), BLOCK_PARENTS);
}
