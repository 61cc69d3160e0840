import { VoxelwrightError } from "#base";
import { BRICK_EDGE, BRICK_VOXELS, brickCoordinates, brickDims, brickIndex, type Dims, type IndexBox } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import { BoxGatherer } from "../gather.ts";
import type { SpacingMm } from "../kernel-data.ts";
import { ChangePacker, type PackedChanges } from "../packed-changes.ts";
import { transfer } from "../wire.ts";
import { type BendingField, bendingField, type SegmentPlanes } from "./bending-field.ts";
import type { PlaneRequest } from "./fill.api.ts";
import { findOccupancy, occupiedSlices } from "./occupancy.ts";
import { type PlaneFrame, planeFrame } from "./plane-frame.ts";
import { PlaneLabels } from "./plane-shapes.ts";

/** Solves every `of`-th segment's field from the `nth` on. */
export interface FieldsPart extends PlaneRequest {
  readonly nth: number;
  readonly of: number;
}

/** Nodes of a field at most, and of all fields together. */
const MOST_NODES = 200_000;
const ALL_NODES = 4_000_000;
/** Nodes that a field has room for however many there are. */
const LEAST_NODES = 8_000;

/** The fields of a part, the union of all segments among them where there are several. */
export async function bendFields(context: TaskContext, part: FieldsPart): Promise<BendingField[]> {
  const labels = context.maps![0]!;
  const planes = drawnPlanes(context, part).map((frame) => new PlaneLabels(labels, frame, part.spacingMm));
  const drawn = new Set(planes.flatMap((plane) => [...plane.segments()]));
  const segments = [...drawn].filter((segment) => part.segments?.includes(segment) ?? true).sort((a, b) => a - b);
  if (segments.length === 0) {
    throw new VoxelwrightError("argument", "There is nothing to fill: no chosen segment is drawn on the given planes.");
  }
  const all = segments.length > 1 ? [0, ...segments] : segments;
  const mostNodes = Math.min(MOST_NODES, Math.max(LEAST_NODES, Math.floor(ALL_NODES / all.length)));
  const fields: BendingField[] = [];
  for (const [n, segment] of all.entries()) {
    if (n % part.of !== part.nth) continue;
    const chosen = new Set(segment === 0 ? segments : [segment]);
    const shapes: SegmentPlanes = {
      segment,
      planes: planes.map((plane) => ({ labels: plane, shape: plane.shape(chosen) })),
    };
    const field = await bendingField(context, shapes, part.spacingMm, mostNodes);
    if (field) fields.push(field);
  }
  return transfer(
    fields,
    fields.map(({ values }) => values.buffer),
  );
}

/** Frames of the planes that come near the labels. Throws `argument` where there are no labels, or planes that are none. */
function drawnPlanes(context: TaskContext, { drawn, segments, spacingMm }: PlaneRequest): PlaneFrame[] {
  const { dims } = context.maps![0]!;
  const { segments: found } = findOccupancy(context, context.maps![0]!, segments);
  if (found.size === 0) throw new VoxelwrightError("argument", "There is nothing to fill: no chosen segment is drawn.");
  const ends = ([0, 1, 2] as const).map((axis) => {
    const slices = [...found.values()].flatMap((occupancy) => occupiedSlices(occupancy[axis]));
    return [Math.max(0, Math.min(...slices) - PAD), Math.min(dims[axis], Math.max(...slices) + 1 + PAD)] as const;
  });
  const box: IndexBox = {
    min: ends.map(([min]) => min) as unknown as Dims,
    max: ends.map(([, max]) => max) as unknown as Dims,
  };
  return drawn.flatMap((plane) => planeFrame(plane, dims, spacingMm, box) ?? []);
}

/** Voxels around the labels in which planes say that nothing is there. */
const PAD = 12;

/** Fields in bricks. */
export interface BricksPart extends PlaneRequest {
  readonly fields: readonly BendingField[];
  readonly bricks: readonly number[];
}

