import type { GrowRequest } from "./growth.api.ts";

/** Whether voxels around one decide, too, if it may be grown. */
export function needsNeighbours({ gradient, leakGuard }: GrowRequest): boolean {
  return gradient !== undefined || (leakGuard !== undefined && leakGuard.radius.some((n) => n > 0));
}
