import { type ProgressOptions, VoxelwrightError } from "#base";
import type { Crew } from "../crew/crew.ts";
import { phase } from "../crew/phases.ts";
import { shareOut } from "../crew/share-out.ts";
import type { KernelImage, KernelLabels } from "../kernel-data.ts";
import { joinChanges } from "../packed-changes.ts";
import type { BendingField } from "./bending-field.ts";
import { addDoubts, type FillDoubts } from "./doubts.ts";
import type {
  DrawnPlane,
  FillOptions,
  FillProposal,
  FillRequest,
  ImageGain,
  MixtureRequest,
  ObliqueRequest,
  PlaneRequest,
  SliceOfAxis,
  SliceRequest,
} from "./fill.api.ts";
import type { FillKeeper } from "./fill-keeper.ts";
import { fillPlanes, solveFields } from "./fill-planes.ts";
import { bestWeight, WEIGHTS } from "./image-trial.ts";
import { fieldsByBrick } from "./plane-bricks.ts";
import { largestStack } from "./largest-stack.ts";
import type { SlicePart } from "./slice-plan.ts";

/** How a request is filled: a stack of slices across one axis, in parts that end where bricks do; or planes of several directions. */
export type FillPlan =
  | {
      readonly kind: "stack";
      readonly request: SliceRequest & { readonly axis: 0 | 1 | 2 };
      readonly parts: readonly (Range | undefined)[];
    }
  | { readonly kind: "planes"; readonly request: PlaneRequest }
  /** Parallel planes across no axis. */
  | {
      readonly kind: "oblique";
      readonly request: PlaneRequest;
      readonly stack: ObliqueRequest;
      readonly parts: readonly Range[];
    }
  | {
      readonly kind: "mixture";
      readonly request: PlaneRequest;
      readonly mixture: MixtureRequest;
      readonly beyond: boolean;
    };
type Range = readonly [first: number, end: number];

/** Fills between annotated slices or planes. */
export async function fill(
  crew: Crew,
  labels: KernelLabels,
  request: FillRequest,
  keeper: FillKeeper,
  options: FillOptions,
): Promise<FillProposal> {
  if (request.method === "image") return fillByImage(crew, labels, request, keeper, options);
  const input = { maps: [labels] };
  const plan = await planFill(crew, labels, request, options);
  if (plan.kind === "stack") {
    const shares = plan.parts.map((range) => ({ request: { ...plan.request, ...(range ? { range } : {}) } }));
    return joinChanges(await crew.share("fillSlices", input, shares, options));
  }
  if (plan.kind === "oblique") {
    const shares = plan.parts.map((range) => ({ request: { ...plan.stack, range } }));
    return joinChanges(await crew.share("fillSlices", input, shares, options));
  }
  if (plan.kind === "planes") return fillPlanes(crew, labels, plan.request, keeper, options);
  const { onRough, ...rest } = options;
  if (onRough) await onRough(await fillStackAlone(crew, labels, plan.mixture, phase(rest, 0, 0.1)));
  const [solving, writing] = halves(phase(rest, onRough ? 0.1 : 0, 1));
  const parts = await mixtureParts(crew, labels, plan, keeper, solving);
  return joinChanges(await crew.share("fillSlices", input, parts, writing));
}

/** The fill of a stack as if there were no planes beside it. */
async function fillStackAlone(
  crew: Crew,
  labels: KernelLabels,
  { axis, slices, oblique, stacked, spacingMm, range }: MixtureRequest,
  options: ProgressOptions,
): Promise<FillProposal> {
  const stack = { axis, ...(oblique ? { oblique } : { slices }), segments: stacked, spacingMm };
  const parts = crew.count === 1 ? [range] : slabs(range);
  const shares = parts.map((part) => ({ request: { ...stack, range: part } }));
  return joinChanges(await crew.share("fillSlices", { maps: [labels] }, shares, options));
}

/** What the image counts where none of the planes is left out to try it. Beside a stack shapes are surer. */
const UNTRIED = { mixture: WEIGHTS[0], planes: WEIGHTS[1], oblique: WEIGHTS[1] };

const NO_HELP = "The image puts nothing right on the drawn slices: filled by shape.";

/** What the image counts beside shapes, and what it gains on drawn slices that were left out to find that. */
interface ImageWeight {
  readonly weight: number;
  readonly gains: readonly ImageGain[];
}

/** The image of a request; refuses one without, or of another size. */
function imageOf(labels: KernelLabels, { image }: FillRequest): KernelImage {
  if (!image) throw new VoxelwrightError("argument", "Filling by the image needs an image.");
  if (image.dims.some((size, axis) => size !== labels.dims[axis])) {
    throw new VoxelwrightError("argument", "The image and the labels are not of one size.");
  }
  return image;
}

