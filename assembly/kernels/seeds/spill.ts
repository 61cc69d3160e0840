import { CELL_DIRTY, CELL_DOOMED, CELL_KEYS, CELL_VALUES, JOB_LABEL_BITS, JOB_LIMIT } from "../../memory/seeds";
import { SHELL_BYTES, SHELL_VALUES } from "../../memory/seeds";
import { varint, varintAt } from "../bricks/runs";
import { cellIn } from "./near";

/*
 * A brick that is put away leaves its shell in memory and its keys as bytes: the dirty lines of its 8 cells (2 KiB), then tokens, as
 * varints, cell by cell. An even token is twice the zigzag of a reached voxel's cost less that of the voxel before, of the same
 * rank; an odd one is twice the length of a run of equal keys, plus 1, with the key in 4 bytes. Neighbouring costs are close, so
 * that most voxels take one byte. Values are read again from the image.
 */

/** Room that the bytes of any brick fit in. */
export function seedsSpillRoom(): usize {
  return 2048 + 5 * 262144 + 64;
}

/** Writes the keys of a slot; returns the bytes written. */
export function spillKeys(job: usize, slot: usize, to: usize): i32 {
  const bits = load<i32>(job, JOB_LABEL_BITS);
  const limit = load<i32>(job, JOB_LIMIT);
  const mask = (1 << bits) - 1;
  for (let c = 0; c < 8; c++) memory.copy(to + <usize>(c << 8), cellIn(slot, c) + CELL_DIRTY, 256);
  let at = to + 2048;
  for (let c = 0; c < 8; c++) {
    const keys = cellIn(slot, c) + CELL_KEYS;
    let before = limit;
    for (let n: usize = 0; n < 32768; ) {
      const key = load<i32>(keys + (n << 2));
      // Seeds and walls are negative; the unreached are the limit.
      const reached = key >= 0 && key < limit;
      if (reached && before >= 0 && before < limit && ((key ^ before) & mask) == 0) {
        const apart = (key >> bits) - (before >> bits);
        at = varint(at, (<u32>((apart << 1) ^ (apart >> 31))) << 1);
        n++;
      } else {
        let end = n + 1;
        while (end < 32768 && load<i32>(keys + (end << 2)) == key) end++;
        at = varint(at, ((<u32>(end - n)) << 1) | 1);
        store<i32>(at, key);
        at += 4;
        n = end;
      }
      before = key;
    }
  }
  return <i32>(at - to);
}

/** The inverse of `spillKeys`. */
export function unspillKeys(job: usize, slot: usize, from: usize): void {
  const bits = load<i32>(job, JOB_LABEL_BITS);
  let at = from + 2048;
  for (let c = 0; c < 8; c++) {
    const cell = cellIn(slot, c);
    memory.fill(cell + CELL_DIRTY, 0, 576);
    memory.copy(cell + CELL_DIRTY, from + <usize>(c << 8), 256);
    memory.fill(cell + CELL_DOOMED, 0, 4096);
    const keys = cell + CELL_KEYS;
    let key = 0;
    for (let n: usize = 0; n < 32768; ) {
      const read = varintAt(at);
      at += <usize>(read >> 32);
      const token = <u32>read;
      if (token & 1) {
        key = load<i32>(at);
        at += 4;
        const end = n + <usize>(token >> 1);
        for (; n < end; n++) store<i32>(keys + (n << 2), key);
      } else {
        const zigzag = token >> 1;
        key += (<i32>(zigzag >> 1) ^ -(<i32>(zigzag & 1))) << bits;
        store<i32>(keys + (n << 2), key);
        n++;
      }
    }
  }
}

/** Writes the faces of a slot: keys and values of the voxels at i = 0, i = 63, j = 0, … 64×64 each, the lower axis fastest. */
export function writeShell(slot: usize, shell: usize): void {
  for (let face: usize = 0; face < 6; face++) {
    const across = face >> 1;
    const edge: usize = face & 1 ? 63 : 0;
    for (let v: usize = 0; v < 64; v++) {
      for (let u: usize = 0; u < 64; u++) {
        const i = across == 0 ? edge : u;
        const j = across == 0 ? u : across == 1 ? edge : v;
        const k = across == 2 ? edge : v;
        const cell = cellIn(slot, <i32>((k >> 5) * 4 + (j >> 5) * 2 + (i >> 5)));
        const voxel = ((k & 31) * 32 + (j & 31)) * 32 + (i & 31);
        const to = face * 4096 + v * 64 + u;
        store<i32>(shell + (to << 2), load<i32>(cell + CELL_KEYS + (voxel << 2)));
        store<u16>(shell + SHELL_VALUES + (to << 1), load<u16>(cell + CELL_VALUES + (voxel << 1)));
      }
    }
  }
}

export function seedsShellBytes(): usize {
  return SHELL_BYTES;
}
