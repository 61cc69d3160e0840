import { BRICK_EDGE, BRICK_VOXELS, brickCoordinates, brickDims, brickIndex, type Dims } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import { BoxGatherer } from "../gather.ts";
import type { SpacingMm } from "../kernel-data.ts";
import { ChangePacker, type PackedChanges } from "../packed-changes.ts";
import type { BendingField } from "./bending-field.ts";
import { DoubtCollector, type FillDoubts } from "./doubts.ts";
import type { PlaneRequest, SliceOfAxis } from "./fill.api.ts";
import { transfer, transferList } from "../wire.ts";
import { drawnPlanes } from "./near-labels.ts";
import { drawnVoxels, type PlaneFrame } from "./plane-frame.ts";

/** Fields in bricks. */
export interface BricksPart extends PlaneRequest {
  /** Those that reach any of the bricks, ascending by segment. */
  readonly fields: readonly BendingField[];
  /** Whether the union of all segments helps to decide. */
  readonly shared: boolean;
  readonly bricks: readonly number[];
  /** A slice whose chances are wanted one by one, where doubts are asked for. */
  readonly show?: SliceOfAxis;
}

/** Less than any distance. */
const LEAST = -1e6;
/** Smaller voxel edges from an outline within which there is doubt. */
const NEAR = 8;
/** Deviation of an outline from where the fields have it: in smaller voxel edges on a drawn plane, and a part of the way from it. */
const OWN = 0.5;
const SPREAD = 0.1;

/** Bricks that fields reach, ascending, and the fields that do. */
export function fieldsByBrick(
  fields: readonly BendingField[],
  dims: Dims,
  spacingMm: SpacingMm,
): (readonly [index: number, fields: readonly BendingField[]])[] {
  const found = new Map<number, BendingField[]>();
  for (const field of fields) {
    const [[i0, i1], [j0, j1], [k0, k1]] = bricksOf(field, dims, spacingMm);
    for (let bk = k0; bk <= k1; bk++) {
      for (let bj = j0; bj <= j1; bj++) {
        for (let bi = i0; bi <= i1; bi++) {
          const index = brickIndex(brickDims(dims), bi, bj, bk);
          const own = found.get(index);
          if (own) own.push(field);
          else found.set(index, [field]);
        }
      }
    }
  }
  return [...found].sort(([a], [b]) => a - b);
}

type Reach = readonly [first: number, last: number];

/** The first and the last brick along each axis that a field reaches. */
function bricksOf({ originMm, nodes, stepMm }: BendingField, dims: Dims, spacingMm: SpacingMm): [Reach, Reach, Reach] {
  const along = (axis: 0 | 1 | 2): Reach => {
    const first = Math.max(0, Math.ceil(originMm[axis] / spacingMm[axis]));
    const last = Math.floor((originMm[axis] + (nodes[axis] - 1) * stepMm) / spacingMm[axis]);
    return [first >> 6, Math.min(dims[axis] - 1, last) >> 6];
  };
  return [along(0), along(1), along(2)];
}

/** Whether voxels of a brick, the first of which is given, are drawn on a plane (`drawnVoxels`). */
export function crosses([a, b, c, d]: PlaneFrame["drawn"], first: Dims): boolean {
  const at = a * first[0] + b * first[1] + c * first[2] + d;
  const along = (part: number): number => part * (BRICK_EDGE - 1);
  const least = at + Math.min(0, along(a)) + Math.min(0, along(b)) + Math.min(0, along(c));
  const most = at + Math.max(0, along(a)) + Math.max(0, along(b)) + Math.max(0, along(c));
  return least <= 1 + ROUNDING && most >= -1 - ROUNDING;
}

const ROUNDING = 1e-6;

/** Bricks of a part, and how many voxels each has got. */
export interface BrickFills {
  readonly changes: PackedChanges;
  readonly voxels: readonly number[];
}

/**
 * The labels that fields propose in bricks: at each voxel the segment with the largest value, where that, or it and the union's
 * together, is above 0; nothing on drawn planes and where there is a label. Holds one brick.
 */
export async function fillBricks(context: TaskContext, part: BricksPart): Promise<BrickFills> {
  const { core, arena, pacer } = context;
  const { exports } = core;
  const map = context.maps![0]!;
  const planes = part.drawn.map((plane) => drawnVoxels(plane, map.dims, part.spacingMm));
  const counts: number[] = [];
  const gatherer = new BoxGatherer(context);
  const packer = new ChangePacker(context);
  const existing = arena.scratch(BRICK_VOXELS * 2);
  const fields = new BrickFields(context, part);
  for (const [n, index] of part.bricks.entries()) {
    await pacer.pause(n / part.bricks.length, "Filling bricks");
    // Between segments that touch, a voxel may be of the union and just not of either.
    fields.evaluate(index, part.shared ? -1.5 * Math.min(...part.spacingMm) : 0);
    const { first, labels, best, union } = fields;
    for (const plane of planes) {
      if (!crosses(plane, first)) continue;
      const [a, b, c, d] = plane;
      exports.fillClearPlane(labels, a, b, c, d + a * first[0] + b * first[1] + c * first[2]);
    }
    const held = gatherer.labelBrick(map, index, existing) ? existing : 0;
    const [ni, nj, nk] = first.map((start, axis) => map.dims[axis]! - start) as [number, number, number];
    const voxels = exports.fillKeepEmpty(labels, best, part.shared ? union : 0, held, ni, nj, nk);
    if (voxels > 0) packer.addLabels(index, labels, voxels);
    counts.push(voxels);
  }
  const changes = packer.finish();
  return transfer({ changes, voxels: counts }, transferList([changes]));
}

