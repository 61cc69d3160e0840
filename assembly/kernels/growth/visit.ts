import { JOB_CONNECTIVITY, SLOT_CANDIDATES, SLOT_DIRTY, SLOT_FORCED, SLOT_FULL, TO_REACHED } from "../../memory/growth";
import { oneBit } from "./rows";
import { bitBrickOffset, isSeen, see } from "./see";
import { visitSix } from "./visit-six";
import { visitWide } from "./visit-wide";

/**
 * One run of a bit-brick: its dirty rows pull reached bits from the rows beside them, fill, and mark the rows that gain by it,
 * sweeping forward and back until nothing changes. Then the bit-bricks around are told which of their rows can gain. Work is in
 * proportion to rows that change, so a thread one voxel wide costs its length, not its bit-bricks.
 */
export function visit(job: usize, slot: usize, b: usize, scratch: usize): void {
  const bit = oneBit(b);
  if (!isSeen(slot, b)) see(job, slot, b);
  const forced = (atomic.load<u64>(slot + SLOT_FORCED) & bit) != 0;
  if (forced) atomic.and<u64>(slot + SLOT_FORCED, ~bit);
  const dirty = atomic.xchg<u64>(slot + SLOT_DIRTY + (b << 3), 0);
  const first = slot + SLOT_CANDIDATES + bitBrickOffset(b);
  // A full bit-brick is reached as a whole, so its first row tells.
  if (!forced && atomic.load<u64>(slot + SLOT_FULL) & bit && load<u64>(first, TO_REACHED) == ~(<u64>0)) return;
  if (load<i32>(job, JOB_CONNECTIVITY) == 6) visitSix(job, slot, b, dirty, forced);
  else visitWide(job, slot, b, scratch, dirty, forced);
}
