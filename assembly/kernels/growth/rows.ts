/* Operations on a row of 64 voxels held as one word: voxel i is bit i. */

/** All candidates of `m` that hang together along the row with the reached bits `s`, a subset of `m`. */
export function fillRow(m: u64, s: u64): u64 {
  // Towards higher bits a carry runs through each run of candidates from its first reached bit.
  let r = s | (((m + s) ^ m) & m);
  // Towards lower bits: parallel prefix, doubling the distance (Kogge–Stone).
  if (!((r >> 1) & m & ~r)) return r;
  let p = m;
  r |= p & (r >> 1);
  p &= p >> 1;
  r |= p & (r >> 2);
  p &= p >> 2;
  r |= p & (r >> 4);
  p &= p >> 4;
  r |= p & (r >> 8);
  p &= p >> 8;
  r |= p & (r >> 16);
  p &= p >> 16;
  return r | (p & (r >> 32));
}

/** The bits and those on either side of them. */
export function widen(s: u64): u64 {
  return s | (s << 1) | (s >> 1);
}

/** Whether voxels of rows that lie (aj, ak) apart, and di across an i border, can touch under 18 or 26 neighbours. */
export function adjacentRows(di: i32, aj: i32, ak: i32, connectivity: i32): bool {
  const apart = aj * aj + ak * ak + di * di;
  if (apart == 0) return false;
  return connectivity == 26 || apart <= 2;
}

/** Word with bit n set. */
export function oneBit(n: usize): u64 {
  return (<u64>1) << (<u64>n);
}
