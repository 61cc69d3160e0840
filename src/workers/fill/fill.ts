import { type ProgressOptions, VoxelwrightError } from "#base";
import type { Crew } from "../crew/crew.ts";
import { progressOfShares } from "../crew/crew.ts";
import { shareOut } from "../crew/share-out.ts";
import type { KernelLabels } from "../kernel-data.ts";
import type { LabelProposal } from "../kernels.api.ts";
import { joinChanges } from "../packed-changes.ts";
import type { DrawnPlane, FillRequest, PlaneRequest, SliceRequest } from "./fill.api.ts";
import { bricksOf } from "./plane-fill.ts";

/** Fills between annotated slices or planes. */
export async function fill(
  crew: Crew,
  labels: KernelLabels,
  request: FillRequest,
  options: ProgressOptions,
): Promise<LabelProposal> {
  const { spacingMm, drawn } = request;
  if (!spacingMm.every((size) => size > 0 && Number.isFinite(size))) {
    throw new VoxelwrightError("argument", `Voxel sizes must be above 0, not ${spacingMm.join("×")} mm.`);
  }
  if (!drawn) return fillStack(crew, labels, request, options);
  if (request.axis !== undefined || request.planes) {
    throw new VoxelwrightError("argument", "Annotated planes are given twice.", {
      advice: "Give axis and slice numbers, or planes of any orientation, not both.",
    });
  }
  const stack = stackOf(drawn);
  const { segments } = request;
  const chosen = segments ? { segments } : {};
  if (stack) return fillStack(crew, labels, { ...stack, ...chosen, spacingMm, method: "shape" }, options);
  return fillPlanes(crew, labels, { drawn, spacingMm, ...chosen }, options);
}

/** Fills between slices across one axis, shared out by slabs of bricks. */
async function fillStack(
  crew: Crew,
  labels: KernelLabels,
  { axis, segments, planes: slices, spacingMm }: FillRequest,
  options: ProgressOptions,
): Promise<LabelProposal> {
  const slice: SliceRequest = {
    spacingMm,
    ...(axis === undefined ? {} : { axis }),
    ...(segments ? { segments } : {}),
    ...(slices ? { slices } : {}),
  };
  const input = { maps: [labels] };
  if (crew.count === 1 && axis !== undefined) return joinChanges([await crew.run("fillSlices", input, slice, options)]);
  const survey = await crew.run("fillSurvey", input, slice, { signal: options.signal });
  if ("drawn" in survey) {
    return fillPlanes(crew, labels, { drawn: survey.drawn, spacingMm, ...(segments ? { segments } : {}) }, options);
  }
  if (crew.count === 1) {
    return joinChanges([await crew.run("fillSlices", input, { ...slice, axis: survey.axis }, options)]);
  }
  const parts = slabs(survey.range).map((range) => ({ request: { ...slice, axis: survey.axis, range } }));
  return joinChanges(await crew.share("fillSlices", input, parts, options));
}

/** Fills between planes of several directions: fields shared out by segments, then bricks. */
async function fillPlanes(
  crew: Crew,
  labels: KernelLabels,
  request: PlaneRequest,
  options: ProgressOptions,
): Promise<LabelProposal> {
  const input = { maps: [labels] };
  const { signal } = options;
  const progress = progressOfShares(2, options);
  const step = (n: number): ProgressOptions => {
    const onProgress = progress(n);
    return { signal, ...(onProgress ? { onProgress } : {}) };
  };
  const threads = crew.count;
  const parts = Array.from({ length: threads }, (_, nth) => ({ request: { ...request, nth, of: threads } }));
  const fields = (await crew.share("fillFields", input, parts, step(0))).flat().sort((a, b) => a.segment - b.segment);
  const pieces = shareOut(bricksOf(fields, labels.dims, request.spacingMm), threads);
  const shares = pieces.map((bricks) => ({ request: { ...request, fields, bricks } }));
  return joinChanges(await crew.share("fillBricks", input, shares, step(1)));
}

/** The axis and slices of planes that are all slices across one axis. */
function stackOf(drawn: readonly DrawnPlane[]): { readonly axis: 0 | 1 | 2; readonly planes: number[] } | undefined {
  const slices = drawn.flatMap((plane) => ("axis" in plane ? [plane] : []));
  const [first] = slices;
  if (!first || slices.length < drawn.length || slices.some(({ axis }) => axis !== first.axis)) return undefined;
  return { axis: first.axis, planes: slices.map(({ index }) => index) };
}

/** A range of slices cut where bricks end. */
function slabs([first, end]: readonly [number, number]): [number, number][] {
  const parts: [number, number][] = [];
  for (let z = first; z < end; z = (z | 63) + 1) parts.push([z, Math.min((z | 63) + 1, end)]);
  return parts;
}
