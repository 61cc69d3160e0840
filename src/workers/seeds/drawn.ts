import { equalArrays } from "../equal-arrays.ts";
import type { KernelLabels } from "../kernel-data.ts";
import { encodedLabels } from "../packed-labels.ts";
import { numberInBox, type SeedsPlan } from "./plan.ts";

/** What is drawn in the bricks of the box, at rest, by number in the box. */
export type Drawn = ReadonlyMap<number, Uint8Array>;

/** Copies of the label bricks of the box. */
export function readDrawn(labels: KernelLabels, plan: SeedsPlan): Drawn {
  const drawn = new Map<number, Uint8Array>();
  for (const index of labels.brickIndices()) {
    const brick = numberInBox(plan, index);
    const bytes = brick === undefined ? undefined : encodedLabels(labels, index);
    if (bytes) drawn.set(brick!, bytes.slice());
  }
  return drawn;
}

/** Bricks in which the two are not the same. */
export function redrawnBricks(before: Drawn, now: Drawn): number[] {
  const all = new Set([...before.keys(), ...now.keys()]);
  return [...all].filter((brick) => !equalArrays(before.get(brick), now.get(brick)));
}
