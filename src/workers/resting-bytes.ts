import type { KernelLabels } from "./kernel-data.ts";
import { encodedLabels } from "./packed-labels.ts";

/** Bytes at rest of the bricks of a label map. Those of a map that does not keep them are made once and kept by this reader. */
export function restingBytes(labels: KernelLabels): (brickIndex: number) => Uint8Array | undefined {
  if (labels.encodedBrick) return (index) => labels.encodedBrick!(index);
  const made = new Map<number, Uint8Array | undefined>();
  return (index) => {
    if (!made.has(index)) made.set(index, encodedLabels(labels, index));
    return made.get(index);
  };
}
