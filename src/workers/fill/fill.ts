import { type ProgressOptions, VoxelwrightError } from "#base";
import { type Crew, progressOfShares } from "../crew/crew.ts";
import { shareOut } from "../crew/share-out.ts";
import type { KernelLabels } from "../kernel-data.ts";
import type { LabelProposal } from "../kernels.api.ts";
import { joinChanges } from "../packed-changes.ts";
import type { BendingField } from "./bending-field.ts";
import { addDoubts, type FillDoubts } from "./doubts.ts";
import type { DrawnPlane, FillRequest, PlaneRequest, SliceOfAxis, SliceRequest } from "./fill.api.ts";
import { bricksOf } from "./plane-bricks.ts";

/** How a request is filled: a stack of slices across one axis, in parts that end where bricks do; or planes of several directions. */
export type FillPlan =
  | {
      readonly kind: "stack";
      readonly request: SliceRequest & { readonly axis: 0 | 1 | 2 };
      readonly parts: readonly (Range | undefined)[];
    }
  | { readonly kind: "planes"; readonly request: PlaneRequest };
type Range = readonly [first: number, end: number];

/** Fills between annotated slices or planes. */
export async function fill(
  crew: Crew,
  labels: KernelLabels,
  request: FillRequest,
  options: ProgressOptions,
): Promise<LabelProposal> {
  const input = { maps: [labels] };
  const plan = await planFill(crew, labels, request, options);
  if (plan.kind === "stack") {
    const shares = plan.parts.map((range) => ({ request: { ...plan.request, ...(range ? { range } : {}) } }));
    return joinChanges(await crew.share("fillSlices", input, shares, options));
  }
  const [solving, writing] = halves(options);
  const fields = await solveFields(crew, labels, plan.request, solving);
  const shares = shareOut(bricksOf(fields, labels.dims, request.spacingMm), crew.count).map((bricks) => ({
    request: { ...plan.request, fields, bricks },
  }));
  return joinChanges(await crew.share("fillBricks", input, shares, writing));
}

/** How likely a fill is wrong, added up by slices; `show`: a slice that is wanted voxel by voxel. */
export async function doubtsOfFill(
  crew: Crew,
  labels: KernelLabels,
  request: FillRequest,
  show: SliceOfAxis | undefined,
  options: ProgressOptions,
): Promise<{ readonly plan: FillPlan; readonly doubts: FillDoubts }> {
  const input = { maps: [labels] };
  const shown = show ? { show } : {};
  const plan = await planFill(crew, labels, request, options);
  if (plan.kind === "stack") {
    const shares = plan.parts.map((range) => ({ request: { ...plan.request, ...shown, ...(range ? { range } : {}) } }));
    return { plan, doubts: addDoubts(await crew.share("fillDoubtSlices", input, shares, options)) };
  }
  const [solving, looking] = halves(options);
  const fields = await solveFields(crew, labels, plan.request, solving);
  const shares = shareOut(bricksOf(fields, labels.dims, request.spacingMm), crew.count).map((bricks) => ({
    request: { ...plan.request, ...shown, fields, bricks },
  }));
  return { plan, doubts: addDoubts(await crew.share("fillDoubtBricks", input, shares, looking)) };
}

async function planFill(
  crew: Crew,
  labels: KernelLabels,
  request: FillRequest,
  { signal }: ProgressOptions,
): Promise<FillPlan> {
  const { spacingMm, drawn, segments, axis, planes, between } = request;
  if (!spacingMm.every((size) => size > 0 && Number.isFinite(size))) {
    throw new VoxelwrightError("argument", `Voxel sizes must be above 0, not ${spacingMm.join("×")} mm.`);
  }
  if (drawn && (axis !== undefined || planes)) {
    throw new VoxelwrightError("argument", "Annotated planes are given twice.", {
      advice: "Give axis and slice numbers, or planes of any orientation, not both.",
    });
  }
  const chosen = { spacingMm, ...(segments ? { segments } : {}) };
  const stack = drawn && stackOf(drawn);
  if (drawn && !stack && between) throw notBetween();
  if (drawn && !stack) return { kind: "planes", request: { ...chosen, drawn } };
  const slices = stack?.planes ?? planes;
  const along = stack?.axis ?? axis;
  const slice = { ...chosen, ...(along === undefined ? {} : { axis: along }), ...(slices ? { slices } : {}) };
  // One thread finds out for itself where it has something to do.
  if (crew.count === 1 && along !== undefined && !between) {
    return { kind: "stack", request: { ...slice, axis: along }, parts: [undefined] };
  }
  const survey = await crew.run("fillSurvey", { maps: [labels] }, slice, { signal });
  if ("drawn" in survey) {
    if (between) throw notBetween();
    return { kind: "planes", request: { ...chosen, drawn: survey.drawn } };
  }
  const [first, end] = survey.range;
  const range = between ? ([Math.max(first, between[0] + 1), Math.min(end, between[1])] as const) : survey.range;
  const parts = crew.count === 1 ? [range] : slabs(range);
  return { kind: "stack", request: { ...slice, axis: survey.axis }, parts };
}

function notBetween(): VoxelwrightError {
  return new VoxelwrightError("argument", "Planes of several directions are filled as a whole.", {
    advice: "Leave `between` out, or name slices across one axis.",
  });
}

/** The fields of all segments, ascending, shared out. */
async function solveFields(
  crew: Crew,
  labels: KernelLabels,
  request: PlaneRequest,
  options: ProgressOptions,
): Promise<BendingField[]> {
  const parts = Array.from({ length: crew.count }, (_, nth) => ({ request: { ...request, nth, of: crew.count } }));
  const fields = await crew.share("fillFields", { maps: [labels] }, parts, options);
  return fields.flat().sort((a, b) => a.segment - b.segment);
}

/** The progress of two steps. */
function halves(options: ProgressOptions): [ProgressOptions, ProgressOptions] {
  const progress = progressOfShares(2, options);
  const half = (n: number): ProgressOptions => {
    const onProgress = progress(n);
    return { signal: options.signal, ...(onProgress ? { onProgress } : {}) };
  };
  return [half(0), half(1)];
}

/** The axis and slices of planes that are all slices across one axis. */
function stackOf(drawn: readonly DrawnPlane[]): { readonly axis: 0 | 1 | 2; readonly planes: number[] } | undefined {
  const slices = drawn.flatMap((plane) => ("axis" in plane ? [plane] : []));
  const [first] = slices;
  if (!first || slices.length < drawn.length || slices.some(({ axis }) => axis !== first.axis)) return undefined;
  return { axis: first.axis, planes: slices.map(({ index }) => index) };
}

/** A range of slices cut where bricks end. */
function slabs([first, end]: Range): Range[] {
  const parts: Range[] = [];
  for (let z = first; z < end; z = (z | 63) + 1) parts.push([z, Math.min((z | 63) + 1, end)]);
  return parts;
}
