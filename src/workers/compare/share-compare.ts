import { VoxelwrightError } from "#base";
import type { Crew } from "../crew/crew.ts";
import { adviseOnLimit, phase } from "../crew/phases.ts";
import { shareOut } from "../crew/share-out.ts";
import type { KernelLabels, SpacingMm } from "../kernel-data.ts";
import { countBlocks } from "./bit-grid.ts";
import type { CompareOptions, CompareRow } from "./compare.api.ts";
import type { SegmentAgreement, SegmentWork } from "./compare.ts";
import type { OccupancyEntry } from "./occupancy.ts";
import { OR_RAISE_BUDGET } from "../raise-budget.ts";

/** Pieces for each thread. */
const PIECES = 4;

interface SegmentPlace extends SegmentWork {
  readonly bricks: [OccupancyEntry[], OccupancyEntry[]];
}

/** Agreement of two label maps, segments shared out by their size. */
export function compare(
  crew: Crew,
  a: KernelLabels,
  b: KernelLabels,
  spacingMm: SpacingMm,
  options: CompareOptions,
): Promise<CompareRow[]> {
  const advice = `The largest segment does not fit: cut the labels to a box round it${OR_RAISE_BUDGET}.`;
  return adviseOnLimit(advice, measure(crew, a, b, spacingMm, options));
}

async function measure(
  crew: Crew,
  a: KernelLabels,
  b: KernelLabels,
  spacingMm: SpacingMm,
  { toleranceMm = 1, segments: wanted, ...options }: CompareOptions,
): Promise<CompareRow[]> {
  check(a, b, spacingMm, toleranceMm);
  const maps = [a, b];
  const indices = [...new Set([...a.brickIndices(), ...b.brickIndices()])].sort((x, y) => x - y);
  const parts = await crew.share(
    "compareOccupancy",
    { maps },
    shareOut(indices, crew.count).map((own) => ({ request: { indices: own }, labelBricks: own })),
    phase(options, 0, 0.1),
  );
  const places = placesOf(parts, wanted);
  const shares = cutSegments(places, crew.count).map((segments) => ({
    request: { segments, spacingMm, toleranceMm },
    labelBricks: [...new Set(segments.flatMap(({ bricks }) => bricks.flat().map(({ brick }) => brick)))],
  }));
  const agreements = (await crew.share("compare", { maps }, shares, phase(options, 0.1, 1))).flat();
  return places.map((place, n) => rowOf(place, agreements[n]!));
}

/** Segments of either map by ascending number, with the bricks they lie in. */
function placesOf(parts: readonly OccupancyEntry[][][], wanted: readonly number[] | undefined): SegmentPlace[] {
  const chosen = wanted && new Set(wanted);
  const found = new Map<number, SegmentPlace>();
  for (const part of parts) {
    for (const [map, entries] of part.entries()) {
      for (const entry of entries) {
        if (chosen && !chosen.has(entry.segment)) continue;
        let place = found.get(entry.segment);
        if (!place) found.set(entry.segment, (place = { segment: entry.segment, bricks: [[], []] }));
        place.bricks[map as 0 | 1].push(entry);
      }
    }
  }
  return [...found.values()].sort((x, y) => x.segment - y.segment);
}

/** Consecutive segments in pieces of about as many blocks; one piece for one thread. */
function cutSegments(places: readonly SegmentPlace[], threads: number): SegmentPlace[][] {
  const cost = ({ bricks }: SegmentPlace): number => countBlocks(bricks[0]) + countBlocks(bricks[1]);
  const total = places.reduce((sum, place) => sum + cost(place), 0);
  const most = threads === 1 ? Infinity : total / (threads * PIECES);
  const pieces: SegmentPlace[][] = [];
  let held = Infinity;
  for (const place of places) {
    if (pieces.length === 0 || held >= most) {
      pieces.push([]);
      held = 0;
    }
    pieces.at(-1)!.push(place);
    held += cost(place);
  }
  return pieces;
}

function rowOf({ segment, bricks }: SegmentPlace, agreement: SegmentAgreement): CompareRow {
  const count = (entries: readonly OccupancyEntry[]): number => entries.reduce((sum, { voxels }) => sum + voxels, 0);
  const [voxelsA, voxelsB] = [count(bricks[0]), count(bricks[1])];
  const { common, distances } = agreement;
  const [surfaceVoxelsA, surfaceVoxelsB] = agreement.surfaceVoxels;
  const share = (part: number, whole: number): number | undefined => (whole === 0 ? undefined : part / whole);
  return {
    segment,
    voxelsA,
    voxelsB,
    voxelsCommon: common,
    dice: (2 * common) / (voxelsA + voxelsB),
    jaccard: common / (voxelsA + voxelsB - common),
    sensitivity: share(common, voxelsA),
    precision: share(common, voxelsB),
    volumeDifference: share(voxelsB - voxelsA, voxelsA),
    hausdorff95Mm: distances?.hausdorff95Mm,
    hausdorffMm: distances && Math.max(distances.fromAToB.hausdorffMm, distances.fromBToA.hausdorffMm),
    meanSurfaceDistanceMm: distances?.meanMm,
    medianSurfaceDistanceMm: distances?.medianMm,
    surfaceVoxelsA,
    surfaceVoxelsB,
    surfaceVoxelsWithin: distances?.within ?? 0,
    surfaceDice: (distances?.within ?? 0) / (surfaceVoxelsA + surfaceVoxelsB),
    fromAToB: distances?.fromAToB,
    fromBToA: distances?.fromBToA,
  };
}

function check(a: KernelLabels, b: KernelLabels, spacingMm: SpacingMm, toleranceMm: number): void {
  if (!a.dims.every((n, axis) => n === b.dims[axis])) {
    const sizes = `${a.dims.join("×")} and ${b.dims.join("×")}`;
    throw new VoxelwrightError("argument", `The label maps differ in size: ${sizes}.`, {
      advice: "Resample one onto the grid of the other first.",
    });
  }
  if (!spacingMm.every((step) => step > 0 && Number.isFinite(step))) {
    throw new VoxelwrightError("argument", `A voxel size is above 0 along each axis, not ${spacingMm.join(", ")}.`);
  }
  if (!(toleranceMm >= 0)) {
    throw new VoxelwrightError("argument", `A tolerance is 0 mm or more, not ${toleranceMm}.`);
  }
}
