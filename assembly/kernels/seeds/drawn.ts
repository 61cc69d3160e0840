import { CELL_DIRTY, CELL_DOOMED, CELL_KEYS, JOB_CLASSES, JOB_LABEL_BITS, JOB_LIMIT, JOB_NI } from "../../memory/seeds";
import { JOB_I0, JOB_I1, JOB_J0, JOB_J1, JOB_K0, JOB_K1, JOB_MARKS, JOB_NJ, JOB_SEED_COUNTS } from "../../memory/seeds";
import { JOB_SEED_KEYS, JOB_WIDE, LASTING_WALL, SLOT_CHANGED, SLOT_DOOMED, SLOT_I } from "../../memory/seeds";
import { SLOT_J, SLOT_K, WALL, WALL_CLASS } from "../../memory/seeds";
import { doom } from "./contact";
import { markAround, resetDoomed } from "./doom";
import { makeDirty, makeVoxelDirty, moved } from "./lines";
import { cellIn } from "./near";
import { smallestDirty, wait } from "./schedule";

/*
 * What is drawn decides what a voxel is: free, a seed, or a wall. `labels` are 64³ u16 of a brick, 0 where nothing is drawn at all.
 */

/** Every direction, and those across faces, as marks. */
const ALL_AROUND: u32 = 0x7ffdfff;
const ACROSS_FACES: u32 = 0x415410;

/** The key of a voxel with a label before anything has reached it. */
function drawnKey(job: usize, label: u16): i32 {
  const rank = load<u16>(<usize>load<u32>(job, JOB_CLASSES) + ((<usize>label) << 1));
  if (rank == 0) return load<i32>(job, JOB_LIMIT);
  if (rank == WALL_CLASS) return WALL;
  return load<i32>(<usize>load<u32>(job, JOB_SEED_KEYS) + ((<usize>rank) << 2)) | <i32>0x80000000;
}

/** Number of the first cell of a slot. */
export function firstCell(job: usize, slot: usize): i32 {
  const row = load<i32>(slot, SLOT_K) * load<i32>(job, JOB_NJ) + load<i32>(slot, SLOT_J);
  return (row * load<i32>(job, JOB_NI) + load<i32>(slot, SLOT_I)) << 3;
}

/** First of the 64³ voxels of a brick that belong to a row of a cell. */
export function rowInBrick(c: i32, row: usize): usize {
  return <usize>(((c >> 2) * 64 + ((c >> 1) & 1)) * 2048 + (c & 1) * 32) + (row >> 5) * 4096 + (row & 31) * 64;
}

/** Sets all keys of a slot to what is drawn; lines with seeds are dirty. */
export function fillDrawn(job: usize, slot: usize, labels: usize): void {
  const nothing = drawnKey(job, 0);
  for (let c = 0; c < 8; c++) {
    const cell = cellIn(slot, c);
    memory.fill(cell + CELL_DIRTY, 0, 576);
    memory.fill(cell + CELL_DOOMED, 0, 4096);
    const i0 = load<i32>(slot, SLOT_I) * 64 + (c & 1) * 32;
    const j0 = load<i32>(slot, SLOT_J) * 64 + ((c >> 1) & 1) * 32;
    const k0 = load<i32>(slot, SLOT_K) * 64 + (c >> 2) * 32;
    const from = max<i32>(load<i32>(job, JOB_I0) - i0, 0);
    const to = min<i32>(load<i32>(job, JOB_I1) - i0, 32);
    for (let row: usize = 0; row < 1024; row++) {
      const keys = cell + CELL_KEYS + (row << 7);
      const j = j0 + <i32>(row & 31);
      const k = k0 + <i32>(row >> 5);
      const inside =
        j >= load<i32>(job, JOB_J0) &&
        j < load<i32>(job, JOB_J1) &&
        k >= load<i32>(job, JOB_K0) &&
        k < load<i32>(job, JOB_K1) &&
        from < to;
      const all = i32x4.splat(inside ? nothing : LASTING_WALL);
      for (let n: usize = 0; n < 128; n += 16) v128.store(keys + n, all);
      if (!inside) continue;
      for (let n = 0; n < from; n++) store<i32>(keys + ((<usize>n) << 2), LASTING_WALL);
      for (let n = to; n < 32; n++) store<i32>(keys + ((<usize>n) << 2), LASTING_WALL);
      if (labels) drawRow(job, cell, row, keys, labels + (rowInBrick(c, row) << 1), from, to);
    }
  }
}

/** Sets the keys of a row to what is drawn, and adds its seeds to the counts. */
function drawRow(job: usize, cell: usize, row: usize, keys: usize, labels: usize, from: i32, to: i32): void {
  for (let n: usize = 0; n < 64; n += 16) {
    if (v128.any_true(v128.load(labels + n))) break;
    if (n == 48) return;
  }
  let lines: u64 = 0;
  let label: u16 = 0;
  let key = 0;
  let start = from;
  for (let n = from; n <= to; n++) {
    const next: u16 = n < to ? load<u16>(labels + ((<usize>n) << 1)) : 0;
    if (next != label) {
      // A run of one label has ended.
      if (label != 0) addSeeds(job, rankOfSeed(job, key), n - start);
      label = next;
      start = n;
      if (label != 0) key = drawnKey(job, label);
    }
    if (label == 0) continue;
    store<i32>(keys + ((<usize>n) << 2), key);
    if (key < 0 && key != WALL) lines |= moved(1, <usize>n >> 4);
  }
  if (lines != 0) makeDirty(cell, row >> 5, moved(lines, 2 * (row & 31)));
}

