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

/**
 * Row (j, k) of the brick `di` bricks along i from the middle of a table of 27 pointers to bits; j and k may reach into the bricks
 * around. What lies outside the volume repeats its border: the middle brick's first ni × nj × nk voxels are in it where its
 * neighbour is absent (0).
 */
export function rowsOfBrick(table: usize, di: i32, j: i32, k: i32, ni: i32, nj: i32, nk: i32): u64 {
  let dj = j < 0 ? -1 : j > 63 ? 1 : 0;
  let dk = k < 0 ? -1 : k > 63 ? 1 : 0;
  let rowJ = j & 63;
  let rowK = k & 63;
  if (dj != 0 && !brickAt(table, 0, dj, 0)) {
    dj = 0;
    rowJ = j < 0 ? 0 : nj - 1;
  }
  if (dk != 0 && !brickAt(table, 0, 0, dk)) {
    dk = 0;
    rowK = k < 0 ? 0 : nk - 1;
  }
  const offset = (<usize>(rowK * 64 + rowJ)) << 3;
  const bits = brickAt(table, di, dj, dk);
  if (bits) return load<u64>(bits + offset);
  const middle = load<u64>(brickAt(table, 0, dj, dk) + offset);
  const border = di < 0 ? middle & 1 : (middle >> <u64>(ni - 1)) & 1;
  return border ? ~(<u64>0) : 0;
}

function brickAt(table: usize, di: i32, dj: i32, dk: i32): usize {
  return <usize>load<u32>(table + ((<usize>((dk + 1) * 9 + (dj + 1) * 3 + di + 1)) << 2));
}