/** Bricks that fields reach, ascending. */
export function bricksOf(fields: readonly BendingField[], dims: Dims, spacingMm: SpacingMm): number[] {
  const found = new Set<number>();
  for (const { originMm, nodes, stepMm } of fields) {
    const ends = ([0, 1, 2] as const).map((axis) => {
      const low = Math.max(0, Math.ceil(originMm[axis] / spacingMm[axis]));
      const last = Math.floor((originMm[axis] + (nodes[axis] - 1) * stepMm) / spacingMm[axis]);
      return [low >> 6, Math.min(dims[axis] - 1, last) >> 6] as const;
    });
    const [[i0, i1], [j0, j1], [k0, k1]] = ends as [(typeof ends)[0], (typeof ends)[0], (typeof ends)[0]];
    for (let bk = k0; bk <= k1; bk++) {
      for (let bj = j0; bj <= j1; bj++) {
        for (let bi = i0; bi <= i1; bi++) found.add(brickIndex(brickDims(dims), bi, bj, bk));
      }
    }
  }
  return [...found].sort((a, b) => a - b);
}

/**
 * The labels that fields propose in bricks: at each voxel the segment with the largest value, where that, or it and the union's
 * together, is above 0; nothing on drawn planes and where there is a label. Holds one brick.
 */
export async function fillBricks(context: TaskContext, part: BricksPart): Promise<PackedChanges> {
  const { core, arena, pacer } = context;
  const { exports } = core;
  const map = context.maps![0]!;
  const { dims } = map;
  const planes = drawnPlanes(context, part);
  const gatherer = new BoxGatherer(context);
  const packer = new ChangePacker(context);
  const existing = arena.scratch(BRICK_VOXELS * 2);
  const labels = arena.scratch(BRICK_VOXELS * 2);
  const best = arena.scratch(BRICK_VOXELS * 4);
  const union = arena.scratch(BRICK_VOXELS * 4);
  const row = arena.scratch(Math.max(...part.fields.map(({ nodes }) => nodes[0])) * 4 + 16);
  const fields = part.fields.map((field) => {
    const at = arena.scratch(field.values.byteLength);
    new Float32Array(arena.memory.buffer, at, field.values.length).set(field.values);
    return { ...field, at };
  });
  const shared = fields.some(({ segment }) => segment === 0);
  // Between segments that touch, a voxel may be of the union and just not of either.
  const least = shared ? -1.5 * Math.min(...part.spacingMm) : 0;
  for (const [n, index] of part.bricks.entries()) {
    await pacer.pause(n / part.bricks.length, "Filling bricks");
    const first = brickCoordinates(brickDims(dims), index).map((b) => b * BRICK_EDGE) as [number, number, number];
    new Uint16Array(arena.memory.buffer, labels, BRICK_VOXELS).fill(0);
    exports.fillValue(best, BRICK_VOXELS, least);
    exports.fillValue(union, BRICK_VOXELS, LEAST);
    for (const { segment, nodes, originMm, stepMm, at } of fields) {
      const place = ([0, 1, 2] as const).map((axis) => (first[axis] * part.spacingMm[axis] - originMm[axis]) / stepMm);
      const [x, y, z] = place as [number, number, number];
      const [dx, dy, dz] = part.spacingMm.map((size) => size / stepMm) as [number, number, number];
      const [to, from] = segment === 0 ? [union, LEAST] : [best, least];
      exports.fillEvaluate(at, ...nodes, x, y, z, dx, dy, dz, segment, from, to, labels, row);
    }
    for (const { drawn } of planes) {
      const [a, b, c, d] = drawn;
      exports.fillClearPlane(labels, a, b, c, d + a * first[0] + b * first[1] + c * first[2]);
    }
    const held = gatherer.labelBrick(map, index, existing) ? existing : 0;
    const [ni, nj, nk] = first.map((start, axis) => dims[axis]! - start) as [number, number, number];
    const voxels = exports.fillKeepEmpty(labels, best, shared ? union : 0, held, ni, nj, nk);
    if (voxels > 0) packer.addLabels(index, labels, voxels);
  }
  return packer.finish();
}

/** Less than any distance. */
const LEAST = -1e6;
