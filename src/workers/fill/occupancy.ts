import { BRICK_EDGE, brickCoordinates, brickDims, type Dims } from "#volume";
import type { KernelLabels } from "../kernel-data.ts";

export type Axis = 0 | 1 | 2;

/** On which slices of each axis a segment has voxels: 1 or 0 for every slice. */
export type Occupancy = readonly [Uint8Array, Uint8Array, Uint8Array];

/** Occupied slices of every segment (or of the chosen ones), in ascending order of segments. Reads each label brick once. */
export function findOccupancy(labels: KernelLabels, segments?: readonly number[]): Map<number, Occupancy> {
  const chosen = segments && new Set(segments);
  const bricks = brickDims(labels.dims);
  const found = new Map<number, Occupancy>();
  for (const index of labels.brickIndices()) {
    const values = labels.readBrick(index);
    if (values) scanBrick(values, brickCoordinates(bricks, index), labels.dims, found, chosen);
  }
  return new Map([...found].sort(([a], [b]) => a - b));
}

function scanBrick(
  values: Uint16Array,
  [bi, bj, bk]: Dims,
  dims: Dims,
  found: Map<number, Occupancy>,
  chosen: ReadonlySet<number> | undefined,
): void {
  // Most of a brick is background: two voxels are looked at in one.
  const pairs = new Uint32Array(values.buffer, values.byteOffset, values.length / 2);
  let last = 0;
  let occupancy: Occupancy | undefined;
  for (let n = 0; n < values.length; n++) {
    if ((n & 1) === 0 && pairs[n >> 1] === 0) {
      n++;
      continue;
    }
    const value = values[n]!;
    if (value === 0) continue;
    if (value !== last) {
      last = value;
      occupancy = chosen && !chosen.has(value) ? undefined : occupancyOf(found, value, dims);
    }
    if (!occupancy) continue;
    occupancy[0][bi * BRICK_EDGE + (n & 63)] = 1;
    occupancy[1][bj * BRICK_EDGE + ((n >> 6) & 63)] = 1;
    occupancy[2][bk * BRICK_EDGE + (n >> 12)] = 1;
  }
}

function occupancyOf(found: Map<number, Occupancy>, segment: number, dims: Dims): Occupancy {
  let occupancy = found.get(segment);
  if (!occupancy) {
    occupancy = [new Uint8Array(dims[0]), new Uint8Array(dims[1]), new Uint8Array(dims[2])];
    found.set(segment, occupancy);
  }
  return occupancy;
}

/** Numbers of the occupied slices, ascending. */
export function occupiedSlices(slices: Uint8Array): number[] {
  const numbers: number[] = [];
  for (let n = 0; n < slices.length; n++) if (slices[n]) numbers.push(n);
  return numbers;
}
