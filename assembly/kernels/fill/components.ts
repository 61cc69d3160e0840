/*
 * Connected pieces (8 neighbours) of a slice of labels: runs of rows, joined by union-find, once among runs of one label and once
 * among all of them.
 *
 *   run         32 B   v, start, end (outside), label, parent among its label, parent among all, number of the piece, unused
 *   component   64 B   label (0: several), runs, first run in `sorted`, u0, v0, u1, v1 (outside), pixels, sum of u, of v (f64)
 *   sorted      12 B   v, start, end of every run, component after component, rows in order
 */
const RUN: usize = 32;
const COMPONENT: usize = 64;
const PARENT: usize = 16;
const NUMBER: usize = 24;

/** Bytes of the three records. */
export function fillRunBytes(): i32 {
  return <i32>RUN;
}
export function fillComponentBytes(): i32 {
  return <i32>COMPONENT;
}

/** Runs of wanted labels (`wanted` has one byte a label) on a slice of nu × nv: room for as many is needed. */
export function fillCountRuns(slice: usize, nu: i32, nv: i32, wanted: usize): i32 {
  return findRuns(slice, nu, nv, wanted, 0);
}

/** Writes the runs and joins those that touch; returns their number. */
export function fillFindRuns(slice: usize, nu: i32, nv: i32, wanted: usize, runs: usize): i32 {
  return findRuns(slice, nu, nv, wanted, runs);
}

function findRuns(slice: usize, nu: i32, nv: i32, wanted: usize, runs: usize): i32 {
  let count = 0;
  let above = 0;
  for (let v = 0; v < nv; v++) {
    const row = slice + ((<usize>(v * nu)) << 1);
    const first = count;
    let u = 0;
    while (u < nu) {
      // Background, eight pixels at a time.
      while (u + 8 <= nu && !v128.any_true(v128.load(row + ((<usize>u) << 1)))) u += 8;
      if (u >= nu) break;
      const label = load<u16>(row + ((<usize>u) << 1));
      const start = u++;
      if (label == 0) continue;
      const same = i16x8.splat(<i16>label);
      while (u + 8 <= nu && i16x8.all_true(i16x8.eq(v128.load(row + ((<usize>u) << 1)), same))) u += 8;
      while (u < nu && load<u16>(row + ((<usize>u) << 1)) == label) u++;
      if (!load<u8>(wanted + <usize>label)) continue;
      if (runs) {
        const run = runs + <usize>count * RUN;
        store<i32>(run, v);
        store<i32>(run, start, 4);
        store<i32>(run, u, 8);
        store<i32>(run, <i32>label, 12);
        store<i32>(run, count, 16);
        store<i32>(run, count, 20);
      }
      count++;
    }
    if (runs) joinRows(runs, above, first, count);
    above = first;
  }
  return count;
}

/** Joins the runs first … end of a row with those above … first of the row before that they touch, also diagonally. */
function joinRows(runs: usize, above: i32, first: i32, end: i32): void {
  if (above < first && first < end && load<i32>(runs + <usize>above * RUN) != load<i32>(runs + <usize>first * RUN) - 1)
    above = first;
  let from = above;
  for (let n = first; n < end; n++) {
    const run = runs + <usize>n * RUN;
    const start = load<i32>(run, 4);
    const last = load<i32>(run, 8);
    if (n > first && load<i32>(run - RUN, 8) == start) join(runs, n, n - 1, 20);
    while (from < first && load<i32>(runs + <usize>from * RUN, 8) < start) from++;
    for (let m = from; m < first; m++) {
      const other = runs + <usize>m * RUN;
      if (load<i32>(other, 4) > last) break;
      join(runs, n, m, 20);
      if (load<i32>(other, 12) == load<i32>(run, 12)) join(runs, n, m, 16);
    }
  }
}

function rootOf(runs: usize, n: i32, parent: usize): i32 {
  while (true) {
    const at = runs + <usize>n * RUN + parent;
    const up = load<i32>(at);
    if (up == n) return n;
    const next = load<i32>(runs + <usize>up * RUN + parent);
    store<i32>(at, next);
    n = next;
  }
}

function join(runs: usize, a: i32, b: i32, parent: usize): void {
  const rootA = rootOf(runs, a, parent);
  const rootB = rootOf(runs, b, parent);
  if (rootA < rootB) store<i32>(runs + <usize>rootB * RUN + parent, rootA);
  else store<i32>(runs + <usize>rootA * RUN + parent, rootB);
}

/**
 * Numbers the components in the order of their first runs (`among` 0: of one label each; 1: of all labels together), writes their
 * records and the runs sorted by component; returns how many. Both targets need room for as many as there are runs.
 */
export function fillComponents(runs: usize, count: i32, among: i32, components: usize, sorted: usize): i32 {
  const parent = PARENT + <usize>among * 4;
  let found = 0;
  for (let n = 0; n < count; n++) {
    const run = runs + <usize>n * RUN;
    const root = rootOf(runs, n, parent);
    const v = load<i32>(run);
    const start = load<i32>(run, 4);
    const end = load<i32>(run, 8);
    let number = found;
    if (root == n) {
      const fresh = components + <usize>found * COMPONENT;
      found++;
      store<i32>(fresh, load<i32>(run, 12));
      store<i32>(fresh, 0, 4);
      store<i32>(fresh, start, 12);
      store<i32>(fresh, v, 16);
      store<i32>(fresh, end, 20);
      store<i32>(fresh, 0, 28);
      store<f64>(fresh, 0, 32);
      store<f64>(fresh, 0, 40);
    } else {
      number = load<i32>(runs + <usize>root * RUN, NUMBER);
    }
    store<i32>(run, number, NUMBER);
    const piece = components + <usize>number * COMPONENT;
    if (load<i32>(piece) != load<i32>(run, 12)) store<i32>(piece, 0);
    store<i32>(piece, load<i32>(piece, 4) + 1, 4);
    store<i32>(piece, min(load<i32>(piece, 12), start), 12);
    store<i32>(piece, max(load<i32>(piece, 20), end), 20);
    store<i32>(piece, v + 1, 24);
    const pixels = end - start;
    store<i32>(piece, load<i32>(piece, 28) + pixels, 28);
    store<f64>(piece, load<f64>(piece, 32) + <f64>(start + end - 1) * <f64>pixels * 0.5, 32);
    store<f64>(piece, load<f64>(piece, 40) + <f64>v * <f64>pixels, 40);
  }
  let first = 0;
  for (let n = 0; n < found; n++) {
    const piece = components + <usize>n * COMPONENT;
    store<i32>(piece, first, 8);
    first += load<i32>(piece, 4);
    store<i32>(piece, 0, 4);
  }
  for (let n = 0; n < count; n++) {
    const run = runs + <usize>n * RUN;
    const piece = components + <usize>load<i32>(run, NUMBER) * COMPONENT;
    const place = load<i32>(piece, 4);
    store<i32>(piece, place + 1, 4);
    const to = sorted + <usize>(load<i32>(piece, 8) + place) * 12;
    store<i32>(to, load<i32>(run));
    store<i32>(to, load<i32>(run, 4), 4);
    store<i32>(to, load<i32>(run, 8), 8);
  }
  return found;
}
