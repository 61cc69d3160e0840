import { VoxelwrightError } from "#base";
import type { Dims, IndexBox } from "#volume";
import type { TaskContext } from "../crew/task.ts";

const LABELS = 65_536;

/** Voxels along an axis that the core's boxes can tell. */
const LONGEST = 65_535;

/**
 * The labels of a dense box in the core's memory, of those given or of all but background, ascending, with their bounding boxes.
 * Scratch, 900 KiB, goes back to the arena. Throws `limit` where an axis has more than 65,535 voxels.
 */
export function boxesOfLabels(
  { core, arena }: TaskContext,
  labels: number,
  size: Dims,
  chosen: readonly number[] | undefined,
): [label: number, box: IndexBox][] {
  if (size.some((n) => n > LONGEST)) {
    throw new VoxelwrightError("limit", `A piece of ${size.join("×")} voxels is too long.`, {
      advice: `Choose a box of at most ${LONGEST} voxels along each axis.`,
    });
  }
  const mark = arena.usedBytes;
  const at = arena.allocate(LABELS * 12);
  const list = arena.allocate(LABELS * 2);
  const count = core.exports.boxesOfLabels(labels, ...size, at, list);
  const present = [...new Uint16Array(arena.memory.buffer, list, count)];
  const asked = chosen && new Set(chosen);
  const boxes = new Uint16Array(arena.memory.buffer, at, LABELS * 6);
  arena.rewind(mark);
  return present
    .filter((label) => !asked || asked.has(label))
    .sort((a, b) => a - b)
    .map((label) => {
      const end = (n: number): number => boxes[label * 6 + n]!;
      return [label, { min: [end(0), end(1), end(2)], max: [end(3), end(4), end(5)] }];
    });
}
