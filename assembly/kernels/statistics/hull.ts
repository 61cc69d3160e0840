/*
 * Voxels of a label that can be corners of its convex hull: in each plane across k the corners of the plane's own hull, as two
 * convex chains of the first and the last voxel of each row (Andrew, Another efficient algorithm for convex hulls, 1979). Rows
 * come in order, so each chain is a stack, held as a linked list.
 *
 *   head   16 B   left top u32 │ right top u32 │ row in hand (1 + j + 256 k, 0 before the first) u32 │ its last i u32
 *   node    8 B   node below u32 │ i u8 │ j u8 │ k u8 │ 0; node 0 holds the free list and the next unused node
 */
import { HEAD_BYTES, NO_ROW, rowOfRun } from "../../memory/statistics";

/** Two nodes a row of each label, a row has one voxel at least. */
const NODES: usize = 2 * 262144 + 1;
/** Steps of j and k in a packed position: i + 2¹⁷ j + 2³⁴ k, exact in a double. */
const STEP: f64 = 131072;

export function hullNodesBytes(): usize {
  return NODES * 8;
}

/** Room for the positions of one brick. */
export function hullKeysBytes(): usize {
  return NODES * 8;
}

/**
 * Finds them in the row runs of a brick whose first voxel is (i0, j0, k0). Writes a row number and a count (u32, u32) for every label
 * to `met`, and the positions, packed as doubles, to `keys`; returns the number of labels.
 */
export function statisticsHull(
  runs: usize,
  count: i32,
  rowOf: usize,
  heads: usize,
  nodes: usize,
  i0: i32,
  j0: i32,
  k0: i32,
  met: usize,
  keys: usize,
): i32 {
  let labels: usize = 0;
  store<u32>(nodes, 0);
  store<u32>(nodes, 1, 4);
  for (let n: usize = 0; n < <usize>count; n++) {
    const run = load<u64>(runs + (n << 3));
    const row = rowOfRun(rowOf, run);
    if (row == NO_ROW) continue;
    const head = heads + <usize>row * HEAD_BYTES;
    const tag = <u32>((run >> 32) & 0xffff) + 1;
    const last = <u32>((run >> 24) & 0xff);
    const held = load<u32>(head, 8);
    if (held != tag) {
      if (held == 0) store<u32>(met + (labels++ << 3), row);
      else pushRight(nodes, head, held);
      store<u32>(head, tag, 8);
      push(nodes, head, <i32>((run >> 16) & 0xff), tag, 1);
    }
    store<u32>(head, last, 12);
  }
  let out = keys;
  for (let n: usize = 0; n < labels; n++) {
    const row = load<u32>(met + (n << 3));
    const head = heads + <usize>row * HEAD_BYTES;
    pushRight(nodes, head, load<u32>(head, 8));
    const start = out;
    out = writeChain(nodes, load<u32>(head), i0, j0, k0, out);
    out = writeChain(nodes, load<u32>(head, 4), i0, j0, k0, out);
    store<u32>(met + (n << 3), <u32>((out - start) >> 3), 4);
    memory.fill(head, 0, HEAD_BYTES);
  }
  return <i32>labels;
}

function pushRight(nodes: usize, head: usize, tag: u32): void {
  push(nodes, head + 4, <i32>load<u32>(head, 12), tag, -1);
}

/** Puts voxel i of a row on a chain; `side` is 1 where small i are outside, −1 where large ones are. */
function push(nodes: usize, topAt: usize, i: i32, tag: u32, side: i32): void {
  const j = <i32>((tag - 1) & 0xff);
  const k = (tag - 1) >> 8;
  let top = load<u32>(topAt);
  while (top != 0) {
    const upper = load<u64>(nodes + ((<usize>top) << 3));
    const below = <u32>upper;
    if (<u32>((upper >> 48) & 0xff) != k || below == 0) break;
    const lower = load<u64>(nodes + ((<usize>below) << 3));
    if (<u32>((lower >> 48) & 0xff) != k) break;
    const fromI = <i32>((lower >> 32) & 0xff);
    const fromJ = <i32>((lower >> 40) & 0xff);
    const turn =
      (<i32>((upper >> 32) & 0xff) - fromI) * (j - fromJ) - (i - fromI) * (<i32>((upper >> 40) & 0xff) - fromJ);
    // The upper one stays where it lies outside the line from the one below it to the new one.
    if (turn * side < 0) break;
    store<u32>(nodes + ((<usize>top) << 3), load<u32>(nodes));
    store<u32>(nodes, top);
    top = below;
  }
  let node = load<u32>(nodes);
  if (node != 0) store<u32>(nodes, load<u32>(nodes + ((<usize>node) << 3)));
  else {
    node = load<u32>(nodes, 4);
    store<u32>(nodes, node + 1, 4);
  }
  store<u64>(nodes + ((<usize>node) << 3), <u64>top | ((<u64>i) << 32) | ((<u64>j) << 40) | ((<u64>k) << 48));
  store<u32>(topAt, node);
}

function writeChain(nodes: usize, from: u32, i0: i32, j0: i32, k0: i32, to: usize): usize {
  let out = to;
  for (let top = from; top != 0; ) {
    const node = load<u64>(nodes + ((<usize>top) << 3));
    const i = <f64>(i0 + <i32>((node >> 32) & 0xff));
    const j = <f64>(j0 + <i32>((node >> 40) & 0xff));
    const k = <f64>(k0 + <i32>((node >> 48) & 0xff));
    store<f64>(out, (k * STEP + j) * STEP + i);
    out += 8;
    top = <u32>node;
  }
  return out;
}
