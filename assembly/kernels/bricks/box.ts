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