/** Rank of a seed by its key; 0 of what is none. */
export function rankOfSeed(job: usize, key: i32): i32 {
  if (key >= 0 || (key & 0x7fffffff) >= (LASTING_WALL & 0x7fffffff)) return 0;
  return key & ((1 << load<i32>(job, JOB_LABEL_BITS)) - 1);
}

/** Adds to the count of seeds of a rank; nothing for rank 0. */
export function addSeeds(job: usize, rank: i32, count: i32): void {
  if (rank != 0) atomic.add<i32>(<usize>load<u32>(job, JOB_SEED_COUNTS) + ((<usize>rank) << 2), count);
}

/** Puts the cells of a slot that have dirty lines in turn. */
export function waitDirty(job: usize, slot: usize, marks: u32): void {
  const first = firstCell(job, slot);
  for (let c = 0; c < 8; c++) {
    const cell = cellIn(slot, c);
    let any: u64 = 0;
    for (let k: usize = 0; k < 256; k += 8) any |= load<u64>(cell + CELL_DIRTY + k);
    if (any == 0) continue;
    if (marks) atomic.or<u32>(<usize>load<u32>(job, JOB_MARKS) + ((<usize>(first + c)) << 2), marks);
    wait(job, first + c, smallestDirty(cell));
  }
}

/** Whether a row has no seed and no wall, and none is drawn there: most rows of most bricks. */
function nothingFixed(job: usize, keys: usize, labels: usize): bool {
  if (load<u16>(<usize>load<u32>(job, JOB_CLASSES)) != 0) return false;
  let signs = v128.load(keys);
  for (let n: usize = 16; n < 128; n += 16) signs = v128.or(signs, v128.load(keys + n));
  let drawn = v128.load(labels);
  for (let n: usize = 16; n < 64; n += 16) drawn = v128.or(drawn, v128.load(labels + n));
  return i32x4.bitmask(signs) == 0 && !v128.any_true(drawn);
}

/**
 * Dooms the voxels of a slot whose keys were smaller than what is drawn now lets them be: seeds that are gone, voxels that became
 * walls, or seeds of a larger key. Where the new key is the smaller, all keys that hang on the old are still reached, at most as
 * cheaply as they say.
 */
export function doomRedrawn(job: usize, slot: usize, labels: usize): void {
  const limit = load<i32>(job, JOB_LIMIT);
  for (let c = 0; c < 8; c++) {
    const cell = cellIn(slot, c);
    for (let row: usize = 0; row < 1024; row++) {
      const drawn = labels + (rowInBrick(c, row) << 1);
      if (nothingFixed(job, cell + CELL_KEYS + (row << 7), drawn)) continue;
      for (let n: usize = 0; n < 32; n++) {
        const voxel = (row << 5) + n;
        const key = load<i32>(cell + CELL_KEYS + (voxel << 2));
        if (key == LASTING_WALL) continue;
        const now = drawnKey(job, load<u16>(drawn + (n << 1)));
        if (now == key || (now >= 0 && key >= 0)) continue;
        const before = key & 0x7fffffff;
        if (before >= limit || before >= (now & 0x7fffffff)) continue;
        doom(cell, voxel);
        makeVoxelDirty(cell, voxel);
      }
    }
  }
  waitDirty(job, slot, 0);
}

/** Sets what was redrawn in a slot, resets what is doomed, and puts cells in turn; `labels` are 0 where nothing was redrawn. */
export function applyRedrawn(job: usize, slot: usize, labels: usize): void {
  const limit = load<i32>(job, JOB_LIMIT);
  for (let c = 0; c < 8; c++) {
    const cell = cellIn(slot, c);
    if (labels) {
      for (let row: usize = 0; row < 1024; row++) {
        const drawn = labels + (rowInBrick(c, row) << 1);
        if (nothingFixed(job, cell + CELL_KEYS + (row << 7), drawn)) continue;
        for (let n: usize = 0; n < 32; n++) {
          const at = cell + CELL_KEYS + (row << 7) + (n << 2);
          const key = load<i32>(at);
          if (key == LASTING_WALL) continue;
          const now = drawnKey(job, load<u16>(drawn + (n << 1)));
          if (now == key || (now >= 0 && key >= 0)) continue;
          addSeeds(job, rankOfSeed(job, key), -1);
          addSeeds(job, rankOfSeed(job, now), 1);
          store<i32>(at, now >= 0 ? limit : now);
          markAround(cell, (row << 1) + (n >> 4));
        }
      }
    }
    resetDoomed(job, cell);
  }
  store<i32>(slot, 1, SLOT_CHANGED);
  store<i32>(slot, 0, SLOT_DOOMED);
  waitDirty(job, slot, load<i32>(job, JOB_WIDE) != 0 ? ALL_AROUND : ACROSS_FACES);
}
