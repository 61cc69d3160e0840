/* Where each label lies in a dense box. */

const BOX_BYTES: usize = 12;

/**
 * Bounding boxes of the labels (u16, i fastest) of a box of ni × nj × nk, at most 65,535 voxels along an axis. `boxes` gets an entry
 * of six u16 for each of the 65,536 labels: i0 j0 k0 inside and i1 j1 k1 outside, all 0 where a label is absent; `found` the
 * labels present (u16), as they are met. Returns how many; background is not among them.
 */
export function boxesOfLabels(labels: usize, ni: i32, nj: i32, nk: i32, boxes: usize, found: usize): i32 {
  memory.fill(boxes, 0, 65536 * BOX_BYTES);
  let count = 0;
  let row = labels;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++, row += (<usize>ni) << 1) {
      let i = 0;
      while (i < ni) {
        const label = load<u16>(row + ((<usize>i) << 1));
        const end = endOfRun(row, i, ni, label);
        if (label != 0 && include(boxes + <usize>label * BOX_BYTES, i, end, j, k)) {
          store<u16>(found + ((<usize>count) << 1), label);
          count++;
        }
        i = end;
      }
    }
  }
  return count;
}

/** Where the run of a label that begins at `start` ends in a row of ni. */
export function endOfRun(row: usize, start: i32, ni: i32, label: u16): i32 {
  const eight = i16x8.splat(<i16>label);
  let end = start + 1;
  while (end + 32 <= ni && areAll(row + ((<usize>end) << 1), eight)) end += 32;
  while (end + 8 <= ni && i16x8.all_true(i16x8.eq(v128.load(row + ((<usize>end) << 1)), eight))) end += 8;
  while (end < ni && load<u16>(row + ((<usize>end) << 1)) == label) end++;
  return end;
}

function areAll(at: usize, eight: v128): bool {
  const low = v128.and(i16x8.eq(v128.load(at), eight), i16x8.eq(v128.load(at, 16), eight));
  const high = v128.and(i16x8.eq(v128.load(at, 32), eight), i16x8.eq(v128.load(at, 48), eight));
  return i16x8.all_true(v128.and(low, high));
}

/** Returns whether the box is new. */
function include(box: usize, start: i32, end: i32, j: i32, k: i32): bool {
  if (load<u16>(box, 6) == 0) {
    store<u16>(box, <u16>start);
    store<u16>(box, <u16>j, 2);
    store<u16>(box, <u16>k, 4);
    store<u16>(box, <u16>end, 6);
    store<u16>(box, <u16>(j + 1), 8);
    store<u16>(box, <u16>(k + 1), 10);
    return true;
  }
  store<u16>(box, <u16>min<i32>(load<u16>(box), start));
  store<u16>(box, <u16>min<i32>(load<u16>(box, 2), j), 2);
  store<u16>(box, <u16>max<i32>(load<u16>(box, 6), end), 6);
  store<u16>(box, <u16>max<i32>(load<u16>(box, 8), j + 1), 8);
  store<u16>(box, <u16>(k + 1), 10);
  return false;
}
