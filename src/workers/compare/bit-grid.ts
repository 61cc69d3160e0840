import { brickCoordinates, type Dims } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import type { BrickBlocks } from "./occupancy.ts";

const HEADER_BYTES = 32;
export const PAGE_BYTES = 512;

/** Box of a grid in words along i and blocks of eight voxels along j and k. */
export interface GridBox {
  readonly min: Dims;
  readonly size: Dims;
}

/** A segment of one map as bits in WASM memory (assembly/memory/bit-grid.ts). */
export interface BitGrid {
  /** Address of the header. */
  readonly at: number;
  readonly box: GridBox;
  /** Address of the table, and its entries. */
  readonly table: number;
  readonly entries: number;
  readonly pages: number;
}

/** Blocks of a segment. */
export function countBlocks(bricks: readonly BrickBlocks[]): number {
  return bricks.reduce((sum, { low, high }) => sum + countBits(low) + countBits(high), 0);
}

/** Bytes that a grid with its surface takes at most. */
export function gridBytes(bricks: readonly BrickBlocks[], volumeBricks: Dims): number {
  if (bricks.length === 0) return 0;
  const { size } = boxOf(bricks, volumeBricks);
  return 2 * (countBlocks(bricks) * PAGE_BYTES + size[0] * size[1] * size[2] * 4 + HEADER_BYTES + 128);
}

/** Lays out a grid with a page, all 0, for every block of a segment. `empty` is a page of zeros. */
export function layGrid(
  context: TaskContext,
  bricks: readonly BrickBlocks[],
  volumeBricks: Dims,
  empty: number,
): BitGrid {
  const { arena, core } = context;
  const box = boxOf(bricks, volumeBricks);
  const pages = countBlocks(bricks);
  const grid = layHeader(context, box, empty);
  const pagesAt = arena.scratch(pages * PAGE_BYTES);
  core.exports.clearBytes(pagesAt, pages * PAGE_BYTES);
  const table = new Uint32Array(arena.memory.buffer, grid.table, grid.entries).fill(empty);
  let page = pagesAt;
  for (const { brick, low, high } of bricks) {
    const [bi, bj, bk] = brickCoordinates(volumeBricks, brick);
    for (let block = 0; block < 64; block++) {
      if (((block < 32 ? low : high) >>> (block & 31)) % 2 === 0) continue;
      const row = bj * 8 + (block & 7) - box.min[1];
      const plane = bk * 8 + (block >> 3) - box.min[2];
      table[(plane * box.size[1] + row) * box.size[0] + bi - box.min[0]] = page;
      page += PAGE_BYTES;
    }
  }
  return { ...grid, pages };
}

/** A grid of the same box for the surface; the core fills its table. */
export function laySurface(context: TaskContext, grid: BitGrid, empty: number): BitGrid {
  return { ...layHeader(context, grid.box, empty), pages: grid.pages };
}

function layHeader({ arena }: TaskContext, box: GridBox, empty: number): Omit<BitGrid, "pages"> {
  const { min, size } = box;
  const entries = size[0] * size[1] * size[2];
  const at = arena.scratch(HEADER_BYTES);
  const table = arena.scratch(entries * 4);
  const header = new Int32Array(arena.memory.buffer, at, HEADER_BYTES / 4);
  header.set([min[0], size[0], min[1], size[1], min[2], size[2], table, empty]);
  return { at, box, table, entries };
}

function boxOf(bricks: readonly BrickBlocks[], volumeBricks: Dims): GridBox {
  const min = [Infinity, Infinity, Infinity];
  const max = [-1, -1, -1];
  for (const { brick, low, high } of bricks) {
    const [bi, bj, bk] = brickCoordinates(volumeBricks, brick);
    for (let block = 0; block < 64; block++) {
      if (((block < 32 ? low : high) >>> (block & 31)) % 2 === 0) continue;
      for (const [axis, value] of [bi, bj * 8 + (block & 7), bk * 8 + (block >> 3)].entries()) {
        min[axis] = Math.min(min[axis]!, value);
        max[axis] = Math.max(max[axis]!, value);
      }
    }
  }
  const size = (axis: 0 | 1 | 2): number => max[axis]! - min[axis]! + 1;
  return { min: [min[0]!, min[1]!, min[2]!], size: [size(0), size(1), size(2)] };
}

function countBits(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count++;
  return count;
}
