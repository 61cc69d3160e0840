import { VoxelwrightError } from "#base";
import type { SpacingMm } from "../kernel-data.ts";
import type { LeakGuard } from "./growth.api.ts";

/** A neighbourhood reaches no farther than the next brick. */
const LONGEST = 31;

/** The radius of a leak guard in voxels for a length in mm, to the nearest. Throws `argument` where that is too many. */
export function leakGuardRadius(mm: number, spacingMm: SpacingMm): LeakGuard["radius"] {
  const [ri, rj, rk] = spacingMm.map((size) => Math.round(mm / size)) as [number, number, number];
  if (Math.max(ri, rj, rk) <= LONGEST) return [ri, rj, rk];
  throw new VoxelwrightError("argument", `A leak guard of ${mm} mm is more than ${LONGEST} voxels here.`, {
    advice: `Take at most ${((LONGEST + 0.49) * Math.min(...spacingMm)).toFixed(1)} mm.`,
  });
}
