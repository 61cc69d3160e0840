import { VoxelwrightError } from "#base";
import { BRICK_EDGE, brickCoordinates, brickDims, brickIndex, type Dims, type IndexBox } from "#volume";
import type { KernelImage, KernelLabels } from "../kernel-data.ts";
import type { SeedsRequest } from "./seeds.api.ts";

/** A request that is whole: what is read and which voxels are what. */
export interface SeedsPlan {
  readonly request: SeedsRequest;
  /** Ascending; the rank of a segment is its place from 1. */
  readonly segments: readonly number[];
  readonly inside: readonly number[];
  /** The region within the volume. */
  readonly box: IndexBox;
  /** First brick of the box and bricks along each axis. */
  readonly first: Dims;
  readonly counts: Dims;
  /** Bricks along each axis of the volume. */
  readonly bricks: Dims;
}

/** Checks a request against the volume. Throws `argument` for all that makes no sense. */
export function planSeeds(image: KernelImage, labels: KernelLabels, request: SeedsRequest): SeedsPlan {
  const { dims } = image;
  if (!dims.every((n, axis) => n === labels.dims[axis])) {
    throw new VoxelwrightError(
      "argument",
      `Labels of ${labels.dims.join("×")} do not lie on an image of ${dims.join("×")}.`,
    );
  }
  if (!request.spacingMm.every((size) => size > 0 && Number.isFinite(size))) {
    throw new VoxelwrightError("argument", `Voxel sizes must be above 0, not ${request.spacingMm.join("×")} mm.`);
  }
  const neighbours: number = request.connectivity;
  if (neighbours !== 6 && neighbours !== 26) {
    throw new VoxelwrightError("argument", `Growth from seeds knows 6 and 26 neighbours, not ${neighbours}.`);
  }
  const segments = [...new Set(request.segments)].sort((a, b) => a - b);
  if (segments.length < 2) throw tooFewSegments();
  const inside = [...new Set(request.inside ?? [0])].sort((a, b) => a - b);
  if (inside.length === 0) {
    throw new VoxelwrightError("argument", "No voxel may change: `inside` is empty.", {
      advice: "Name the labels to grow over; 0 is background.",
    });
  }
  for (const [label, least] of [...segments.map((s) => [s, 1] as const), ...inside.map((s) => [s, 0] as const)]) {
    if (Number.isInteger(label) && label >= least && label <= 65_535) continue;
    throw new VoxelwrightError("argument", `A segment is a whole number from ${least} to 65535, not ${label}.`);
  }
  const both = inside.find((label) => segments.includes(label));
  if (both !== undefined) {
    throw new VoxelwrightError("argument", `Segment ${both} cannot be a seed and be grown over.`, {
      advice: "Leave it out of `segments` or of `inside`.",
    });
  }
  const min = dims.map((_, axis) => Math.max(0, Math.ceil(request.region?.min[axis] ?? 0))) as unknown as Dims;
  const max = dims.map((n, axis) => Math.min(n, Math.ceil(request.region?.max[axis] ?? n))) as unknown as Dims;
  if (!min.every((n, axis) => n < max[axis]!)) {
    throw new VoxelwrightError("argument", "The region holds no voxel of the volume.");
  }
  const first = min.map((n) => Math.floor(n / BRICK_EDGE)) as unknown as Dims;
  const counts = max.map((n, axis) => Math.ceil(n / BRICK_EDGE) - first[axis]!) as unknown as Dims;
  return { request, segments, inside, box: { min, max }, first, counts, bricks: brickDims(dims) };
}

/** Said when seeds of fewer than two segments are there. */
export function tooFewSegments(): VoxelwrightError {
  return new VoxelwrightError("argument", "Growth from seeds needs voxels of at least two segments in the region.", {
    advice: "Draw a few strokes of each, and of a segment that stands for the background.",
  });
}

/** Bricks of the box. */
export function brickCount({ counts }: SeedsPlan): number {
  return counts[0] * counts[1] * counts[2];
}

/** Coordinates in the volume of a brick of the box. */
export function brickOfBox({ first, counts }: SeedsPlan, n: number): Dims {
  const [i, j, k] = brickCoordinates(counts, n);
  return [first[0] + i, first[1] + j, first[2] + k];
}

/** Number in the box of a brick of the volume, by its index; undefined outside the box. */
export function numberInBox({ first, counts, bricks }: SeedsPlan, index: number): number | undefined {
  const at = brickCoordinates(bricks, index).map((n, axis) => n - first[axis]!) as unknown as Dims;
  return at.every((n, axis) => n >= 0 && n < counts[axis]!) ? brickIndex(counts, ...at) : undefined;
}

/** Index in the volume of a brick of the box. */
export function indexOfBox(plan: SeedsPlan, n: number): number {
  return brickIndex(plan.bricks, ...brickOfBox(plan, n));
}

/** Voxels of the region in a brick of the box. */
export function voxelsInBrick(plan: SeedsPlan, n: number): number {
  const [di, dj, dk] = brickOfBox(plan, n).map((b, axis) => {
    const from = Math.max(plan.box.min[axis]!, b * BRICK_EDGE);
    return Math.min(plan.box.max[axis]!, (b + 1) * BRICK_EDGE) - from;
  }) as unknown as Dims;
  return di * dj * dk;
}
