import { type ProgressOptions, VoxelwrightError } from "#base";
import { BRICK_EDGE, brickCoordinates, brickDims, type Dims, type IndexBox } from "#volume";
import type { Crew } from "../crew/crew.ts";
import { shareOut } from "../crew/share-out.ts";
import { expand, intersect, wholeBox } from "../index-box.ts";
import type { KernelLabels } from "../kernel-data.ts";
import { requireLabels } from "../label-values.ts";
import { type BrickSurface, MOST_SURFACE_ROUNDS, type SurfaceRequest, surfaceReach } from "./surface.api.ts";

/** Shares bricks out, each with the bricks of labels around it. */
export async function surface(
  crew: Crew,
  labels: KernelLabels,
  { bricks: asked, rounds, segments }: SurfaceRequest,
  options: ProgressOptions,
): Promise<BrickSurface[]> {
  if (!(Number.isInteger(rounds) && rounds >= 0 && rounds <= MOST_SURFACE_ROUNDS)) {
    throw new VoxelwrightError(
      "argument",
      `Surfaces are smoothed in 0 to ${MOST_SURFACE_ROUNDS} rounds, not ${rounds}.`,
    );
  }
  if (segments) requireLabels(segments);
  const held = new Set(labels.brickIndices());
  const bricks = [...new Set(asked ?? held)].filter((brick) => held.has(brick)).sort((a, b) => a - b);
  const shares = shareOut(bricks, crew.count).map((own) => ({
    request: { bricks: own, rounds, ...(segments ? { segments } : {}) },
    labelBricks: [
      ...new Set(own.flatMap((brick) => bricksAround(labels.dims, brickOf(labels.dims, brick), rounds))),
    ].filter((brick) => held.has(brick)),
  }));
  return (await crew.share("surfaces", { maps: [labels] }, shares, options)).flat();
}

/** `brickIndex` of the bricks whose surfaces depend on a box of voxels, or on what they are made of lies in. */
export function bricksAround(dims: Dims, box: IndexBox, rounds: number): number[] {
  const reach = surfaceReach(rounds);
  const { min, max } = intersect(expand(box, [reach, reach, reach]), wholeBox(dims));
  const bricks = brickDims(dims);
  const indices: number[] = [];
  const end = (axis: 0 | 1 | 2): number => Math.ceil(max[axis] / BRICK_EDGE);
  for (let k = Math.floor(min[2] / BRICK_EDGE); k < end(2); k++) {
    for (let j = Math.floor(min[1] / BRICK_EDGE); j < end(1); j++) {
      for (let i = Math.floor(min[0] / BRICK_EDGE); i < end(0); i++) indices.push((k * bricks[1] + j) * bricks[0] + i);
    }
  }
  return indices;
}

function brickOf(dims: Dims, brick: number): IndexBox {
  const min = brickCoordinates(brickDims(dims), brick).map((at) => at * BRICK_EDGE) as unknown as Dims;
  return { min, max: [min[0] + BRICK_EDGE, min[1] + BRICK_EDGE, min[2] + BRICK_EDGE] };
}
