import { SLOT_CANDIDATES, SLOT_DIRTY, SLOT_FORCED, SLOT_FULL, SLOT_REACHED, SLOT_SEEDED } from "../../memory/growth";
import { JOB_HIGH, JOB_I0, JOB_I1, JOB_J0, JOB_J1, JOB_K0, JOB_K1, JOB_LOW, JOB_VOXEL_TYPE } from "../../memory/growth";
import { SLOT_I, SLOT_J, SLOT_K } from "../../memory/growth";

import { oneBit } from "./rows";

/* Range test of a brick's voxels to candidate bits, 64 voxels to a word; both ends of the range belong to it, NaN never does. */

/** How the voxels of a staged brick are known. */
export const BY_VOXELS: i32 = 0;
/** Every voxel is in range (from the brick's minimum and maximum); there is nothing to read. */
export const ALL_IN_RANGE: i32 = 1;

/** Codes of voxel types, as src/workers/kernel-module.ts numbers them. */
const UINT8: i32 = 0;
const INT8: i32 = 1;
const UINT16: i32 = 2;
const INT16: i32 = 3;
const UINT32: i32 = 4;
const INT32: i32 = 5;

/** Fills the candidates of a slot, clipped to the job's voxel box; keeps seeds that are candidates. */
export function thresholdBrick(job: usize, slot: usize, voxels: usize, how: i32): void {
  const candidates = slot + SLOT_CANDIDATES;
  if (how == ALL_IN_RANGE) memory.fill(candidates, 0xff, 32768);
  else thresholdVoxels(job, candidates, voxels);
  clip(job, slot, candidates);
  findFull(slot, candidates);
  if (load<i32>(slot, SLOT_SEEDED)) keepSeeds(slot, candidates);
}

function thresholdVoxels(job: usize, to: usize, from: usize): void {
  const type = load<i32>(job, JOB_VOXEL_TYPE);
  const low = load<f64>(job, JOB_LOW);
  const high = load<f64>(job, JOB_HIGH);
  if (type == UINT8) thresholdUint8(to, from, i8x16.splat(<i8>(<u8>low)), i8x16.splat(<i8>(<u8>high)));
  else if (type == INT8) thresholdInt8(to, from, i8x16.splat(<i8>low), i8x16.splat(<i8>high));
  else if (type == UINT16) thresholdUint16(to, from, i16x8.splat(<i16>(<u16>low)), i16x8.splat(<i16>(<u16>high)));
  else if (type == INT16) thresholdInt16(to, from, i16x8.splat(<i16>low), i16x8.splat(<i16>high));
  else if (type == UINT32) thresholdUint32(to, from, i32x4.splat(<i32>(<u32>low)), i32x4.splat(<i32>(<u32>high)));
  else if (type == INT32) thresholdInt32(to, from, i32x4.splat(<i32>low), i32x4.splat(<i32>high));
  else thresholdFloat32(to, from, f32x4.splat(<f32>low), f32x4.splat(<f32>high));
}

/** 16 lanes of 0 or −1 to 16 bits. */
function bits(lanes: v128): u64 {
  return <u64>(<u32>i8x16.bitmask(lanes));
}

function thresholdUint8(to: usize, from: usize, low: v128, high: v128): void {
  for (let n: usize = 0; n < 4096; n++, from += 64, to += 8) {
    let word: u64 = 0;
    for (let part: usize = 0; part < 4; part++) {
      const v = v128.load(from + part * 16);
      word |= bits(v128.and(i8x16.ge_u(v, low), i8x16.le_u(v, high))) << (part * 16);
    }
    store<u64>(to, word);
  }
}

function thresholdInt8(to: usize, from: usize, low: v128, high: v128): void {
  for (let n: usize = 0; n < 4096; n++, from += 64, to += 8) {
    let word: u64 = 0;
    for (let part: usize = 0; part < 4; part++) {
      const v = v128.load(from + part * 16);
      word |= bits(v128.and(i8x16.ge_s(v, low), i8x16.le_s(v, high))) << (part * 16);
    }
    store<u64>(to, word);
  }
}

function thresholdUint16(to: usize, from: usize, low: v128, high: v128): void {
  for (let n: usize = 0; n < 4096; n++, from += 128, to += 8) {
    let word: u64 = 0;
    for (let part: usize = 0; part < 4; part++) {
      const a = v128.load(from + part * 32);
      const b = v128.load(from + part * 32, 16);
      const inA = v128.and(i16x8.ge_u(a, low), i16x8.le_u(a, high));
      const inB = v128.and(i16x8.ge_u(b, low), i16x8.le_u(b, high));
      word |= bits(i8x16.narrow_i16x8_s(inA, inB)) << (part * 16);
    }
    store<u64>(to, word);
  }
}

function thresholdInt16(to: usize, from: usize, low: v128, high: v128): void {
  for (let n: usize = 0; n < 4096; n++, from += 128, to += 8) {
    let word: u64 = 0;
    for (let part: usize = 0; part < 4; part++) {
      const a = v128.load(from + part * 32);
      const b = v128.load(from + part * 32, 16);
      const inA = v128.and(i16x8.ge_s(a, low), i16x8.le_s(a, high));
      const inB = v128.and(i16x8.ge_s(b, low), i16x8.le_s(b, high));
      word |= bits(i8x16.narrow_i16x8_s(inA, inB)) << (part * 16);
    }
    store<u64>(to, word);
  }
}

