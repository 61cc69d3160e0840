import type { ProgressOptions } from "#base";
import { BRICK_EDGE, brickDims, brickIndex, type IndexIjk } from "#volume";
import { requireCount } from "../components/components.ts";
import {
  checkComponentArguments,
  type ComponentSearch,
  findComponents,
  type FoundComponents,
} from "../components/find-components.ts";
import { openSides } from "../components/open-sides.ts";
import type { Crew } from "../crew/crew.ts";
import { shareOut } from "../crew/share-out.ts";
import type { KernelLabels } from "../kernel-data.ts";
import { joinChanges } from "../packed-changes.ts";
import { Pacer } from "../pacer.ts";
import { partOfProgress } from "../part-of-progress.ts";
import type { Islands, IslandsRequest } from "./islands.api.ts";
import { type IslandsPlan, planIslands } from "./plan.ts";
import { type BrickIslands, KEEP } from "./write-islands.ts";

/** Changes islands of segments; see `Kernels.islands`. Two passes: all components are found, then bricks that change are written. */
export async function islands(
  crew: Crew,
  labels: KernelLabels,
  request: IslandsRequest,
  options: ProgressOptions,
): Promise<Islands> {
  const { connectivity } = request;
  const segments = request.segments ?? segmentsMeant(labels, request);
  checkComponentArguments(segments, connectivity);
  const search = { segments, connectivity, ...searchFor(request) };
  const found = await findComponents(crew, labels, search, partOfProgress(options, 0, 0.5));
  const plan = planIslands(found, request, labels.dims);
  const bricks = await bricksToWrite(labels, found, plan, connectivity, options);
  const shares = shareOut(bricks, crew.count).map((own) => ({
    request: { bricks: own, segments, connectivity, eraseBelow: plan.eraseBelow },
    labelBricks: own.map(({ index }) => index),
  }));
  const parts = await crew.share("writeIslands", { maps: [labels] }, shares, partOfProgress(options, 0.5, 1));
  return { proposal: joinChanges(parts), split: plan.split };
}

/** Components that have to be told for an operation; those within one brick can be decided on by their size alone. */
function searchFor(request: IslandsRequest): Pick<ComponentSearch, "leastVoxels" | "most" | "voxels"> {
  switch (request.operation) {
    case "largest":
      requireCount(request.count, "The number of islands that stay");
      return { leastVoxels: 1, most: request.count };
    case "split":
      requireCount(request.count, "The number of islands split off");
      return { leastVoxels: 1, most: Math.max(2, request.count) };
    case "removeSmaller":
      requireCount(request.leastVoxels, "The least size in voxels");
      return { leastVoxels: request.leastVoxels, most: 0 };
    case "keep":
    case "remove":
      return { leastVoxels: 1, most: 0, voxels: request.voxels };
  }
}

/** The segments of the voxels of `keep` and `remove`; all for other operations. */
function segmentsMeant(labels: KernelLabels, request: IslandsRequest): number[] | undefined {
  if (request.operation !== "keep" && request.operation !== "remove") return undefined;
  const found = new Set(request.voxels.map((ijk) => labelAt(labels, ijk)));
  found.delete(0);
  return [...found].sort((a, b) => a - b);
}

function labelAt(labels: KernelLabels, ijk: IndexIjk): number {
  if (!ijk.every((n, axis) => Number.isInteger(n) && n >= 0 && n < labels.dims[axis]!)) return 0;
  const [bi, bj, bk] = ijk.map((n) => Math.floor(n / BRICK_EDGE)) as [number, number, number];
  const brick = labels.readBrick(brickIndex(brickDims(labels.dims), bi, bj, bk));
  return brick?.[((ijk[2] & 63) * BRICK_EDGE + (ijk[1] & 63)) * BRICK_EDGE + (ijk[0] & 63)] ?? 0;
}

async function bricksToWrite(
  labels: KernelLabels,
  { forest, bricks }: FoundComponents,
  { labelOfRoot, eraseBelow, closed }: IslandsPlan,
  connectivity: number,
  { signal }: ProgressOptions,
): Promise<BrickIslands[]> {
  const pacer = new Pacer(signal ? { signal } : {});
  const counts = brickDims(labels.dims);
  const held = new Set(labels.brickIndices());
  const found: BrickIslands[] = [];
  for (const [index, brick] of bricks) {
    await pacer.pause(0, "Choosing islands");
    const { base, count } = forest.piecesOf(index);
    const labelOf = Uint32Array.from({ length: count }, (_, n) => labelOfRoot(forest.root(base + n)));
    const own = closed.get(index) ?? [];
    const erasable =
      eraseBelow === Number.POSITIVE_INFINITY ? brick.closed - own.length : eraseBelow > 0 ? brick.small : 0;
    const changes = erasable > 0 || labelOf.some((label) => label !== KEEP) || own.some(([, label]) => label !== KEEP);
    if (!changes) continue;
    const open = openSides(counts, index, (other) => held.has(other), connectivity);
    found.push({ index, open, labelOf, closed: own });
  }
  return found;
}
