/* Where each label lies in a dense box. */

const BOX_BYTES: usize = 12;

/**
 * Bounding boxes of the labels (u16, i fastest) of a box of ni × nj × nk, at most 65,535 voxels along an axis: 65,536 entries of
 * six u16, i0 j0 k0 inside and i1 j1 k1 outside; i1 is 0 where a label is absent. Background has none.
 */
export function boxesOfLabels(labels: usize, ni: i32, nj: i32, nk: i32, boxes: usize): void {
  memory.fill(boxes, 0, 65536 * BOX_BYTES);
  let row = labels;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++, row += (<usize>ni) << 1) {
      let i = 0;
      while (i < ni) {
        const label = load<u16>(row + ((<usize>i) << 1));
        const end = endOfRun(row, i, ni, label);
        if (label != 0) include(boxes + <usize>label * BOX_BYTES, i, end, j, k);
        i = end;
      }
    }
  }
}

function endOfRun(row: usize, start: i32, ni: i32, label: u16): i32 {
  const eight = i16x8.splat(<i16>label);
  let end = start + 1;
  while (end + 8 <= ni && i16x8.all_true(i16x8.eq(v128.load(row + ((<usize>end) << 1)), eight))) end += 8;
  while (end < ni && load<u16>(row + ((<usize>end) << 1)) == label) end++;
  return end;
}

function include(box: usize, start: i32, end: i32, j: i32, k: i32): void {
  if (load<u16>(box, 6) == 0) {
    store<u16>(box, <u16>start);
    store<u16>(box, <u16>j, 2);
    store<u16>(box, <u16>k, 4);
    store<u16>(box, <u16>end, 6);
    store<u16>(box, <u16>(j + 1), 8);
    store<u16>(box, <u16>(k + 1), 10);
    return;
  }
  store<u16>(box, <u16>min<i32>(load<u16>(box), start));
  store<u16>(box, <u16>min<i32>(load<u16>(box, 2), j), 2);
  store<u16>(box, <u16>max<i32>(load<u16>(box, 6), end), 6);
  store<u16>(box, <u16>max<i32>(load<u16>(box, 8), j + 1), 8);
  store<u16>(box, <u16>(k + 1), 10);
}
