import type { Dims } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import type { SpacingMm } from "../kernel-data.ts";
import { transfer } from "../wire.ts";
import type { PlaneFrame } from "./plane-frame.ts";
import { marginMm, type SegmentPlanes } from "./segment-planes.ts";
import { PlaneDistances, voxelOf } from "./plane-shapes.ts";

/** A segment's field on a grid of nodes, in millimetres, above 0 inside. */
export interface BendingField {
  /** 0 for the union of all. */
  readonly segment: number;
  /** Nodes along x (a multiple of 4), y and z. */
  readonly nodes: Dims;
  /** Of node 0, 0, 0, along the index axes from voxel 0, 0, 0; and from node to node. */
  readonly originMm: readonly [number, number, number];
  readonly stepMm: number;
  readonly values: Float32Array<ArrayBuffer>;
}

/** How much a miss weighs against bending: a sample is met to a small part of a node's step. */
const WEIGHT = 16;
/** Conjugate gradients on every level, the coarse ones first; they take what the level before could not show. */
const STEPS = 24;
/**
 * Voxels from every outline beyond which a sample says which side it is on rather than how far it is; fewer for a segment that is
 * nowhere so deep.
 */
const FAR = 4;
/** Nodes times steps between two looks at events: some milliseconds. */
const STEPS_A_PAUSE = 400_000;
/** Nodes along the longest side of the coarsest grid. */
const COARSEST = 6;

/** A segment whose field is asked for. */
export interface FieldPart {
  readonly shapes: SegmentPlanes;
  readonly spacingMm: SpacingMm;
  /** Nodes at most. */
  readonly mostNodes: number;
}

/**
 * The field that bends least and passes through a segment's signed distances on all its planes: solved on grids of ever finer steps
 * down to one with at most `mostNodes`, or the voxels' own step. Reads no labels.
 */
export async function bendField(
  context: TaskContext,
  { shapes, spacingMm, mostNodes }: FieldPart,
): Promise<BendingField> {
  const { core, arena, pacer } = context;
  const { segment, minMm, maxMm } = shapes;
  const finest = Math.min(...spacingMm);
  const margin = marginMm(minMm, maxMm, spacingMm);
  const extent = maxMm.map((end, axis) => end - minMm[axis]! + 2 * margin);
  const volume = extent.reduce((product, length) => product * length, 1);
  const aim = Math.max(finest, Math.cbrt(volume / mostNodes));
  const levels = Math.max(0, Math.floor(Math.log2(Math.max(...extent) / aim / COARSEST)));
  const coarse = extent.map((length) => Math.max(2, Math.ceil(length / (aim * 2 ** levels))));
  const nodesAt = (level: number): Dims => {
    // Multiples of 4 along all axes, so that the grid does not depend on which of them is stored first.
    const [x, y, z] = coarse.map((cells) => Math.ceil((cells * 2 ** level + 1) / 4) * 4) as [number, number, number];
    return [x, y, z];
  };
  const originMm = minMm.map((start) => start - margin) as [number, number, number];
  const used = arena.usedBytes;
  const samples = planeSamples(context, shapes, spacingMm, originMm, extent, aim);
  // What is thin ends half-way to a plane that it is not on, as what is thick does.
  let deepest = 0;
  for (let n = 3; n < samples.length; n += 4) deepest = Math.max(deepest, samples[n]!);
  const farMm = Math.min(FAR * finest, Math.max(deepest, finest));
  const most = nodesAt(levels).reduce((product, count) => product * count, 1);
  const [here, finer, sides, diagonal] = Array.from({ length: 4 }, () => arena.scratch(most * 4 + 64)) as [
    number,
    number,
    number,
    number,
  ];
  const scratch = arena.scratch(core.exports.fillBendScratch(nodesAt(levels)[0], most));
  const samplesAt = arena.scratch((samples.length / 4) * core.exports.fillSampleBytes() + 64);
  const what = segment === 0 ? "Bending a field for all segments" : `Bending a field for segment ${segment}`;
  let [from, to] = [here, finer];
  for (let level = 0; level <= levels; level++) {
    const nodes = nodesAt(level);
    const count = nodes[0] * nodes[1] * nodes[2];
    const stepMm = aim * 2 ** (levels - level);
    if (level === 0) core.exports.fillValue(from, count, 0);
    else {
      core.exports.fillBendRefine(from, ...nodesAt(level - 1), to, ...nodes);
      [from, to] = [to, from];
    }
    const held = level === 0 ? undefined : new Float32Array(arena.memory.buffer, from, count);
    const written = writeSamples(arena.memory.buffer, samplesAt, samples, nodes, stepMm, farMm, held);
    core.exports.fillBendStart(count, sides, diagonal);
    core.exports.fillBendSamples(samplesAt, written, nodes[0], nodes[1], WEIGHT, sides, diagonal);
    const { exports } = core;
    const pause = Math.max(1, Math.floor(STEPS_A_PAUSE / count));
    for (let done = 0; done < STEPS; done += pause) {
      await pacer.pause((level + done / STEPS) / (levels + 1), what);
      const [fresh, steps] = [done === 0 ? 1 : 0, Math.min(pause, STEPS - done)];
      exports.fillBendSolve(from, ...nodes, samplesAt, written, WEIGHT, sides, diagonal, scratch, fresh, steps);
    }
  }
  const nodes = nodesAt(levels);
  const values = new Float32Array(arena.memory.buffer, from, nodes[0] * nodes[1] * nodes[2]).slice();
  arena.rewind(used);
  return transfer({ segment, nodes, originMm, stepMm: aim, values }, [values.buffer]);
}

