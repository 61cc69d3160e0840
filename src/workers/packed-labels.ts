import type { Dims } from "#volume";
import type { KernelLabels } from "./kernels.api.ts";
import { transfer } from "./wire.ts";

/** Label bricks on their way to a worker: copies, which are moved there. */
export interface PackedLabels {
  readonly dims: Dims;
  readonly entries: readonly (readonly [brickIndex: number, values: Uint16Array<ArrayBuffer>])[];
}

/** Copies the bricks `indices` (all that hold labels when absent). */
export function packLabels(labels: KernelLabels, indices: Iterable<number> = labels.brickIndices()): PackedLabels {
  const entries: [number, Uint16Array<ArrayBuffer>][] = [];
  for (const index of indices) {
    const values = labels.readBrick(index);
    if (values) entries.push([index, new Uint16Array(values)]);
  }
  return transfer(
    { dims: labels.dims, entries },
    entries.map(([, values]) => values.buffer),
  );
}

export function unpackLabels({ dims, entries }: PackedLabels): KernelLabels {
  const held = new Map(entries);
  return { dims, readBrick: (index) => held.get(index), brickIndices: () => held.keys() };
}
