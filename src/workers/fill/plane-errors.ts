import type { TaskContext } from "../crew/task.ts";
import type { SpacingMm } from "../kernel-data.ts";
import { transfer } from "../wire.ts";
import { ERROR_REACH, type PlaneErrors } from "./corrections.ts";
import type { MixtureRequest } from "./fill.api.ts";
import { drawnPlanes } from "./near-labels.ts";
import { halvesOf, type PlaneFrame } from "./plane-frame.ts";
import { runsBySegment } from "./plane-readings.ts";
import { PlaneDistances, PlaneLabels, voxelOf } from "./plane-shapes.ts";
import { StackSampler } from "./slice-tasks.ts";
import { depthAt, depthsOf, type StackDepths } from "./stack-depths.ts";

/** Pixels on each side over which errors are smoothed. */
const SMOOTH = 2;

/** The labels of a stack's fill at the pixels of every further plane, 0 outside of the slices of the request. */
export async function sampleStack(context: TaskContext, part: MixtureRequest): Promise<Uint16Array<ArrayBuffer>[]> {
  const { axis, slices, oblique, spacingMm, range } = part;
  const map = context.maps![0]!;
  const frames = drawnPlanes(context, { ...part, drawn: part.planes });
  const samples = frames.map(({ nu, nv }) => new Uint16Array(nu * nv));
  const bySlice = pixelsBySlice(frames, axis, spacingMm, range);
  const labels = frames.map((frame) => new PlaneLabels(map, frame, spacingMm));
  const chosen = new Set(part.stacked);
  const stack = { axis, spacingMm, segments: part.stacked, ...(oblique ? { oblique } : { slices }) };
  await new StackSampler(context, stack).run(range, (z, labelAt) => {
    for (const { plane, u, v } of bySlice.get(z) ?? []) {
      samples[plane]![v * frames[plane]!.nu + u] = labelAt(voxelAt(frames[plane]!, spacingMm, u, v));
    }
  });
  const isDrawn = drawnBy(context, part);
  for (const [z, pixels] of bySlice) {
    for (const { plane, u, v } of pixels) {
      if (!isDrawn(z, voxelAt(frames[plane]!, spacingMm, u, v))) continue;
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

/** Whether a voxel on slice z is drawn on a plane of the stack itself, not beyond the first and the last of them. */
function drawnBy(
  context: TaskContext,
  { axis, slices, oblique, spacingMm, segments }: MixtureRequest,
): (z: number, ijk: IndexIjk) => boolean {
  if (!oblique) {
    const drawn = new Set(slices);
    return (z) => drawn.has(z);
  }
  const planes = drawnPlanes(context, { spacingMm, segments, drawn: oblique.planes });
  const stack = depthsOf({ axis, slices, oblique }, spacingMm);
  return (_, ijk) => {
    const at = millimetres(ijk, spacingMm);
    return !isBeyond(stack, at) && planes.some((plane) => Math.abs(halvesOf(plane, spacingMm, at)) <= 1);
  };
}

function isBeyond(stack: StackDepths, at: IndexIjk): boolean {
  const depthMm = depthAt(stack, at);
  return depthMm < stack.depthsMm[0]! || depthMm > stack.depthsMm.at(-1)!;
}

type IndexIjk = readonly [number, number, number];

function voxelAt(frame: PlaneFrame, spacingMm: SpacingMm, u: number, v: number): IndexIjk {
  return [voxelOf(frame, spacingMm, 0, u, v), voxelOf(frame, spacingMm, 1, u, v), voxelOf(frame, spacingMm, 2, u, v)];
}

function millimetres(ijk: IndexIjk, spacingMm: SpacingMm): IndexIjk {
  return [ijk[0] * spacingMm[0], ijk[1] * spacingMm[1], ijk[2] * spacingMm[2]];
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
  const { spacingMm, stacked, samples } = part;
  const map = context.maps![0]!;
  const frames = drawnPlanes(context, { ...part, drawn: part.planes });
  const stack = depthsOf(part, spacingMm);
  const found: PlaneErrors[] = [];
  const all = stacked.length > 1 ? [0, ...stacked] : stacked;
  const chosen = new Set(stacked);
  for (const [plane, frame] of frames.entries()) {
    const { pixels } = new PlaneLabels(map, frame, spacingMm);
    for (let v = 0, n = 0; v < frame.nv; v++) {
      for (let u = 0; u < frame.nu; u++, n++) {
        if (isBeyond(stack, millimetres(voxelAt(frame, spacingMm, u, v), spacingMm))) pixels[n] = 0;
      }
    }
    const [drawn, filled] = [pixels, samples[plane]!].map((own) => runsBySegment(frame, own, chosen));
    for (const [n, segment] of all.entries()) {
      if (n % part.of !== part.nth) continue;
      await context.pacer.pause((plane + n / all.length) / frames.length, "Comparing planes");
      const errors = errorsOn(context, frame, [drawn!.get(segment), filled!.get(segment)], stack);
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
  shapes: readonly [drawn: Int32Array | undefined, filled: Int32Array | undefined],
  { edgeMm, finer }: StackDepths,
): Omit<PlaneErrors, "segment" | "plane"> | undefined {
  const reach = ERROR_REACH * finer;
  // Beyond what errors reach and smoothing spreads both are as far outside.
  const pad = (size: number): number => Math.ceil((reach * edgeMm) / size) + 1 + 2 * SMOOTH;
  const box = boxOfRuns(shapes, frame, pad(frame.su), pad(frame.sv));
  if (!box) return undefined;
  const [own, other] = shapes.map((runs) => new PlaneDistances(context, box, runs));
  const cut = (mm: number): number => Math.max(-reach, Math.min(reach, mm / edgeMm));
  const { nu, nv } = box;
  const missed = new Float32Array(nu * nv);
  for (let v = 0, n = 0; v < nv; v++) {
    for (let u = 0; u < nu; u++, n++) missed[n] = cut(own!.onPlane(u, v)) - cut(other!.onPlane(u, v));
  }
  const all = new Float32Array(nu * nv);
  let [u0, v0, u1, v1] = [nu, nv, 0, 0];
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
  return { u0: box.u0 - frame.u0 + u0, v0: box.v0 - frame.v0 + v0, nu: u1 - u0, nv: v1 - v0, values };
}

/** The part of a frame around shapes, for pixels alone: its places are those of the whole. Undefined where there are none. */
function boxOfRuns(
  shapes: readonly (Int32Array | undefined)[],
  frame: PlaneFrame,
  padU: number,
  padV: number,
): PlaneFrame | undefined {
  let [u0, v0, u1, v1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const runs of shapes) {
    if (!runs) continue;
    [v0, v1] = [Math.min(v0, runs[0]!), Math.max(v1, runs.at(-3)! + 1)];
    for (let run = 0; run < runs.length; run += 3) {
      u0 = Math.min(u0, runs[run + 1]!);
      u1 = Math.max(u1, runs[run + 2]!);
    }
  }
  if (u1 < u0) return undefined;
  [u0, v0] = [Math.max(frame.u0, u0 - padU), Math.max(frame.v0, v0 - padV)];
  [u1, v1] = [Math.min(frame.u0 + frame.nu, u1 + padU), Math.min(frame.v0 + frame.nv, v1 + padV)];
  return { ...frame, u0, v0, nu: u1 - u0, nv: v1 - v0 };
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
