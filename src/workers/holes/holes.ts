import { type ProgressOptions, VoxelwrightError } from "#base";
import { requireCount } from "../components/components.ts";
import { checkComponentArguments } from "../components/find-components.ts";
import type { Crew } from "../crew/crew.ts";
import { shareOut } from "../crew/share-out.ts";
import type { KernelLabels } from "../kernel-data.ts";
import type { LabelProposal } from "../kernels.api.ts";
import { joinChanges } from "../packed-changes.ts";
import { Pacer } from "../pacer.ts";
import { partOfProgress } from "../part-of-progress.ts";
import type { BackgroundRules } from "./background.ts";
import type { BrickHoles, SegmentHoles } from "./fill-holes.ts";
import type { BackgroundSearch } from "./find-background.ts";
import type { HolesRequest } from "./holes.api.ts";
import { SegmentRegion } from "./segment-region.ts";
import { SliceAxes } from "./slice-axes.ts";

/** Bricks looked through before what is found is joined. */
const BRICKS_A_BATCH = 64;

/** Fills the holes of segments; see `Kernels.holes`. */
export async function holes(
  crew: Crew,
  labels: KernelLabels,
  request: HolesRequest,
  options: ProgressOptions,
): Promise<LabelProposal> {
  const { segments, axis, connectivity, mostVoxels = Number.POSITIVE_INFINITY } = request;
  checkComponentArguments(segments, connectivity);
  if (axis !== undefined && axis !== 0 && axis !== 1 && axis !== 2) {
    throw new VoxelwrightError("argument", `An axis is 0, 1 or 2, not ${String(axis)}.`);
  }
  if (mostVoxels !== Number.POSITIVE_INFINITY) requireCount(mostVoxels, "The most voxels of a hole");
  const rules: BackgroundRules = { axis, connectivity: connectivity === 6 ? 26 : 6, mostVoxels };
  const axes = new SliceAxes(labels.dims, axis);
  const held = await segmentsByBrick(crew, labels, segments, axes, partOfProgress(options, 0, 0.1));
  const regions = await joinBackground(crew, labels, held, axes, rules, partOfProgress(options, 0.1, 0.6));
  const bricks = await bricksWithHoles(regions, mostVoxels, options);
  const shares = shareOut(bricks, crew.count).map((own) => ({
    request: { rules, bricks: own },
    labelBricks: own.map(({ index }) => index),
  }));
  return joinChanges(await crew.share("fillHoles", { maps: [labels] }, shares, partOfProgress(options, 0.6, 1)));
}

/** Bricks with the chosen segments that they hold, in the order of their index after the exchange of axes. */
async function segmentsByBrick(
  crew: Crew,
  labels: KernelLabels,
  segments: readonly number[] | undefined,
  axes: SliceAxes,
  options: ProgressOptions,
): Promise<{ readonly index: number; readonly turned: number; readonly segments: readonly number[] }[]> {
  const indices = [...labels.brickIndices()];
  const shares = shareOut(indices, crew.count).map((own) => ({ request: { indices: own }, labelBricks: own }));
  const found = (await crew.share("listSegments", { maps: [labels] }, shares, options)).flat();
  const wanted = segments && new Set(segments);
  return indices
    .map((index, n) => {
      const own = found[n]!.filter((segment) => !wanted || wanted.has(segment));
      return { index, turned: axes.turned(index), segments: own };
    })
    .filter((brick) => brick.segments.length > 0)
    .sort((a, b) => a.turned - b.turned);
}

async function joinBackground(
  crew: Crew,
  labels: KernelLabels,
  held: readonly { readonly index: number; readonly turned: number; readonly segments: readonly number[] }[],
  axes: SliceAxes,
  rules: BackgroundRules,
  options: ProgressOptions,
): Promise<SegmentRegion[]> {
  const bricksOf = new Map<number, number[]>();
  for (const { turned, segments } of held) {
    for (const segment of segments) {
      const own = bricksOf.get(segment);
      if (own) own.push(turned);
      else bricksOf.set(segment, [turned]);
    }
  }
  const regions = new Map(
    [...bricksOf].map(([segment, bricks]) => [segment, new SegmentRegion(segment, bricks, axes, rules)] as const),
  );
  const pacer = new Pacer(options.signal ? { signal: options.signal } : {});
  const batch = BRICKS_A_BATCH * crew.count;
  for (let from = 0; from < held.length; from += batch) {
    const searches: BackgroundSearch[] = held.slice(from, from + batch).map(({ index, turned, segments }) => ({
      index,
      segments: segments.map((segment) => ({ segment, ...regions.get(segment)!.sides(turned) })),
    }));
    const shares = shareOut(searches, crew.count).map((own) => ({
      request: { rules, bricks: own },
      labelBricks: own.map(({ index }) => index),
    }));
    const done = partOfProgress(options, from / held.length, Math.min(1, (from + batch) / held.length));
    for (const found of (await crew.share("findBackground", { maps: [labels] }, shares, done)).flat()) {
      await pacer.pause(0, "Joining the background");
      regions.get(found.segment)!.add(found);
    }
  }
  for (const region of regions.values()) {
    await pacer.pause(0, "Joining the background");
    region.finish();
  }
  return [...regions.values()].sort((a, b) => a.segment - b.segment);
}

async function bricksWithHoles(
  regions: readonly SegmentRegion[],
  mostVoxels: number,
  { signal }: ProgressOptions,
): Promise<BrickHoles[]> {
  const bricks = new Map<number, SegmentHoles[]>();
  const pacer = new Pacer(signal ? { signal } : {});
  for (const region of regions) {
    for (const [index, holes_] of region.holes(mostVoxels)) {
      await pacer.pause(0, "Looking for holes");
      const own = bricks.get(index);
      if (own) own.push(holes_);
      else bricks.set(index, [holes_]);
    }
  }
  return [...bricks].sort(([a], [b]) => a - b).map(([index, segments]) => ({ index, segments }));
}