/**
 * Places (x, y, z from the grid's first node) and signed distances of samples on all planes, about one a step each way. The distance
 * is that to the nearest outline on any plane, so that planes agree where they cross: an outline at distance s on a plane that is d
 * away is √(s² + d²) away.
 */
function planeSamples(
  context: TaskContext,
  { planes }: SegmentPlanes,
  spacingMm: SpacingMm,
  originMm: readonly number[],
  extent: readonly number[],
  stepMm: number,
): Float32Array {
  const { dims } = context.maps![0]!;
  const distances = planes.map(({ frame, runs }) => new PlaneDistances(context, frame, runs));
  const steps = planes.map(({ frame: { su, sv } }) => [
    Math.max(1, Math.floor(stepMm / su)),
    Math.max(1, Math.floor(stepMm / sv)),
  ]) as [number, number][];
  const most = planes.reduce(
    (sum, { frame: { nu, nv } }, n) => sum + Math.ceil(nu / steps[n]![0]) * Math.ceil(nv / steps[n]![1]),
    0,
  );
  const found = new Float32Array(most * 4);
  let at = 0;
  for (const [n, { frame }] of planes.entries()) {
    const { origin, stepU, stepV, nu, nv } = frame;
    const [byU, byV] = steps[n]!;
    for (let v = 0; v < nv; v += byV) {
      for (let u = 0; u < nu; u += byU) {
        const x = origin[0] + u * stepU[0] + v * stepV[0];
        const y = origin[1] + u * stepU[1] + v * stepV[1];
        const z = origin[2] + u * stepU[2] + v * stepV[2];
        const [gx, gy, gz] = [x - originMm[0]!, y - originMm[1]!, z - originMm[2]!];
        if (gx < 0 || gy < 0 || gz < 0 || gx >= extent[0]! || gy >= extent[1]! || gz >= extent[2]!) continue;
        if (!isInside(frame, spacingMm, dims, u, v)) continue;
        const own = distances[n]!.onPlane(u, v);
        let least = Math.abs(own);
        for (let m = 0; m < distances.length; m++) if (m !== n) least = distances[m]!.nearer(least, x, y, z);
        found[at] = gx;
        found[at + 1] = gy;
        found[at + 2] = gz;
        found[at + 3] = own < 0 ? -least : least;
        at += 4;
      }
    }
  }
  return found.subarray(0, at);
}

function isInside(frame: PlaneFrame, spacingMm: SpacingMm, dims: Dims, u: number, v: number): boolean {
  for (const axis of AXES) {
    const index = voxelOf(frame, spacingMm, axis, u, v);
    if (index < 0 || index >= dims[axis]) return false;
  }
  return true;
}

const AXES = [0, 1, 2] as const;

/**
 * Writes samples as records of `fillBendSamples`; returns how many. On the coarsest grid all count as they are. Then one far from
 * every outline says on which side it is and that it is far: the surface may come nearer to it off the planes. It is left out where
 * the field so far (`held`, on this grid) agrees.
 */
function writeSamples(
  buffer: ArrayBufferLike,
  to: number,
  samples: Float32Array,
  nodes: Dims,
  stepMm: number,
  farMm: number,
  held: Float32Array | undefined,
): number {
  const words = new Int32Array(buffer, to, (samples.length / 4) * 5);
  const reals = new Float32Array(buffer, to, words.length);
  const [nx, ny, nz] = nodes;
  let at = 0;
  for (let n = 0; n < samples.length; n += 4) {
    const [px, py, pz] = [samples[n]! / stepMm, samples[n + 1]! / stepMm, samples[n + 2]! / stepMm];
    const [x, y, z] = [Math.floor(px), Math.floor(py), Math.floor(pz)];
    if (x + 1 >= nx || y + 1 >= ny || z + 1 >= nz) continue;
    const node = (z * ny + y) * nx + x;
    const value = samples[n + 3]!;
    if (
      Math.abs(value) > farMm &&
      held &&
      valueAt(held, node, nodes, px - x, py - y, pz - z) * Math.sign(value) > farMm
    )
      continue;
    words[at] = node;
    reals[at + 1] = px - x;
    reals[at + 2] = py - y;
    reals[at + 3] = pz - z;
    reals[at + 4] = held ? Math.max(-farMm, Math.min(farMm, value)) : value;
    at += 5;
  }
  return at / 5;
}

function valueAt(held: Float32Array, node: number, [nx, ny]: Dims, x: number, y: number, z: number): number {
  const alongX = (at: number): number => held[at]! + x * (held[at + 1]! - held[at]!);
  const alongY = (at: number): number => alongX(at) + y * (alongX(at + nx) - alongX(at));
  return alongY(node) + z * (alongY(node + nx * ny) - alongY(node));
}
