import { decodeLabelBrick, encodeLabelBrick } from "#labelmap";
import { type Dims, Residency } from "#volume";
import type { KernelLabels } from "./kernel-data.ts";
import { transfer } from "./wire.ts";

/** Decoded bricks that a thread keeps of each label map: 32 MiB, 64 bricks. */
const DECODED_BYTES = 32 * 2 ** 20;

/** Label bricks on their way to a worker: copies of their bytes at rest, which are moved there. */
export interface PackedLabels {
  readonly dims: Dims;
  readonly entries: readonly (readonly [brickIndex: number, bytes: Uint8Array<ArrayBuffer>])[];
}

/** Copies the bricks `indices` (all that hold labels when absent). */
export function packLabels(labels: KernelLabels, indices: Iterable<number> = labels.brickIndices()): PackedLabels {
  const entries: [number, Uint8Array<ArrayBuffer>][] = [];
  for (const index of indices) {
    const bytes = encodedLabels(labels, index);
    if (bytes) entries.push([index, new Uint8Array(bytes)]);
  }
  return transfer(
    { dims: labels.dims, entries },
    entries.map(([, bytes]) => bytes.buffer),
  );
}

export function unpackLabels({ dims, entries }: PackedLabels): KernelLabels {
  const held = new Map(entries);
  const decoded = new Residency<Uint16Array>(DECODED_BYTES, {
    bytesOf: (labels) => labels.byteLength,
    evict: () => undefined,
  });
  return {
    dims,
    brickIndices: () => held.keys(),
    encodedBrick: (index) => held.get(index),
    readBrick(index) {
      const bytes = held.get(index);
      if (!bytes) return undefined;
      const key = String(index);
      let labels = decoded.get(key);
      if (!labels) decoded.put(key, (labels = decodeLabelBrick(bytes)));
      return labels;
    },
  };
}

/** The bytes at rest of a brick of any label map. */
export function encodedLabels(labels: KernelLabels, index: number): Uint8Array | undefined {
  if (labels.encodedBrick) return labels.encodedBrick(index);
  const values = labels.readBrick(index);
  return values && encodeLabelBrick(values);
}
