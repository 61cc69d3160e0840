/* What a kernel reads beyond the border of the volume. */

/**
 * Fills what of a dense box of u16 labels, ni × nj × nk from (i0, j0, k0) on in the volume, lies outside a volume of di × dj × dk: the
 * volume mirrored at its border, the border's voxels twice (… 2 1 0 0 1 2 …), as often as it takes.
 */
export function mirrorLabels(
  labels: usize,
  ni: i32,
  nj: i32,
  nk: i32,
  i0: i32,
  j0: i32,
  k0: i32,
  di: i32,
  dj: i32,
  dk: i32,
): void {
  const row = (<usize>ni) << 1;
  const plane = row * nj;
  for (let k = max(0, -k0); k < min(nk, dk - k0); k++) {
    for (let j = max(0, -j0); j < min(nj, dj - j0); j++) {
      const at = labels + <usize>k * plane + <usize>j * row;
      for (let i = 0; i < ni; i++) {
        const from = mirrored(i + i0, di) - i0;
        if (from != i) store<u16>(at + ((<usize>i) << 1), load<u16>(at + ((<usize>from) << 1)));
        else i = max(i, min(ni, di - i0) - 1);
      }
    }
    for (let j = 0; j < nj; j++) {
      const from = mirrored(j + j0, dj) - j0;
      const at = labels + <usize>k * plane;
      if (from != j) memory.copy(at + <usize>j * row, at + <usize>from * row, row);
    }
  }
  for (let k = 0; k < nk; k++) {
    const from = mirrored(k + k0, dk) - k0;
    if (from != k) memory.copy(labels + <usize>k * plane, labels + <usize>from * plane, plane);
  }
}

function mirrored(n: i32, count: i32): i32 {
  let place = n % (2 * count);
  if (place < 0) place += 2 * count;
  return place < count ? place : 2 * count - 1 - place;
}
