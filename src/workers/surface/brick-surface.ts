import { BRICK_EDGE, brickCoordinates, brickDims, type Dims } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import { memberTable } from "../distance/gather-mask.ts";
import { BoxGatherer } from "../gather.ts";
import { requireRoom } from "../memory-arena.ts";
import { transfer } from "../wire.ts";
import { type BrickSurface, type SurfaceRequest, surfaceReach } from "./surface.api.ts";

const JOB_BYTES = 64;

/** Bytes of a vertex and of a triangle. */
const RECORD_BYTES = 12;

/** Room past the end of what the core reads and writes eight voxels at a time. */
const SLACK_BYTES = 64;

export type SurfaceTask = SurfaceRequest & { readonly bricks: readonly number[] };

/** The surfaces of some bricks, those without any left out. */
export async function brickSurfaces(context: TaskContext, request: SurfaceTask): Promise<BrickSurface[]> {
  const { arena, pacer } = context;
  const gatherer = new BoxGatherer(context);
  const members = memberTable(context, request.segments);
  const steps = requireRoom(arena, context.core.exports.surfaceStepsBytes());
  context.core.exports.surfaceSteps(steps);
  const mark = arena.usedBytes;
  const surfaces: BrickSurface[] = [];
  for (const [n, brick] of request.bricks.entries()) {
    await pacer.pause(n / request.bricks.length, "Making surfaces");
    const surface = brickSurface(context, gatherer, { members, steps }, brick, request.rounds);
    if (surface) surfaces.push(surface);
    arena.rewind(mark);
  }
  return transfer(
    surfaces,
    surfaces.flatMap(({ labels, vertices, triangles }) => [labels.buffer, vertices.buffer, triangles.buffer]),
  );
}

function brickSurface(
  { core, arena, maps }: TaskContext,
  gatherer: BoxGatherer,
  { members, steps }: { readonly members: number; readonly steps: number },
  brick: number,
  rounds: number,
): BrickSurface | undefined {
  const { exports } = core;
  const map = maps![0]!;
  const reach = surfaceReach(rounds);
  const edge = BRICK_EDGE + 2 * reach;
  const voxels = edge ** 3;
  const min = brickCoordinates(brickDims(map.dims), brick).map((at) => at * BRICK_EDGE - reach) as unknown as Dims;
  const labels = requireRoom(arena, voxels * 2 + SLACK_BYTES);
  const box = { min, max: min.map((from) => from + edge) as unknown as Dims };
  if (!gatherer.labels(map, box, labels)) return undefined;
  const cells = requireRoom(arena, voxels * 4 + SLACK_BYTES);
  const count = exports.surfaceCells(labels, edge, cells);
  if (count === 0) return undefined;
  const places = requireRoom(arena, (count + 1) * 4);
  const links = requireRoom(arena, (count + 1) * 28);
  exports.surfaceLinks(labels, edge, cells, places, links);
  let offsets = arena.allocate((count + 1) * 16);
  let other = arena.allocate((count + 1) * 16);
  for (let round = 0; round < rounds; round++) {
    exports.surfaceRelax(count, links, steps, offsets, other);
    [offsets, other] = [other, offsets];
  }
  const corners = arena.allocate((count + 1) * 32);
  const quads = arena.allocate((count + 1) * 48);
  const job = arena.allocate(JOB_BYTES);
  const fields = (): Uint32Array => new Uint32Array(arena.memory.buffer, job, JOB_BYTES / 4);
  fields().set([labels, cells, places, links, offsets, corners, quads, members, 0, 0, edge, reach]);
  const faces = exports.surfaceCount(job);
  if (faces === 0) return undefined;
  const vertices = requireRoom(arena, faces * 4 * RECORD_BYTES);
  const triangles = requireRoom(arena, faces * 2 * RECORD_BYTES);
  fields().set([vertices, triangles], 8);
  exports.surfaceFaces(job);
  const [vertexCount, triangleCount] = fields().subarray(12);
  const words = (at: number, records: number): Uint32Array<ArrayBuffer> =>
    new Uint32Array(arena.memory.buffer, at, records * 3).slice() as Uint32Array<ArrayBuffer>;
  const made = words(vertices, vertexCount!);
  return { brick, labels: labelsOf(made), vertices: made, triangles: words(triangles, triangleCount!) };
}

/** The labels of vertices, ascending. */
function labelsOf(vertices: Uint32Array): Uint16Array<ArrayBuffer> {
  const found = new Set<number>();
  for (let n = 1, last = 0; n < vertices.length; n += 3) {
    const label = vertices[n]! >>> 16;
    if (label !== last) found.add(label);
    last = label;
  }
  return Uint16Array.from(found).sort();
}
