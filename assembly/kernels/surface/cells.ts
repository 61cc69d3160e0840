/*
 * Surface nets (Gibson, 1998) of all labels at once (Frisken, 2022): every cell of 2×2×2 voxels that do not agree gets one vertex,
 * which the surfaces of all its labels share, and a face between two voxels is a quad of the vertices of the four cells around it.
 */

/** Numbers the mixed cells of a box of edge³ labels, i fastest, from 1; returns how many there are. */
export function surfaceCells(labels: usize, edge: i32, cells: usize): i32 {
  const row = (<usize>edge) << 1;
  const plane = row * <usize>edge;
  const none = i32x4.splat(0);
  let count = 0;
  for (let k = 0; k < edge; k++) {
    for (let j = 0; j < edge; j++) {
      const line = labels + <usize>k * plane + <usize>j * row;
      const to = cells + ((<usize>((k * edge + j) * edge)) << 2);
      // The last voxels begin no cell.
      const whole = k < edge - 1 && j < edge - 1;
      for (let i = 0; i < edge; i += 8) {
        const at = to + ((<usize>i) << 2);
        v128.store(at, none);
        v128.store(at, none, 16);
        let mixed = whole ? mixedCells(line + ((<usize>i) << 1), row, plane) : 0;
        if (i + 8 >= edge) mixed &= (1 << (edge - 1 - i)) - 1;
        for (; mixed; mixed &= mixed - 1) store<i32>(at + ((<usize>ctz<i32>(mixed)) << 2), ++count);
      }
    }
  }
  return count;
}

/** Bit n set where the cell n voxels on has differing voxels. */
function mixedCells(at: usize, row: usize, plane: usize): i32 {
  const a = v128.load(at);
  const ab = v128.or(v128.xor(a, v128.load(at, 2)), v128.xor(a, v128.load(at + row)));
  const cd = v128.or(v128.xor(a, v128.load(at + row, 2)), v128.xor(a, v128.load(at + plane)));
  const ef = v128.or(v128.xor(a, v128.load(at + plane, 2)), v128.xor(a, v128.load(at + plane + row)));
  const all = v128.or(v128.or(ab, cd), v128.or(ef, v128.xor(a, v128.load(at + plane + row, 2))));
  return i16x8.bitmask(i16x8.ne(all, i16x8.splat(0)));
}

/** Fills the places of the mixed cells and the links between them. */
export function surfaceLinks(labels: usize, edge: i32, cells: usize, places: usize, links: usize): void {
  const voxels = edge * edge * edge;
  for (let at = 0; at < voxels; at += 4) {
    if (!v128.any_true(v128.load(cells + ((<usize>at) << 2)))) continue;
    for (let n = at; n < min(at + 4, voxels); n++) {
      const number = load<i32>(cells + ((<usize>n) << 2));
      if (number == 0) continue;
      store<i32>(places + ((<usize>number) << 2), n);
      linkCell(labels, edge, cells, n, links + <usize>number * 28);
    }
  }
}

function linkCell(labels: usize, edge: i32, cells: usize, n: i32, to: usize): void {
  const row = (<usize>edge) << 1;
  const at = labels + ((<usize>n) << 1);
  const above = at + row * <usize>edge;
  const a = load<u16>(at);
  const b = load<u16>(at, 2);
  const c = load<u16>(at + row);
  const d = load<u16>(at + row, 2);
  const e = load<u16>(above);
  const f = load<u16>(above, 2);
  const g = load<u16>(above + row);
  const h = load<u16>(above + row, 2);
  const own = cells + ((<usize>n) << 2);
  const wide = row << 1;
  const plane = wide * <usize>edge;
  // Past the ends of rows and slices lie voxels that begin no cell; before the first slice lies nothing.
  const i0 = a == c && a == e && a == g ? 0 : n > 0 ? load<i32>(own - 4) : 0;
  const i1 = b == d && b == f && b == h ? 0 : load<i32>(own, 4);
  const j0 = a == b && a == e && a == f ? 0 : n >= edge ? load<i32>(own - wide) : 0;
  const j1 = c == d && c == g && c == h ? 0 : load<i32>(own + wide);
  const k0 = a == b && a == c && a == d ? 0 : n >= edge * edge ? load<i32>(own - plane) : 0;
  const k1 = e == f && e == g && e == h ? 0 : load<i32>(own + plane);
  store<i32>(to, i0);
  store<i32>(to, i1, 4);
  store<i32>(to, j0, 8);
  store<i32>(to, j1, 12);
  store<i32>(to, k0, 16);
  store<i32>(to, k1, 20);
  const alongI = (i0 ? 1 : 0) | (i1 ? 2 : 0);
  const alongJ = (j0 ? 4 : 0) | (j1 ? 8 : 0);
  store<i32>(to, alongI | alongJ | (k0 ? 16 : 0) | (k1 ? 32 : 0), 24);
}
