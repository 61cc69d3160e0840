import { brickCoordinates, brickDims, brickExtent, type Dims } from "#volume";
import { BrickRuns } from "../brick-runs.ts";
import type { TaskContext } from "../crew/task.ts";
import type { SpacingMm } from "../kernel-data.ts";
import { restingBytes } from "../resting-bytes.ts";
import { type BitGrid, gridBytes, layGrid, laySurface, PAGE_BYTES } from "./bit-grid.ts";
import { summarise, type SurfaceSummary } from "./distance-summary.ts";
import type { BrickBlocks } from "./occupancy.ts";
import { SurfaceDistances } from "./surface-distances.ts";

/** Bits of several segments are read together, so that a brick is read once for all, up to this many bytes. */
const GROUP_BYTES = 24 * 2 ** 20;
const LABELS = 65_536;

/** One segment to compare: where it lies in each map. */
export interface SegmentWork {
  readonly segment: number;
  readonly bricks: readonly [a: readonly BrickBlocks[], b: readonly BrickBlocks[]];
}

export interface SegmentsRequest {
  readonly segments: readonly SegmentWork[];
  readonly spacingMm: SpacingMm;
  readonly toleranceMm: number;
}

/** Counts and distances of one segment. */
export interface SegmentAgreement {
  readonly segment: number;
  readonly common: number;
  readonly surfaceVoxels: readonly [a: number, b: number];
  /** Undefined where the segment is in one map only. */
  readonly distances: SurfaceSummary | undefined;
}

/**
 * Compares segments, in the order of the request. Memory: bits of the segments in hand and of their surfaces in pages of 64×8×8
 * voxels, 24 MiB of them or one segment, and the distances of one segment.
 */
export async function compareSegments(
  context: TaskContext,
  { segments, spacingMm, toleranceMm }: SegmentsRequest,
): Promise<SegmentAgreement[]> {
  const { arena } = context;
  const reader = new SegmentReader(context);
  const distances = new SurfaceDistances(context, spacingMm);
  const agreements: SegmentAgreement[] = [];
  const mark = arena.usedBytes;
  for (const group of groupsOf(segments, brickDims(context.maps![0]!.dims))) {
    const grids = await reader.read(group, agreements.length / segments.length);
    for (const [n, { segment }] of group.entries()) {
      const [a, b] = grids[n]!;
      const end = arena.usedBytes;
      const surfaces = [reader.surface(a), reader.surface(b)] as const;
      const surfaceVoxels = [surfaces[0]?.voxels ?? 0, surfaces[1]?.voxels ?? 0] as const;
      agreements.push({
        segment,
        common: a && b ? context.core.exports.gridCommon(a.at, b.at) : 0,
        surfaceVoxels,
        distances:
          surfaces[0] && surfaces[1]
            ? await bothWays(context, distances, [surfaces[0], surfaces[1]], reader.empty, toleranceMm)
            : undefined,
      });
      arena.rewind(end);
    }
    arena.rewind(mark);
  }
  return agreements;
}

interface Surface {
  readonly grid: BitGrid;
  readonly voxels: number;
}

async function bothWays(
  context: TaskContext,
  distances: SurfaceDistances,
  [a, b]: readonly [Surface, Surface],
  empty: number,
  toleranceMm: number,
): Promise<SurfaceSummary> {
  const to = context.arena.scratch((a.voxels + b.voxels) * 8);
  await distances.measure(a.grid, a.voxels, b.grid, empty, to);
  await distances.measure(b.grid, b.voxels, a.grid, empty, to + a.voxels * 8);
  return summarise(context, to, a.voxels, b.voxels, toleranceMm);
}

/** Reads segments as bits. */
class SegmentReader {
  /** Address of a page of zeros. */
  readonly empty: number;
  readonly #context: TaskContext;
  readonly #runs: BrickRuns;
  readonly #gridOf: number;
  readonly #endAt: number;
  readonly #bricks: Dims;
  readonly #maps: readonly ((brickIndex: number) => Uint8Array | undefined)[];

  constructor(context: TaskContext) {
    const { arena, maps } = context;
    this.#context = context;
    this.#runs = new BrickRuns(context);
    this.#gridOf = arena.scratch(LABELS * 4);
    this.#endAt = arena.scratch(4);
    this.empty = arena.allocate(PAGE_BYTES);
    this.#bricks = brickDims(maps![0]!.dims);
    this.#maps = maps!.map(restingBytes);
  }

  /** The grids of a group of segments in both maps; undefined where a segment is not in a map. */
  async read(
    group: readonly SegmentWork[],
    fraction: number,
  ): Promise<(readonly [BitGrid | undefined, BitGrid | undefined])[]> {
    const a = await this.#readMap(group, 0, fraction);
    const b = await this.#readMap(group, 1, fraction);
    return group.map((_, n) => [a[n], b[n]]);
  }

  /** The surface of a segment. */
  surface(grid: BitGrid | undefined): Surface | undefined {
    if (!grid) return undefined;
    const { arena, core } = this.#context;
    const surface = laySurface(this.#context, grid, this.empty);
    const before = arena.usedBytes;
    const pages = arena.scratch(grid.pages * PAGE_BYTES);
    const voxels = core.exports.gridSurface(grid.at, surface.at, pages, this.#endAt);
    // Many blocks lie inside and have no surface.
    arena.rewind(before + new Uint32Array(arena.memory.buffer, this.#endAt, 1)[0]! - pages);
    return { grid: surface, voxels };
  }

  async #readMap(group: readonly SegmentWork[], map: 0 | 1, fraction: number): Promise<(BitGrid | undefined)[]> {
    const { arena, core, maps, pacer } = this.#context;
    const grids = group.map(({ bricks }) =>
      bricks[map].length > 0 ? layGrid(this.#context, bricks[map], this.#bricks, this.empty) : undefined,
    );
    core.exports.clearBytes(this.#gridOf, LABELS * 4);
    const gridOf = new Uint32Array(arena.memory.buffer, this.#gridOf, LABELS);
    for (const [n, { segment }] of group.entries()) gridOf[segment] = grids[n]?.at ?? 0;
    const bricks = new Set(group.flatMap(({ bricks: own }) => own[map].map(({ brick }) => brick)));
    for (const brick of bricks) {
      await pacer.pause(fraction, "Reading segments");
      const at = brickCoordinates(this.#bricks, brick);
      const count = this.#runs.read(this.#maps[map]!, brick, brickExtent(maps![map]!.dims, at));
      core.exports.gridAddRuns(this.#runs.at, count, this.#gridOf, at[0], at[1] * 64, at[2] * 64);
    }
    return grids;
  }
}

/** Consecutive segments whose bits fit together. */
function groupsOf(segments: readonly SegmentWork[], bricks: Dims): SegmentWork[][] {
  const groups: SegmentWork[][] = [];
  let held = Infinity;
  for (const work of segments) {
    const bytes = gridBytes(work.bricks[0], bricks) + gridBytes(work.bricks[1], bricks);
    if (held + bytes > GROUP_BYTES) {
      groups.push([]);
      held = 0;
    }
    groups.at(-1)!.push(work);
    held += bytes;
  }
  return groups;
}
