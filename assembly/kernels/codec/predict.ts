import { rowBytes, sliceBytes, TILE_ROWS, tileRowBytes, WIDTH_SHIFT } from "../../memory/codec";

/*
 * What a voxel is expected to be, from voxels before it: the row above it, the slice before it, or both. Lanes lie along i, so none waits
 * for another. Sums wrap, so that every value of every type comes back.
 */

/** The voxel above (j − 1). */
const ABOVE: i32 = 0;
/** The voxel in the slice before (k − 1). */
const BEFORE: i32 = 1;
/** The voxel above, moved as far as the slice before moves from there to here. */
const MOVED: i32 = 2;
/** Half-way from the voxel above to the one in the slice before, rounded down. */
const MIDDLE: i32 = 3;

/** The expected values of 16 bytes of voxels at `at`. */
export function predicted<T>(predictor: i32, at: usize): v128 {
  if (predictor == ABOVE) return v128.load(at - rowBytes<T>());
  const before = v128.load(at - sliceBytes<T>());
  if (predictor == BEFORE) return before;
  const above = v128.load(at - rowBytes<T>());
  const change = v128.sub<T>(before, predictor == MOVED ? v128.load(at - rowBytes<T>() - sliceBytes<T>()) : above);
  return v128.add<T>(above, predictor == MOVED ? change : half<T>(change));
}

/** What 16 bytes of voxels at `at` are off what was expected, folded. */
export function residuals<T>(predictor: i32, at: usize): v128 {
  return folded<T>(v128.sub<T>(v128.load(at), predicted<T>(predictor, at)));
}

/** The byte of the tile whose first voxel is at `first`: the predictor that leaves the fewest bits, the first of equal ones. */
export function chooseTile<T>(first: usize): i32 {
  let above = i64x2.splat(0);
  let before = i64x2.splat(0);
  let moved = i64x2.splat(0);
  let middle = i64x2.splat(0);
  let row = first;
  for (let j = 0; j < TILE_ROWS; j++, row += rowBytes<T>()) {
    for (let at = row; at < row + tileRowBytes<T>(); at += 16) {
      const voxels = v128.load(at);
      const a = v128.load(at - rowBytes<T>());
      const b = v128.load(at - sliceBytes<T>());
      const corner = v128.load(at - rowBytes<T>() - sliceBytes<T>());
      const offAbove = v128.sub<T>(voxels, a);
      above = v128.or(above, folded<T>(offAbove));
      before = v128.or(before, folded<T>(v128.sub<T>(voxels, b)));
      moved = v128.or(moved, folded<T>(v128.sub<T>(offAbove, v128.sub<T>(b, corner))));
      middle = v128.or(middle, folded<T>(v128.sub<T>(offAbove, half<T>(v128.sub<T>(b, a)))));
    }
  }
  return min(
    min(tileByte<T>(above, ABOVE), tileByte<T>(before, BEFORE)),
    min(tileByte<T>(moved, MOVED), tileByte<T>(middle, MIDDLE)),
  );
}

/** The byte of a tile: four times the bits of the widest of its folded residuals, of which `all` is the union, and the predictor. */
function tileByte<T>(all: v128, predictor: i32): i32 {
  let bits = i64x2.extract_lane(all, 0) | i64x2.extract_lane(all, 1);
  bits |= bits >>> 32;
  bits |= bits >>> 16;
  if (sizeof<T>() == 1) bits |= bits >>> 8;
  return ((32 - <i32>clz<u32>(<u32>(<T>bits))) << WIDTH_SHIFT) | predictor;
}

/** Signed 0, −1, 1, −2, 2, … as 0, 1, 2, 3, 4, …, so that small ones have few bits. */
function folded<T>(residual: v128): v128 {
  const zero = i64x2.splat(0);
  const negative = sizeof<T>() == 1 ? i8x16.lt_s(residual, zero) : i16x8.lt_s(residual, zero);
  return v128.xor(v128.add<T>(residual, residual), negative);
}

/** Half of signed numbers, rounded down. */
function half<T>(difference: v128): v128 {
  return sizeof<T>() == 1 ? i8x16.shr_s(difference, 1) : i16x8.shr_s(difference, 1);
}
