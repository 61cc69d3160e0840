/*
 * Masks as rows of bits: bit i & 63 of word i >> 6 is voxel i of its row, rows begin at a word, j fastest after i. Bits past the
 * end of a row are 0.
 */

/** Words in a row of ni voxels. */
export function rowWords(ni: i32): i32 {
  return (ni + 63) >> 6;
}

/** The first set bit from `from` on; ni where there is none. */
export function nextSet(row: usize, from: i32, ni: i32): i32 {
  return nextBit(row, 0, from, ni);
}

/** The first bit that is 0 from `from` on; ni where there is none. */
export function nextClear(row: usize, from: i32, ni: i32): i32 {
  return nextBit(row, -1, from, ni);
}

function nextBit(row: usize, turned: u64, from: i32, ni: i32): i32 {
  if (from >= ni) return ni;
  let n = from >> 6;
  let word = (load<u64>(row + ((<usize>n) << 3)) ^ turned) & (~(<u64>0) << (from & 63));
  while (word == 0) {
    n++;
    if (n << 6 >= ni) return ni;
    word = load<u64>(row + ((<usize>n) << 3)) ^ turned;
  }
  return min(ni, (n << 6) + <i32>ctz<u64>(word));
}