/** How likely the fill of fields is wrong in bricks. */
export async function doubtBricks(context: TaskContext, part: BricksPart): Promise<FillDoubts> {
  const { core, arena, pacer } = context;
  const { dims } = context.maps![0]!;
  const edge = Math.min(...part.spacingMm);
  const planes = drawnPlanes(context, part);
  const table = arena.scratch(planes.length * 40);
  const second = arena.scratch(BRICK_VOXELS * 4);
  const chances = arena.scratch(BRICK_VOXELS * 4);
  const jitters = arena.scratch(BRICK_VOXELS * 4);
  const fields = new BrickFields(context, part);
  const collected = new DoubtCollector(dims, part.show);
  for (const [n, index] of part.bricks.entries()) {
    await pacer.pause(n / part.bricks.length, "Looking for doubt in bricks");
    const least = -NEAR * edge;
    fields.evaluate(index, least, second);
    const { first } = fields;
    const words = new Float64Array(arena.memory.buffer, table, planes.length * 5);
    for (const [m, { drawn, halfMm }] of planes.entries()) {
      const [a, b, c, d] = drawn;
      words.set([a, b, c, d + a * first[0] + b * first[1] + c * first[2], halfMm], m * 5);
    }
    for (const [spread, to] of [[SPREAD, chances] as const, [0, jitters] as const]) {
      core.exports.fillBrickDoubts(fields.best, second, least, table, planes.length, OWN * edge, spread, to);
    }
    const found = new Float32Array(arena.memory.buffer, chances, BRICK_VOXELS);
    const jitter = new Float32Array(arena.memory.buffer, jitters, BRICK_VOXELS);
    for (let voxel = 0; voxel < BRICK_VOXELS; voxel++) {
      const chance = found[voxel]!;
      if (chance === 0) continue;
      const [i, j, k] = [first[0] + (voxel & 63), first[1] + ((voxel >> 6) & 63), first[2] + (voxel >> 12)];
      if (i < dims[0] && j < dims[1] && k < dims[2]) collected.add([i, j, k], chance, jitter[voxel]!);
    }
  }
  return collected.finish();
}

/** Fields in the memory of the core, held against one another in one brick at a time. */
class BrickFields {
  /** f32: largest value of a segment, and the union's; u16: the segment. */
  readonly best: number;
  readonly union: number;
  readonly labels: number;
  /** First voxel of the brick in hand. */
  first: Dims = [0, 0, 0];
  readonly #context: TaskContext;
  readonly #part: BricksPart;
  readonly #fields: readonly (BendingField & { readonly at: number })[];
  readonly #row: number;

  constructor(context: TaskContext, part: BricksPart) {
    const { arena } = context;
    this.#context = context;
    this.#part = part;
    this.labels = arena.scratch(BRICK_VOXELS * 2);
    this.best = arena.scratch(BRICK_VOXELS * 4);
    this.union = arena.scratch(BRICK_VOXELS * 4);
    this.#row = arena.scratch(Math.max(...part.fields.map(({ nodes }) => nodes[0]), 0) * 4 + 528);
    this.#fields = part.fields.map((field) => {
      const at = arena.scratch(field.values.byteLength);
      new Float32Array(arena.memory.buffer, at, field.values.length).set(field.values);
      return { ...field, at };
    });
  }

  /** Holds the fields against one another where they are above `least`; `second`: room for the next largest values, or 0. */
  evaluate(index: number, least: number, second = 0): void {
    const { core, maps } = this.#context;
    const { exports } = core;
    const { spacingMm } = this.#part;
    const { dims } = maps![0]!;
    const at = brickCoordinates(brickDims(dims), index);
    const [bi, bj, bk] = at;
    this.first = [bi * BRICK_EDGE, bj * BRICK_EDGE, bk * BRICK_EDGE];
    exports.clearBytes(this.labels, BRICK_VOXELS * 2);
    exports.fillValue(this.best, BRICK_VOXELS, least);
    exports.fillValue(this.union, BRICK_VOXELS, LEAST);
    if (second) exports.fillValue(second, BRICK_VOXELS, least);
    for (const field of this.#fields) {
      if (bricksOf(field, dims, spacingMm).some(([from, last], axis) => at[axis]! < from || at[axis]! > last)) continue;
      const { segment, nodes, originMm, stepMm } = field;
      const place = (axis: 0 | 1 | 2): number => (this.first[axis] * spacingMm[axis] - originMm[axis]) / stepMm;
      const [x, y, z] = [place(0), place(1), place(2)];
      const [dx, dy, dz] = [spacingMm[0] / stepMm, spacingMm[1] / stepMm, spacingMm[2] / stepMm];
      const ofUnion = segment === 0;
      exports.fillEvaluate(
        field.at,
        ...nodes,
        x,
        y,
        z,
        dx,
        dy,
        dz,
        segment,
        ofUnion ? LEAST : least,
        ofUnion ? this.union : this.best,
        ofUnion ? 0 : second,
        this.labels,
        this.#row,
      );
    }
  }
}
