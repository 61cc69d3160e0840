import { CELL_KEYS, CELL_VALUES, JOB_VALUE_OFFSET, JOB_VALUE_STEP, JOB_VOXEL_TYPE } from "../../memory/seeds";
import { LASTING_WALL } from "../../memory/seeds";
import { addSeeds, rankOfSeed } from "./drawn";
import { cellIn } from "./near";

/* Voxels of a brick as 16-bit whole numbers, cell by cell. Voxel types are numbered as in src/workers/kernel-core.ts. */

/** Fills the values of all cells of a slot from 64³ voxels. A voxel that is no finite number becomes a lasting wall, and is
 * no seed. */
export function fillValues(job: usize, slot: usize, voxels: usize): void {
  const type = load<i32>(job, JOB_VOXEL_TYPE);
  const offset = load<f64>(job, JOB_VALUE_OFFSET);
  const scale = 1 / load<f64>(job, JOB_VALUE_STEP);
  for (let c = 0; c < 8; c++) {
    const cell = cellIn(slot, c);
    const corner = <usize>(((c >> 2) * 64 + ((c >> 1) & 1)) * 2048 + (c & 1) * 32);
    for (let row: usize = 0; row < 1024; row++) {
      const from = corner + (row >> 5) * 4096 + (row & 31) * 64;
      const to = cell + CELL_VALUES + (row << 6);
      if (type <= 1) rowOfBytes(voxels + from, to, type == 1);
      else if (type <= 3) rowOfWords(voxels + (from << 1), to, type == 3);
      else if (type == 6) rowOfFloats(job, voxels + (from << 2), to, cell + CELL_KEYS + (row << 7), offset, scale);
      else rowOfLongs(voxels + (from << 2), to, type == 5, offset, scale);
    }
  }
}

function rowOfBytes(from: usize, to: usize, signed: bool): void {
  const flip = i8x16.splat(signed ? -128 : 0);
  for (let n: usize = 0; n < 2; n++) {
    const bytes = v128.xor(v128.load(from + (n << 4)), flip);
    v128.store(to + (n << 5), i16x8.extend_low_i8x16_u(bytes));
    v128.store(to + (n << 5), i16x8.extend_high_i8x16_u(bytes), 16);
  }
}

function rowOfWords(from: usize, to: usize, signed: bool): void {
  const flip = i16x8.splat(signed ? -32768 : 0);
  for (let n: usize = 0; n < 64; n += 16) v128.store(to + n, v128.xor(v128.load(from + n), flip));
}

function rowOfLongs(from: usize, to: usize, signed: bool, offset: f64, scale: f64): void {
  for (let n: usize = 0; n < 32; n++) {
    const at = from + (n << 2);
    const value = signed ? <f64>load<i32>(at) : <f64>load<u32>(at);
    store<u16>(to + (n << 1), <u16>(<u32>floor((value - offset) * scale + 0.5)));
  }
}

function rowOfFloats(job: usize, from: usize, to: usize, keys: usize, offset: f64, scale: f64): void {
  for (let n: usize = 0; n < 32; n++) {
    const value = <f64>load<f32>(from + (n << 2));
    if (value - value == 0) store<u16>(to + (n << 1), <u16>(<u32>floor((value - offset) * scale + 0.5)));
    else {
      addSeeds(job, rankOfSeed(job, load<i32>(keys + (n << 2))), -1);
      store<i32>(keys + (n << 2), LASTING_WALL);
    }
  }
}
