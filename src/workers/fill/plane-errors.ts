import type { TaskContext } from "../crew/task.ts";
import type { SpacingMm } from "../kernel-data.ts";
import { transfer } from "../wire.ts";
import type { PlaneErrors } from "./corrections.ts";
import type { MixtureRequest } from "./fill.api.ts";
import { findOccupancy, occupiedSlices } from "./occupancy.ts";
import { drawnPlanes } from "./plane-fill.ts";
import type { PlaneFrame } from "./plane-frame.ts";
import { PlaneLabels, planeDistances, planeShape, voxelOf } from "./plane-shapes.ts";
import { StackSampler } from "./shape-fill.ts";

/** Segments of a mixture of a stack and planes. */
export interface MixtureSegments {
  /** Those that the stack shows on two slices or more. */
  readonly stacked: readonly number[];
  /** The others. */
  readonly others: readonly number[];
  /** Whether a chosen segment is drawn on a plane beyond the first or the last slice of the stack. */
  readonly beyond: boolean;
}

/** Smaller pixel edges up to which errors are told; what is farther from an outline is on its side. As in `fillCorrect`. */
const REACH = 6;
/** Pixels on each side over which errors are smoothed. */
const SMOOTH = 2;

export function surveyMixture(
  context: TaskContext,
  { axis, slices, segments }: Pick<MixtureRequest, "axis" | "slices"> & { readonly segments?: readonly number[] },
): Promise<MixtureSegments> {
  const occupancy = findOccupancy(context, context.maps![0]!, segments).segments;
  const stacked: number[] = [];
  const others: number[] = [];
  for (const [segment, { [axis]: own }] of occupancy) {
    (slices.filter((z) => own[z] === 1).length > 1 ? stacked : others).push(segment);
  }
  const [first, last] = endsOf(slices);
  const beyond = [...occupancy.values()].some((own) => occupiedSlices(own[axis]).some((z) => z < first || z > last));
  return Promise.resolve({ stacked, others, beyond });
}

/** A part of a stack's slices. */
export interface SamplePart extends MixtureRequest {
  readonly range: readonly [first: number, end: number];
}

/** The labels of a stack's fill at the pixels of every further plane, 0 outside of the part's slices. */
export async function sampleStack(context: TaskContext, part: SamplePart): Promise<Uint16Array<ArrayBuffer>[]> {
  const { axis, slices, spacingMm, range } = part;
  const map = context.maps![0]!;
  const frames = drawnPlanes(context, { ...part, drawn: part.planes });
  const samples = frames.map(({ nu, nv }) => new Uint16Array(nu * nv));
  const bySlice = pixelsBySlice(frames, axis, spacingMm, range);
  const drawn = new Set(slices);
  const labels = frames.map((frame) => new PlaneLabels(map, frame, spacingMm));
  const chosen = new Set(part.stacked);
  const sampler = new StackSampler(context, { axis, slices, spacingMm, segments: part.stacked });
  await sampler.run(range, (z, labelAt) => {
    for (const { plane, u, v } of bySlice.get(z) ?? []) {
      const { nu } = frames[plane]!;
      const at = (other: 0 | 1 | 2): number => voxelOf(frames[plane]!, spacingMm, other, u, v);
      samples[plane]![v * nu + u] = labelAt([at(0), at(1), at(2)]);
    }
  });
  for (const z of drawn) {
    for (const { plane, u, v } of bySlice.get(z) ?? []) {
      const n = v * frames[plane]!.nu + u;
      const label = labels[plane]!.pixels[n]!;
      samples[plane]![n] = chosen.has(label) ? label : 0;
    }
  }
  return transfer(
    samples,
    samples.map(({ buffer }) => buffer),
  );
}

interface PlanePixel {
  readonly plane: number;
  readonly u: number;
  readonly v: number;
}

function pixelsBySlice(
  frames: readonly PlaneFrame[],
  axis: 0 | 1 | 2,
  spacingMm: SpacingMm,
  [first, end]: readonly [number, number],
): Map<number, PlanePixel[]> {
  const found = new Map<number, PlanePixel[]>();
  for (const [plane, frame] of frames.entries()) {
    for (let v = 0; v < frame.nv; v++) {
      for (let u = 0; u < frame.nu; u++) {
        const z = voxelOf(frame, spacingMm, axis, u, v);
        if (z < first || z >= end) continue;
        const own = found.get(z);
        if (own) own.push({ plane, u, v });
        else found.set(z, [{ plane, u, v }]);
      }
    }
  }
  return found;
}

