import { BLOCK_FIRST, BLOCK_NUMBERS, BLOCK_PARENTS, BLOCK_SET, BLOCK_STARTS } from "../../memory/components";

/*
 * What a brick shows its neighbours: the pieces on one side, as runs. A face has two axes u and v, u before v in the order i, j,
 * k: (j, k) across i, (i, k) across j, (i, j) across k.
 *
 *   0     u16 × 65   number of the first run of row v; row 64 is the end
 *   132   u32 a run  first u in bits 0 to 7, u after its end in bits 8 to 15, number of its piece (`componentsNumber`) above
 */
const FACE_RUNS: usize = 132;

/** Room that any face fits in. */
export function componentsFaceRoom(): usize {
  return FACE_RUNS + 4096 * 4;
}

/** Writes the face at a side (0 to 5: i low, i high, j low, j high, k low, k high); returns the number of its runs. */
export function componentsFace(block: usize, side: i32, ni: i32, nj: i32, nk: i32, to: usize): i32 {
  let count = 0;
  const high = (side & 1) != 0;
  for (let v = 0; v < 64; v++) {
    store<u16>(to + ((<usize>v) << 1), <u16>count);
    if (side < 2) {
      if (v < nk) count = columnRuns(block, v, high ? ni - 1 : 0, nj, to, count);
    } else if (side < 4) {
      if (v < nk) count = rowRuns(block, v * 64 + (high ? nj - 1 : 0), to, count);
    } else if (v < nj) {
      count = rowRuns(block, (high ? nk - 1 : 0) * 64 + v, to, count);
    }
  }
  store<u16>(to + 128, <u16>count);
  return count;
}

function rowRuns(block: usize, row: i32, to: usize, count: i32): i32 {
  const set = load<u64>(block + ((<usize>row) << 3), BLOCK_SET);
  const starts = load<u64>(block + ((<usize>row) << 3), BLOCK_STARTS);
  let run = load<u32>(block + ((<usize>row) << 2), BLOCK_FIRST);
  let n = count;
  for (let rest = starts; rest; rest &= rest - 1, run++) {
    const start = ctz<u64>(rest);
    const end = ctz<u64>((~set | starts) & ~(rest ^ (rest - 1)));
    n = addRun(to, n, <u32>start, <u32>end, numberOf(block, run));
  }
  return n;
}

function columnRuns(block: usize, k: i32, i: i32, nj: i32, to: usize, count: i32): i32 {
  let n = count;
  let start = 0;
  let piece: u32 = 0;
  let open = false;
  for (let j = 0; j <= nj; j++) {
    const row = <usize>(k * 64 + j);
    const set = j < nj && ((load<u64>(block + (row << 3), BLOCK_SET) >> <u64>i) & 1) != 0;
    let here: u32 = 0;
    if (set) {
      const before = load<u64>(block + (row << 3), BLOCK_STARTS) & (~(<u64>0) >> <u64>(63 - i));
      here = numberOf(block, load<u32>(block + (row << 2), BLOCK_FIRST) + <u32>popcnt<u64>(before) - 1);
    }
    if (open && (!set || here != piece)) {
      n = addRun(to, n, start, j, piece);
      open = false;
    }
    if (set && !open) {
      open = true;
      start = j;
      piece = here;
    }
  }
  return n;
}

function numberOf(block: usize, run: u32): u32 {
  const piece = load<u32>(block + ((<usize>run) << 2), BLOCK_PARENTS);
  return load<u32>(block + ((<usize>piece) << 2), BLOCK_NUMBERS);
}

function addRun(to: usize, n: i32, start: u32, end: u32, piece: u32): i32 {
  store<u32>(to + ((<usize>n) << 2), start | (end << 8) | (piece << 16), FACE_RUNS);
  return n + 1;
}
