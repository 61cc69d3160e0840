import type { Dims } from "#volume";
import type { ComponentRow } from "../components/components.api.ts";
import type { Connectivity } from "../kernel-data.ts";
import { neighbourSteps } from "./grow.ts";

/** Components of a flat label map. */
export interface FlatComponents {
  /** For every voxel the place of its component in `rows` plus 1; 0 for background. */
  readonly numbers: Uint32Array;
  /** In the order that `Kernels.components` gives them. */
  readonly rows: readonly ComponentRow[];
}

interface Box {
  readonly min: [number, number, number];
  readonly max: [number, number, number];
}

/** Finds components by a plain search from voxel to voxel. With `apart` slices across that axis are kept apart. */
export function componentsReference(
  labels: ArrayLike<number>,
  dims: Dims,
  connectivity: Connectivity,
  apart?: 0 | 1 | 2,
): FlatComponents {
  const numbers = new Uint32Array(labels.length);
  const steps = neighbourSteps(connectivity).filter((step) => apart === undefined || step[apart] === 0);
  const [ni, nj, nk] = dims;
  const found: { segment: number; voxels: number; first: number; box: Box }[] = [];
  const stack: number[] = [];
  for (let start = 0; start < labels.length; start++) {
    const segment = labels[start]!;
    if (segment === 0 || numbers[start] !== 0) continue;
    const row = { segment, voxels: 0, first: start, box: { min: [ni, nj, nk], max: [0, 0, 0] } satisfies Box };
    found.push(row);
    numbers[start] = found.length;
    stack.push(start);
    for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
      const i = at % ni;
      const j = ((at - i) / ni) % nj;
      const k = Math.floor(at / (ni * nj));
      row.voxels++;
      widen(row.box, i, j, k);
      for (const [di, dj, dk] of steps) {
        if (i + di < 0 || j + dj < 0 || k + dk < 0 || i + di >= ni || j + dj >= nj || k + dk >= nk) continue;
        const to = at + (dk * nj + dj) * ni + di;
        if (labels[to] !== segment || numbers[to] !== 0) continue;
        numbers[to] = found.length;
        stack.push(to);
      }
    }
  }
  const order = found
    .map((_, n) => n)
    .sort((m, n) => {
      const [a, b] = [found[m]!, found[n]!];
      return a.segment - b.segment || b.voxels - a.voxels || a.first - b.first;
    });
  const placeInRows = new Uint32Array(found.length + 1);
  for (const [place, n] of order.entries()) placeInRows[n + 1] = place + 1;
  for (let at = 0; at < numbers.length; at++) numbers[at] = placeInRows[numbers[at]!]!;
  const counts = new Map<number, number>();
  const rows = order.map((n): ComponentRow => {
    const { segment, voxels, first, box } = found[n]!;
    const number = (counts.get(segment) ?? 0) + 1;
    counts.set(segment, number);
    return { segment, number, voxels, firstVoxel: positionOf(dims, first), box };
  });
  return { numbers, rows };
}

function widen({ min, max }: Box, i: number, j: number, k: number): void {
  if (i < min[0]) min[0] = i;
  if (j < min[1]) min[1] = j;
  if (k < min[2]) min[2] = k;
  if (i >= max[0]) max[0] = i + 1;
  if (j >= max[1]) max[1] = j + 1;
  if (k >= max[2]) max[2] = k + 1;
}

/** Place of a voxel in a flat volume. */
export function placeOf(dims: Dims, i: number, j: number, k: number): number {
  return (k * dims[1] + j) * dims[0] + i;
}

function positionOf(dims: Dims, place: number): Dims {
  const i = place % dims[0];
  const row = (place - i) / dims[0];
  const j = row % dims[1];
  return [i, j, (row - j) / dims[1]];
}