/** Between slices across an axis as much as helps on the drawn ones, each left out in its turn. */
async function imageWeight(
  crew: Crew,
  input: { readonly maps: readonly [KernelLabels]; readonly image: KernelImage },
  plan: FillPlan,
  options: ProgressOptions,
): Promise<ImageWeight> {
  // Leaving planes out would take a fill of all for each.
  if (plan.kind !== "stack") return { weight: UNTRIED[plan.kind], gains: [] };
  const trials = Array.from({ length: crew.count }, (_, nth) => ({
    request: { ...plan.request, nth, of: crew.count },
  }));
  const tried = (await crew.share("fillImageGains", input, trials, options)).flat().sort((a, b) => a.z - b.z);
  const weight = bestWeight(WEIGHTS.map((_, n) => tried.map((own) => own.gains[n]!)));
  const at = Math.max(
    0,
    WEIGHTS.findIndex((own) => own === weight),
  );
  return { weight, gains: tried.map(({ z, gains }) => ({ z, gain: gains[at]! })) };
}

/** The parts of a fill slice by slice. */
async function sliceParts(
  crew: Crew,
  labels: KernelLabels,
  plan: FillPlan,
  keeper: FillKeeper,
  options: ProgressOptions,
): Promise<{ readonly request: SlicePart }[]> {
  if (plan.kind === "mixture") return mixtureParts(crew, labels, plan, keeper, options);
  if (plan.kind === "planes") return fieldParts(crew, labels, plan.request, keeper, options);
  const stack = plan.kind === "oblique" ? plan.stack : plan.request;
  return plan.parts.map((range) => ({ request: { ...stack, ...(range ? { range } : {}) } }));
}

/** Fills by shape, and moves borders by the image. */
async function fillByImage(
  crew: Crew,
  labels: KernelLabels,
  request: FillRequest,
  keeper: FillKeeper,
  options: ProgressOptions,
): Promise<FillProposal> {
  const image = imageOf(labels, request);
  const plan = await planFill(crew, labels, request, options);
  const [before, writing] = halves(options);
  const { weight, gains } = await imageWeight(crew, { maps: [labels], image }, plan, before);
  const parts = await sliceParts(crew, labels, plan, keeper, before);
  const used = weight > 0;
  const shares = parts.map((part) => ({ request: { ...part.request, ...(used ? { byImage: weight } : {}) } }));
  const input = { maps: [labels], ...(used ? { image } : {}) };
  const filled = joinChanges(await crew.share("fillSlices", input, shares, writing));
  return { ...filled, image: { used, gains }, ...(used ? {} : { note: NO_HELP }) };
}

