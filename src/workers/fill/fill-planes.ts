import type { ProgressOptions } from "#base";
import { BRICK_EDGE, brickCoordinates, brickDims, type Dims } from "#volume";
import type { Crew } from "../crew/crew.ts";
import { phase } from "../crew/phases.ts";
import { shareOut } from "../crew/share-out.ts";
import { equalArrays } from "../equal-arrays.ts";
import type { KernelLabels } from "../kernel-data.ts";
import { joinChanges } from "../packed-changes.ts";
import { encodedLabels } from "../packed-labels.ts";
import type { BendingField } from "./bending-field.ts";
import type { FillOptions, FillProposal, PlaneRequest } from "./fill.api.ts";
import { type BrickInput, type FilledBrick, FillKeeper, type SolvedField } from "./fill-keeper.ts";
import { crosses, fieldsByBrick } from "./plane-bricks.ts";
import { drawnVoxels } from "./plane-frame.ts";
import { segmentsOf } from "./plane-readings.ts";
import { planesOf, sameShapes } from "./segment-planes.ts";

/** Nodes of a field at most, and of all fields together. */
const MOST_NODES = 200_000;
const ALL_NODES = 4_000_000;
/** Nodes that a field has room for however many there are. */
const LEAST_NODES = 8_000;
/** Of a rough fill: this share of the nodes, and so about as much of the time. */
const ROUGH = 1 / 8;

/** Fields by ascending segment, and how many of them were not known before. */
export interface SolvedFields {
  readonly fields: readonly BendingField[];
  readonly renewed: number;
}

interface Solving {
  /** Of the nodes that a field has room for. */
  readonly share?: number;
  /** Called with the number of fields to be solved, of so many. */
  readonly beforeSolving?: (stale: number, all: number) => Promise<void>;
}

/**
 * The fields of all segments, the union's first where there are several. Those whose shapes are as they were are not solved
 * again.
 */
export async function solveFields(
  crew: Crew,
  labels: KernelLabels,
  request: PlaneRequest,
  keeper: FillKeeper,
  options: ProgressOptions,
  { share = 1, beforeSolving }: Solving = {},
): Promise<SolvedFields> {
  const { drawn, spacingMm } = request;
  const { dims } = labels;
  const input = { maps: [labels] };
  const readings = await crew.run("fillPlanes", input, request, { signal: options.signal });
  const segments = segmentsOf(readings);
  const room = Math.min(MOST_NODES, Math.max(LEAST_NODES, Math.floor(ALL_NODES / segments.length)));
  const mostNodes = Math.floor(room * share);
  const known = keeper.fields(dims, spacingMm);
  const solved = new Map<number, SolvedField>();
  const stale = segments.flatMap((segment) => {
    const shapes = planesOf(segment, drawn, readings, dims, spacingMm);
    const before = known.get(segment);
    if (!before || before.mostNodes !== mostNodes || !sameShapes(before.shapes, shapes)) return [shapes];
    solved.set(segment, before);
    return [];
  });
  await beforeSolving?.(stale.length, segments.length);
  const shares = stale.map((shapes) => ({ request: { shapes, spacingMm, mostNodes }, labelBricks: [] }));
  for (const [n, field] of (await crew.share("fillField", input, shares, options)).entries()) {
    solved.set(field.segment, { shapes: stale[n]!, mostNodes, field });
  }
  keeper.keepFields(dims, spacingMm, solved);
  return { fields: segments.map((segment) => solved.get(segment)!.field), renewed: stale.length };
}

/** Fills between planes of several directions by one field a segment; bricks where nothing has changed are taken as they were. */
export async function fillPlanes(
  crew: Crew,
  labels: KernelLabels,
  request: PlaneRequest,
  keeper: FillKeeper,
  { onRough, ...options }: FillOptions,
): Promise<FillProposal> {
  if (!onRough) return fillByFields(crew, labels, request, keeper, options);
  return fillByFields(crew, labels, request, keeper, phase(options, 0.2, 1), {
    beforeSolving: async (stale, all) => {
      if (stale * 2 <= all) return;
      // What is kept for the next fill is never of a rough one.
      const apart = new FillKeeper();
      const rough = await fillByFields(crew, labels, request, apart, phase(options, 0, 0.2), { share: ROUGH });
      apart.release();
      await onRough(rough);
    },
  });
}

async function fillByFields(
  crew: Crew,
  labels: KernelLabels,
  request: PlaneRequest,
  keeper: FillKeeper,
  options: ProgressOptions,
  solving: Solving = {},
): Promise<FillProposal> {
  const { spacingMm } = request;
  const { dims } = labels;
  const { fields, renewed } = await solveFields(crew, labels, request, keeper, phase(options, 0, 0.8), solving);
  const inputs = brickInputs(labels, request, fields);
  const known = keeper.bricks(dims, spacingMm);
  const filled = new Map<number, FilledBrick>();
  const stale = inputs.filter((input) => {
    const before = known.get(input.index);
    if (!before || !sameInput(before.input, input)) return true;
    filled.set(input.index, before);
    return false;
  });
  const parts = shareOut(stale, crew.count);
  const shares = parts.map((part) => {
    const bricks = part.map(({ index }) => index);
    const reaching = [...new Set(part.flatMap((own) => own.fields))];
    return { request: { ...request, fields: reaching, shared: fields.length > 1, bricks }, labelBricks: bricks };
  });
  for (const [n, { changes, voxels }] of (
    await crew.share("fillBricks", { maps: [labels] }, shares, phase(options, 0.8, 1))
  ).entries()) {
    const bytes = new Map(changes.labels);
    for (const [m, input] of parts[n]!.entries()) {
      filled.set(input.index, { input, bytes: bytes.get(input.index), voxels: voxels[m]! });
    }
  }
  keeper.keepBricks(dims, spacingMm, filled);
  const all = inputs.map(({ index }) => filled.get(index)!);
  const labelled = all.flatMap(({ input, bytes }) => (bytes ? [[input.index, bytes] as const] : []));
  const voxels = all.reduce((sum, own) => sum + own.voxels, 0);
  return {
    ...joinChanges([{ labels: labelled, erased: [], voxels }]),
    renewed: { fields: renewed, ofFields: fields.length, bricks: stale.length, ofBricks: all.length },
  };
}

/** What the fill of each brick that fields reach depends on, ascending. */
function brickInputs(
  labels: KernelLabels,
  { drawn, spacingMm }: PlaneRequest,
  fields: readonly BendingField[],
): BrickInput[] {
  const planes = drawn.map((plane) => drawnVoxels(plane, labels.dims, spacingMm));
  const bricks = brickDims(labels.dims);
  return fieldsByBrick(fields, labels.dims, spacingMm).map(([index, own]) => {
    const [bi, bj, bk] = brickCoordinates(bricks, index);
    const first: Dims = [bi * BRICK_EDGE, bj * BRICK_EDGE, bk * BRICK_EDGE];
    return {
      index,
      fields: own,
      shared: fields.length > 1,
      planes: planes.filter((plane) => crosses(plane, first)),
      // A copy: whoever holds the labels may reuse theirs.
      existing: encodedLabels(labels, index)?.slice(),
    };
  });
}

function sameInput(a: BrickInput, b: BrickInput): boolean {
  return (
    a.shared === b.shared &&
    a.fields.length === b.fields.length &&
    a.fields.every((field, n) => field === b.fields[n]) &&
    equalArrays(a.planes.flat(), b.planes.flat()) &&
    equalArrays(a.existing, b.existing)
  );
}