/** The errors of every `of`-th segment from the `nth` on; `samples` of `sampleStack`, all parts together. */
export interface ErrorsPart extends MixtureRequest {
  readonly samples: readonly Uint16Array<ArrayBuffer>[];
  readonly nth: number;
  readonly of: number;
}

export async function findErrors(context: TaskContext, part: ErrorsPart): Promise<PlaneErrors[]> {
  const { axis, slices, spacingMm, stacked, samples } = part;
  const map = context.maps![0]!;
  const frames = drawnPlanes(context, { ...part, drawn: part.planes });
  const [first, last] = endsOf(slices);
  const edge = Math.min(...spacingMm.filter((_, other) => other !== axis));
  const found: PlaneErrors[] = [];
  const all = stacked.length > 1 ? [0, ...stacked] : stacked;
  for (const [plane, frame] of frames.entries()) {
    const { pixels } = new PlaneLabels(map, frame, spacingMm);
    for (let v = 0, n = 0; v < frame.nv; v++) {
      for (let u = 0; u < frame.nu; u++, n++) {
        const z = voxelOf(frame, spacingMm, axis, u, v);
        if (z < first || z > last) pixels[n] = 0;
      }
    }
    for (const [n, segment] of all.entries()) {
      if (n % part.of !== part.nth) continue;
      await context.pacer.pause((plane + n / all.length) / frames.length, "Comparing planes");
      const chosen = new Set(segment === 0 ? stacked : [segment]);
      const errors = errorsOn(context, frame, [pixels, samples[plane]!], chosen, edge);
      if (errors) found.push({ segment, plane, ...errors });
    }
  }
  return transfer(
    found,
    found.map(({ values }) => values.buffer),
  );
}

function errorsOn(
  context: TaskContext,
  frame: PlaneFrame,
  [drawn, filled]: readonly [Uint16Array, Uint16Array],
  segments: ReadonlySet<number>,
  edge: number,
): Omit<PlaneErrors, "segment" | "plane"> | undefined {
  const shapes = [planeShape(frame, drawn, segments), planeShape(frame, filled, segments)] as const;
  if (!shapes[0] && !shapes[1]) return undefined;
  const [own, other] = shapes.map((shape) => planeDistances(context, frame, shape).onPlane);
  const cut = (mm: number): number => Math.max(-REACH, Math.min(REACH, mm / edge));
  const { nu, nv } = frame;
  const all = new Float32Array(nu * nv);
  let [u0, v0, u1, v1] = [nu, nv, 0, 0];
  const missed = new Float32Array(nu * nv);
  for (let v = 0, n = 0; v < nv; v++) for (let u = 0; u < nu; u++, n++) missed[n] = cut(own!(u, v)) - cut(other!(u, v));
  for (let v = 0; v < nv; v++) {
    for (let u = 0; u < nu; u++) {
      const error = smoothed(missed, nu, nv, u, v);
      if (error === 0) continue;
      all[v * nu + u] = error;
      [u0, v0] = [Math.min(u0, u), Math.min(v0, v)];
      [u1, v1] = [Math.max(u1, u + 1), Math.max(v1, v + 1)];
    }
  }
  if (u1 === 0) return undefined;
  const values = new Float32Array((u1 - u0) * (v1 - v0));
  for (let v = v0; v < v1; v++) values.set(all.subarray(v * nu + u0, v * nu + u1), (v - v0) * (u1 - u0));
  return { u0, v0, nu: u1 - u0, nv: v1 - v0, values };
}

/** The mean around a pixel, falling off to 0 at three pixels: steps of pixels and of a hand on one plane say nothing beside it. */
function smoothed(values: Float32Array, nu: number, nv: number, u: number, v: number): number {
  let [sum, weights] = [0, 0];
  for (let y = Math.max(0, v - SMOOTH); y <= Math.min(nv - 1, v + SMOOTH); y++) {
    for (let x = Math.max(0, u - SMOOTH); x <= Math.min(nu - 1, u + SMOOTH); x++) {
      const weight = (SMOOTH + 1 - Math.abs(x - u)) * (SMOOTH + 1 - Math.abs(y - v));
      sum += weight * values[y * nu + x]!;
      weights += weight;
    }
  }
  return sum / weights;
}

function endsOf(slices: readonly number[]): [first: number, last: number] {
  return [Math.min(...slices), Math.max(...slices)];
}
