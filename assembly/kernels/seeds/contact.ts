import { CELL_DOOMED, CELL_KEYS, CELL_TOUCHED, CELL_VALUES, FAR } from "../../memory/seeds";
import { JOB_SHIFT, JOB_STEPS, JOB_WIDE } from "../../memory/seeds";
import { makeVoxelDirty } from "./lines";
import { NEAR_CELL, NEAR_KEYS, NEAR_KEY_STEPS, NEAR_VALUES, NEAR_VALUE_STEPS, nearOffset } from "./near";
import { cutOf, stepBetween } from "./steps";

/** Take over the keys that the neighbour offers. */
export const PULL: i32 = 0;
/** Find the smallest key that the neighbour would take over from touched lines. */
export const PROBE: i32 = 1;
/** Doom the voxels whose key came from a doomed voxel of the neighbour. */
export const DOOM: i32 = 2;

/**
 * Goes over every pair of neighbouring voxels, one of the cell and one of the cell in direction `d` that `findNear` has found. Along
 * an axis that `d` crosses there is one such place; along the others, the same place, and those beside it where edges and
 * corners count. PROBE returns the smallest key, FAR when there is none; the others the number of voxels that changed.
 */
export function contact(job: usize, cell: usize, d: i32, scratch: usize, what: i32): i32 {
  const shift = load<i32>(job, JOB_SHIFT);
  const cut = cutOf(shift);
  const wide = load<i32>(job, JOB_WIDE) != 0;
  const di = (d % 3) - 1;
  const dj = ((d / 3) % 3) - 1;
  const dk = d / 9 - 1;
  const besideI = wide && di == 0 ? 1 : 0;
  const besideJ = wide && dj == 0 ? 1 : 0;
  const besideK = wide && dk == 0 ? 1 : 0;
  const lastI = di < 0 ? 0 : 31;
  const lastJ = dj < 0 ? 0 : 31;
  const lastK = dk < 0 ? 0 : 31;
  let best = FAR;
  let changed = 0;
  for (let k = dk > 0 ? 31 : 0; k <= lastK; k++) {
    for (let ek = -besideK; ek <= besideK; ek++) {
      const nk = dk != 0 ? 31 - k : k + ek;
      if (nk < 0 || nk > 31) continue;
      for (let j = dj > 0 ? 31 : 0; j <= lastJ; j++) {
        const lines = load<u64>(cell + CELL_TOUCHED + ((<usize>k) << 3)) >> <u64>(2 * j);
        if (what == PROBE && (lines & 3) == 0) continue;
        for (let ej = -besideJ; ej <= besideJ; ej++) {
          const nj = dj != 0 ? 31 - j : j + ej;
          if (nj < 0 || nj > 31) continue;
          const steps = job + <usize>((dk + ek + 1) * 9 + (dj + ej + 1) * 3) * 4;
          for (let i = di > 0 ? 31 : 0; i <= lastI; i++) {
            for (let ei = -besideI; ei <= besideI; ei++) {
              const ni = di != 0 ? 31 - i : i + ei;
              if (ni < 0 || ni > 31) continue;
              const voxel = <usize>((k * 32 + j) * 32 + i);
              const key = cell + CELL_KEYS + (voxel << 2);
              const near = nearOffset(scratch, NEAR_KEY_STEPS, <usize>ni, <usize>nj, <usize>nk);
              const other = <usize>load<u32>(scratch, NEAR_KEYS) + near;
              const value = cell + CELL_VALUES + (voxel << 1);
              const otherValue =
                <usize>load<u32>(scratch, NEAR_VALUES) +
                nearOffset(scratch, NEAR_VALUE_STEPS, <usize>ni, <usize>nj, <usize>nk);
              const source = load<i32>(what == PROBE ? key : other) & 0x7fffffff;
              const target = load<i32>(what == PROBE ? other : key);
              if (source > target) continue;
              const step = load<i32>(steps + ((<usize>(di + ei + 1)) << 2), JOB_STEPS);
              const candidate = source + step + stepBetween(value, otherValue, shift, cut);
              if (what == PROBE) {
                if (candidate < target && candidate < best) best = candidate;
                continue;
              }
              if (what == PULL) {
                if (candidate >= target) continue;
                store<i32>(key, candidate);
              } else {
                if (candidate != target || isDoomed(cell, voxel)) continue;
                const there = <usize>((nk * 32 + nj) * 32 + ni);
                if (!isDoomed(<usize>load<u32>(scratch, NEAR_CELL), there)) continue;
                doom(cell, voxel);
              }
              changed++;
              makeVoxelDirty(cell, voxel);
            }
          }
        }
      }
    }
  }
  return what == PROBE ? best : changed;
}

/** The smallest key of touched lines that touch the neighbour in a direction; what it would make of it is not known. */
export function smallestToward(cell: usize, d: i32): i32 {
  const di = (d % 3) - 1;
  const dj = ((d / 3) % 3) - 1;
  const dk = d / 9 - 1;
  let best = FAR;
  for (let k = dk > 0 ? 31 : 0; k <= (dk < 0 ? 0 : 31); k++) {
    for (let j = dj > 0 ? 31 : 0; j <= (dj < 0 ? 0 : 31); j++) {
      const lines = load<u64>(cell + CELL_TOUCHED + ((<usize>k) << 3)) >> <u64>(2 * j);
      if ((lines & 3) == 0) continue;
      for (let i = di > 0 ? 31 : 0; i <= (di < 0 ? 0 : 31); i++) {
        const key = load<i32>(cell + CELL_KEYS + ((<usize>((k * 32 + j) * 32 + i)) << 2)) & 0x7fffffff;
        if (key < best) best = key;
      }
    }
  }
  return best;
}

/** Whether a voxel of a cell is doomed. */
export function isDoomed(cell: usize, voxel: usize): bool {
  return ((load<u8>(cell + CELL_DOOMED + (voxel >> 3)) >> <u8>(voxel & 7)) & 1) != 0;
}

export function doom(cell: usize, voxel: usize): void {
  const at = cell + CELL_DOOMED + (voxel >> 3);
  store<u8>(at, load<u8>(at) | <u8>((<u32>1) << (<u32>voxel & 7)));
}
