import { CELL_DIRTY, CELL_KEYS, CELL_TOUCHED, CELL_VALUES } from "../../memory/seeds";
import { JOB_SHIFT, JOB_STEPS, JOB_WIDE } from "../../memory/seeds";
import { settleLine } from "./settle";
import { spreadSix } from "./six";
import { spreadWide } from "./wide";

/**
 * Runs the dirty lines of a cell until none is left: planes upwards and downwards in turn, and in each plane rows forward, then
 * back (the order of fast sweeping: Zhao, 2005). A line is dirty when one of its keys sank, so work follows what changes; what
 * remains is the one fixpoint, whatever the order. Whether there was any.
 */
export function relaxCell(job: usize, cell: usize, scratch: usize): bool {
  const shift = load<i32>(job, JOB_SHIFT);
  const wide = load<i32>(job, JOB_WIDE) != 0;
  const step = load<i32>(job, JOB_STEPS + 14 * 4);
  let any = false;
  let up = true;
  let more = true;
  while (more) {
    more = false;
    for (let n: usize = 0; n < 32; n++) {
      const k = up ? n : 31 - n;
      const dirty = cell + CELL_DIRTY + (k << 3);
      const touched = cell + CELL_TOUCHED + (k << 3);
      if (load<u64>(dirty) == 0) continue;
      more = any = true;
      for (let back = 0; back < 2; back++) {
        let rest = load<u64>(dirty);
        while (rest) {
          const line = back ? 63 - clz<u64>(rest) : ctz<u64>(rest);
          const bit = (<u64>1) << line;
          store<u64>(dirty, load<u64>(dirty) & ~bit);
          store<u64>(touched, load<u64>(touched) | bit);
          const keys = cell + CELL_KEYS + (k << 12) + ((<usize>line) << 6);
          const values = cell + CELL_VALUES + (k << 11) + ((<usize>line) << 5);
          settleLine(keys, values, scratch, step, shift);
          if (wide) spreadWide(job, cell, k, <usize>line, keys, values, scratch, shift);
          else spreadSix(job, cell, k, <usize>line, keys, values, scratch, shift);
          rest = load<u64>(dirty) & (back ? bit - 1 : ~(bit | (bit - 1)));
        }
      }
    }
    up = !up;
  }
  return any;
}
