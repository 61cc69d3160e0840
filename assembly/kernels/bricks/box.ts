/* Boxes of voxels between bricks and dense arrays. Strides are in bytes; rows lie whole. */

/** Copies nj × nk rows of `rowBytes`. */
export function copyBox(
  from: usize,
  fromRow: usize,
  fromPlane: usize,
  to: usize,
  toRow: usize,
  toPlane: usize,
  rowBytes: usize,
  nj: i32,
  nk: i32,
): void {
  for (let k = 0; k < nk; k++) {
    let source = from + <usize>k * fromPlane;
    let target = to + <usize>k * toPlane;
    for (let j = 0; j < nj; j++, source += fromRow, target += toRow) memory.copy(target, source, rowBytes);
  }
}

/** Sets nj × nk rows of `rowBytes` to 0. */
export function clearBox(to: usize, toRow: usize, toPlane: usize, rowBytes: usize, nj: i32, nk: i32): void {
  for (let k = 0; k < nk; k++) {
    let target = to + <usize>k * toPlane;
    for (let j = 0; j < nj; j++, target += toRow) memory.fill(target, 0, rowBytes);
  }
}

/** Sets bytes to 0. */
export function clearBytes(at: usize, bytes: usize): void {
  memory.fill(at, 0, bytes);
}

/**
 * Repeats the border of what of a box of ni × nj × nk values (of `size` bytes) is known, from (i0, j0, k0) to (i1, j1, k1) outside, over
 * the rest of it.
 */
export function repeatBorder(
  at: usize,
  size: usize,
  ni: i32,
  nj: i32,
  nk: i32,
  i0: i32,
  j0: i32,
  k0: i32,
  i1: i32,
  j1: i32,
  k1: i32,
): void {
  const row = <usize>ni * size;
  const plane = <usize>nj * row;
  for (let k = k0; k < k1; k++) {
    const inPlane = at + <usize>k * plane;
    for (let j = j0; j < j1; j++) {
      const first = inPlane + <usize>j * row;
      for (let i = 0; i < i0; i++) memory.copy(first + <usize>i * size, first + <usize>i0 * size, size);
      for (let i = i1; i < ni; i++) memory.copy(first + <usize>i * size, first + <usize>(i1 - 1) * size, size);
    }
    for (let j = 0; j < j0; j++) memory.copy(inPlane + <usize>j * row, inPlane + <usize>j0 * row, row);
    for (let j = j1; j < nj; j++) memory.copy(inPlane + <usize>j * row, inPlane + <usize>(j1 - 1) * row, row);
  }
  for (let k = 0; k < k0; k++) memory.copy(at + <usize>k * plane, at + <usize>k0 * plane, plane);
  for (let k = k1; k < nk; k++) memory.copy(at + <usize>k * plane, at + <usize>(k1 - 1) * plane, plane);
}