/** How likely a fill is wrong, added up by slices; `show`: a slice that is wanted voxel by voxel. */
export async function doubtsOfFill(
  crew: Crew,
  labels: KernelLabels,
  request: FillRequest,
  show: SliceOfAxis | undefined,
  keeper: FillKeeper,
  options: ProgressOptions,
): Promise<{ readonly plan: FillPlan; readonly doubts: FillDoubts }> {
  const image = request.method === "image" ? imageOf(labels, request) : undefined;
  const shown = show ? { show } : {};
  const plan = await planFill(crew, labels, request, options);
  // Shapes of a stack are looked at without anything before.
  const atOnce = !image && (plan.kind === "stack" || plan.kind === "oblique");
  const [solving, looking] = atOnce ? [options, options] : halves(options);
  const { weight } = image ? await imageWeight(crew, { maps: [labels], image }, plan, solving) : { weight: 0 };
  if (plan.kind !== "planes" || weight > 0) {
    const parts = await sliceParts(crew, labels, plan, keeper, solving);
    const byImage = weight > 0 ? { byImage: weight } : {};
    const shares = parts.map((part) => ({ request: { ...part.request, ...byImage, ...shown } }));
    const input = { maps: [labels], ...(weight > 0 ? { image: image! } : {}) };
    return { plan, doubts: addDoubts(await crew.share("fillDoubtSlices", input, shares, looking)) };
  }
  const input = { maps: [labels] };
  const { fields } = await solveFields(crew, labels, plan.request, keeper, solving);
  const bricks = fieldsByBrick(fields, labels.dims, request.spacingMm).map(([index]) => index);
  const shares = shareOut(bricks, crew.count).map((part) => ({
    request: { ...plan.request, ...shown, fields, shared: fields.length > 1, bricks: part },
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
  if (drawn && !stack) return planMixture(crew, labels, { ...chosen, drawn }, signal);
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
    return planMixture(crew, labels, { ...chosen, drawn: survey.drawn }, signal);
  }
  const [first, end] = survey.range;
  const range = between ? ([Math.max(first, between[0] + 1), Math.min(end, between[1])] as const) : survey.range;
  const parts = crew.count === 1 ? [range] : slabs(range);
  return { kind: "stack", request: { ...slice, axis: survey.axis }, parts };
}

/** Planes of several directions: around their largest stack where that shows any segment, else all alike. */
async function planMixture(
  crew: Crew,
  labels: KernelLabels,
  request: PlaneRequest,
  signal: AbortSignal | undefined,
): Promise<FillPlan> {
  const largest = largestStack(request.drawn, labels.dims, request.spacingMm);
  if (!largest) return { kind: "planes", request };
  const input = { maps: [labels] };
  const { aligned, others: planes, ...parallel } = largest;
  const { spacingMm, segments: chosen } = request;
  const found = aligned
    ? await crew.run("fillMixture", input, { ...aligned, ...(chosen ? { segments: chosen } : {}) }, { signal })
    : await crew.run("fillObliqueSurvey", input, { ...request, parallel, drawn: planes }, { signal });
  const { stacked, others, range } = found;
  const segments = [...stacked, ...others].sort((a, b) => a - b);
  const stack = { spacingMm, segments, axis: found.axis };
  if (found.oblique && planes.length === 0) {
    const parts = crew.count === 1 ? [range] : slabs(range);
    return { kind: "oblique", request, stack: { ...stack, oblique: found.oblique }, parts };
  }
  if (stacked.length === 0) return { kind: "planes", request };
  return {
    kind: "mixture",
    request,
    mixture: {
      ...stack,
      slices: aligned?.slices ?? [],
      ...(found.oblique ? { oblique: found.oblique } : {}),
      range,
      planes,
      stacked,
    },
    beyond: found.beyond || others.length > 0,
  };
}

/** The parts of a mixture: what the stack is missed by on each plane, and fields for what it does not reach. */
async function mixtureParts(
  crew: Crew,
  labels: KernelLabels,
  { request, mixture, beyond }: FillPlan & { readonly kind: "mixture" },
  keeper: FillKeeper,
  options: ProgressOptions,
): Promise<{ readonly request: SlicePart & { readonly axis: 0 | 1 | 2; readonly range: Range } }[]> {
  const input = { maps: [labels] };
  const [comparing, solving] = halves(options);
  const [sampling, telling] = halves(comparing);
  const { axis, slices, oblique, segments, spacingMm, stacked, planes, range } = mixture;
  const ranges = crew.count === 1 ? [range] : slabs(range);
  const sampled = await crew.share(
    "fillStackSamples",
    input,
    ranges.map((part) => ({ request: { ...mixture, range: part } })),
    sampling,
  );
  const samples = sampled[0]!.map((own, plane) => {
    for (const other of sampled.slice(1)) for (const [n, label] of other[plane]!.entries()) if (label) own[n] = label;
    return own;
  });
  const shares = Array.from({ length: crew.count }, (_, nth) => ({
    request: { ...mixture, samples, nth, of: crew.count },
  }));
  const errors = (await crew.share("fillErrors", input, shares, telling)).flat();
  errors.sort((a, b) => a.plane - b.plane || a.segment - b.segment);
  const { fields } = beyond ? await solveFields(crew, labels, request, keeper, solving) : { fields: [] };
  const whole = reachOf(fields, axis, labels.dims[axis], spacingMm[axis], range);
  const parts = crew.count === 1 ? [whole] : slabs(whole);
  return parts.map((part) => ({
    request: {
      axis,
      ...(oblique ? { oblique } : { slices }),
      segments,
      spacingMm,
      range: part,
      mixture: { planes, stacked, errors, fields },
    },
  }));
}

/** Slices across the coarsest axis with the fields of planes of several directions on them. */
async function fieldParts(
  crew: Crew,
  labels: KernelLabels,
  request: PlaneRequest,
  keeper: FillKeeper,
  options: ProgressOptions,
): Promise<{ readonly request: SlicePart & { readonly axis: 0 | 1 | 2; readonly range: Range } }[]> {
  const { drawn, spacingMm } = request;
  const { fields } = await solveFields(crew, labels, request, keeper, options);
  const axis = ([2, 1, 0] as const).reduce((most, own) => (spacingMm[own] > spacingMm[most] ? own : most));
  const whole = reachOf(fields, axis, labels.dims[axis], spacingMm[axis], [labels.dims[axis], 0]);
  const parts = crew.count === 1 ? [whole] : slabs(whole);
  const segments = fields.map(({ segment }) => segment).sort((a, b) => a - b);
  const mixture = { planes: drawn, stacked: [], errors: [], fields };
  return parts.map((range) => ({ request: { axis, slices: [], segments, spacingMm, range, mixture } }));
}

/** A range of slices, and those that fields reach. */
function reachOf(
  fields: readonly BendingField[],
  axis: 0 | 1 | 2,
  slices: number,
  stepMm: number,
  [first, end]: Range,
): Range {
  const starts = fields.map(({ originMm }) => Math.ceil(originMm[axis] / stepMm));
  const ends = fields.map(
    ({ originMm, nodes, stepMm: step }) => Math.floor((originMm[axis] + (nodes[axis] - 1) * step) / stepMm) + 1,
  );
  return [Math.max(0, Math.min(first, ...starts)), Math.min(slices, Math.max(end, ...ends))];
}

function notBetween(): VoxelwrightError {
  return new VoxelwrightError("argument", "Planes of several directions are filled as a whole.", {
    advice: "Leave `between` out, or name slices across one axis.",
  });
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

/** The progress of two steps. */
function halves(options: ProgressOptions): [ProgressOptions, ProgressOptions] {
  return [phase(options, 0, 0.5), phase(options, 0.5, 1)];
}
