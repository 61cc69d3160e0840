import { VoxelwrightError } from "#base";
import type { TaskContext } from "../crew/task.ts";
import type { KernelLabels, SpacingMm } from "../kernel-data.ts";
import type { Pacer } from "../pacer.ts";
import type { CompareRow } from "./compare.api.ts";
import { NearestPoints } from "./nearest.ts";
import { findSurfaces, type SegmentSurface } from "./surfaces.ts";

/**
 * Agreement of two label maps (definitions at `Kernels.compare`). Memory: 12 bytes a surface voxel of all segments, and 60 bytes
 * one of the segment being compared.
 */
export async function compareLabels(
  { maps, pacer }: TaskContext,
  { spacingMm }: { readonly spacingMm: SpacingMm },
): Promise<CompareRow[]> {
  const [a, b] = maps as readonly [KernelLabels, KernelLabels];
  if (!a.dims.every((n, axis) => n === b.dims[axis])) {
    throw new VoxelwrightError(
      "argument",
      `The label maps differ in size: ${a.dims.join("×")} and ${b.dims.join("×")}.`,
      {
        advice: "Resample one onto the grid of the other first.",
      },
    );
  }
  const inA = await findSurfaces(a, pacer, "Reading the first label map");
  const inB = await findSurfaces(b, pacer, "Reading the second label map");
  const common = countCommon(a, b);
  const segments = [...new Set([...inA.keys(), ...inB.keys()])].sort((x, y) => x - y);
  const rows: CompareRow[] = [];
  for (const [n, segment] of segments.entries()) {
    const one = inA.get(segment);
    const other = inB.get(segment);
    const voxelsA = one?.voxels ?? 0;
    const voxelsB = other?.voxels ?? 0;
    const distances =
      one && other ? await surfaceDistances(one, other, spacingMm, pacer, n / segments.length) : undefined;
    rows.push({
      segment,
      voxelsA,
      voxelsB,
      dice: (2 * (common.get(segment) ?? 0)) / (voxelsA + voxelsB),
      hausdorff95Mm: distances && percentile(distances, 0.95),
      meanSurfaceDistanceMm: distances && distances.reduce((sum, distance) => sum + distance, 0) / distances.length,
    });
  }
  return rows;
}

/** Voxels on which both maps have the segment. */
function countCommon(a: KernelLabels, b: KernelLabels): Map<number, number> {
  const common = new Map<number, number>();
  for (const index of a.brickIndices()) {
    const one = a.readBrick(index);
    const other = b.readBrick(index);
    if (!one || !other) continue;
    let run = 0;
    let last = 0;
    for (let n = 0; n < one.length; n++) {
      const value = one[n]!;
      if (value === 0 || value !== other[n]) continue;
      if (value !== last) {
        if (run > 0) common.set(last, (common.get(last) ?? 0) + run);
        last = value;
        run = 0;
      }
      run++;
    }
    if (run > 0) common.set(last, (common.get(last) ?? 0) + run);
  }
  return common;
}

/** Distances from every surface voxel of each to the surface of the other, in ascending order. */
async function surfaceDistances(
  a: SegmentSurface,
  b: SegmentSurface,
  spacingMm: SpacingMm,
  pacer: Pacer,
  fraction: number,
): Promise<Float64Array> {
  const pointsA = a.surface.scaled(spacingMm);
  const pointsB = b.surface.scaled(spacingMm);
  const distances = new Float64Array(a.surface.count + b.surface.count);
  let n = 0;
  for (const [from, to] of [[pointsA, pointsB] as const, [pointsB, pointsA] as const]) {
    const nearest = new NearestPoints(to);
    for (let at = 0; at < from.length; at += 3) {
      if (at % 12_288 === 0) await pacer.pause(fraction, "Measuring surface distances");
      distances[n++] = nearest.distance(from[at]!, from[at + 1]!, from[at + 2]!);
    }
  }
  return distances.sort();
}

/** Percentile of ascending values, linear between ranks (numpy's default). */
export function percentile(ascending: Float64Array, share: number): number {
  const rank = share * (ascending.length - 1);
  const below = Math.floor(rank);
  const low = ascending[below]!;
  const high = ascending[Math.min(below + 1, ascending.length - 1)]!;
  return low + (high - low) * (rank - below);
}