/** Four vectors of four lanes to 16 bits. */
function bits32(a: v128, b: v128, c: v128, d: v128): u64 {
  return bits(i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d)));
}

function inUint32(at: usize, low: v128, high: v128): v128 {
  const v = v128.load(at);
  return v128.and(i32x4.ge_u(v, low), i32x4.le_u(v, high));
}

function inInt32(at: usize, low: v128, high: v128): v128 {
  const v = v128.load(at);
  return v128.and(i32x4.ge_s(v, low), i32x4.le_s(v, high));
}

function inFloat32(at: usize, low: v128, high: v128): v128 {
  const v = v128.load(at);
  return v128.and(f32x4.ge(v, low), f32x4.le(v, high));
}

function thresholdUint32(to: usize, from: usize, low: v128, high: v128): void {
  for (let n: usize = 0; n < 4096; n++, to += 8) {
    let word: u64 = 0;
    for (let part: usize = 0; part < 4; part++, from += 64) {
      const a = inUint32(from, low, high);
      const b = inUint32(from + 16, low, high);
      const c = inUint32(from + 32, low, high);
      word |= bits32(a, b, c, inUint32(from + 48, low, high)) << (part * 16);
    }
    store<u64>(to, word);
  }
}

function thresholdInt32(to: usize, from: usize, low: v128, high: v128): void {
  for (let n: usize = 0; n < 4096; n++, to += 8) {
    let word: u64 = 0;
    for (let part: usize = 0; part < 4; part++, from += 64) {
      const a = inInt32(from, low, high);
      const b = inInt32(from + 16, low, high);
      const c = inInt32(from + 32, low, high);
      word |= bits32(a, b, c, inInt32(from + 48, low, high)) << (part * 16);
    }
    store<u64>(to, word);
  }
}

function thresholdFloat32(to: usize, from: usize, low: v128, high: v128): void {
  for (let n: usize = 0; n < 4096; n++, to += 8) {
    let word: u64 = 0;
    for (let part: usize = 0; part < 4; part++, from += 64) {
      const a = inFloat32(from, low, high);
      const b = inFloat32(from + 16, low, high);
      const c = inFloat32(from + 32, low, high);
      word |= bits32(a, b, c, inFloat32(from + 48, low, high)) << (part * 16);
    }
    store<u64>(to, word);
  }
}

/** Clears candidates outside the job's box: padding of bricks at the volume's edge, and what lies outside the region. */
function clip(job: usize, slot: usize, candidates: usize): void {
  const i0 = max(load<i32>(job, JOB_I0) - load<i32>(slot, SLOT_I) * 64, 0);
  const j0 = max(load<i32>(job, JOB_J0) - load<i32>(slot, SLOT_J) * 64, 0);
  const k0 = max(load<i32>(job, JOB_K0) - load<i32>(slot, SLOT_K) * 64, 0);
  const i1 = min(load<i32>(job, JOB_I1) - load<i32>(slot, SLOT_I) * 64, 64);
  const j1 = min(load<i32>(job, JOB_J1) - load<i32>(slot, SLOT_J) * 64, 64);
  const k1 = min(load<i32>(job, JOB_K1) - load<i32>(slot, SLOT_K) * 64, 64);
  if (i0 == 0 && j0 == 0 && k0 == 0 && i1 == 64 && j1 == 64 && k1 == 64) return;
  const mask: u64 = i1 <= i0 ? 0 : (~(<u64>0) << (<u64>i0)) & (~(<u64>0) >> <u64>(64 - i1));
  for (let k = 0; k < 64; k++) {
    for (let j = 0; j < 64; j++) {
      const at = candidates + ((<usize>(k * 64 + j)) << 3);
      const inside = k >= k0 && k < k1 && j >= j0 && j < j1;
      store<u64>(at, inside ? load<u64>(at) & mask : 0);
    }
  }
}

function findFull(slot: usize, candidates: usize): void {
  let full: u64 = 0;
  for (let b: usize = 0; b < 64; b++) {
    const base = candidates + (b >> 3) * 4096 + (b & 7) * 64;
    let all = v128.splat<i64>(-1);
    for (let k: usize = 0; k < 8; k++) {
      const row = base + k * 512;
      all = v128.and(
        all,
        v128.and(v128.and(v128.load(row), v128.load(row, 16)), v128.and(v128.load(row, 32), v128.load(row, 48))),
      );
    }
    if (i8x16.bitmask(i8x16.eq(all, v128.splat<i64>(-1))) == 0xffff) full |= oneBit(b);
  }
  store<u64>(slot, full, SLOT_FULL);
}

/** Seeds stand in `reached` before the brick is thresholded; those that are no candidates go. */
function keepSeeds(slot: usize, candidates: usize): void {
  let forced: u64 = 0;
  for (let row: usize = 0; row < 4096; row++) {
    const at = slot + SLOT_REACHED + (row << 3);
    const seeds = load<u64>(at);
    if (!seeds) continue;
    const kept = seeds & load<u64>(candidates + (row << 3));
    store<u64>(at, kept);
    if (!kept) continue;
    const j = row & 63;
    const k = row >> 6;
    const b = (k >> 3) * 8 + (j >> 3);
    forced |= oneBit(b);
    const dirty = slot + SLOT_DIRTY + (b << 3);
    store<u64>(dirty, load<u64>(dirty) | oneBit((k & 7) * 8 + (j & 7)));
  }
  store<u64>(slot, forced, SLOT_FORCED);
}
