import { BRICK_EDGE, brickCoordinates, brickDims, brickIndex, type Dims, type IndexBox } from "#volume";
import { EncodedMasks } from "#labelmap";
import type { TaskContext } from "../crew/task.ts";
import type { MaskProposal } from "../kernels.api.ts";
import { BitsCache } from "./bits-cache.ts";
import { type Candidates, extent } from "./candidates.ts";
import { maskEntries } from "./mask-entries.ts";

/**
 * The boxes around what a growth with a leak guard has reached, as far as candidates go and within the region: the growth ran where
 * whole boxes fit.
 */
export async function dilateMask(
  context: TaskContext,
  candidates: Candidates,
  reached: MaskProposal,
  region: IndexBox | undefined,
): Promise<MaskProposal> {
  const { core, arena, image, pacer } = context;
  const { exports } = core;
  const { dims } = image!;
  const bricks = brickDims(dims);
  const { masks, runs } = maskEntries(reached.bricks);
  const runsAt = arena.allocate(exports.maskRunsRoom());
  const held = new BitsCache(context, dims, (at, to) => {
    const bytes = masks.get(brickIndex(bricks, ...at));
    if (!bytes) return Promise.resolve(false);
    new Uint8Array(arena.memory.buffer, runs ? runsAt : to, bytes.length).set(bytes);
    if (runs) exports.maskRunsDecode(runsAt, bytes.length, to);
    return Promise.resolve(true);
  });
  const entries: [number, Uint8Array][] = [];
  let voxels = 0;
  const todo = around(masks.keys(), bricks);
  for (const [n, index] of todo.entries()) {
    await pacer.pause(0.9 + (0.1 * n) / todo.length, "Growing: filling up to the border");
    const at = brickCoordinates(bricks, index);
    const bits = candidates.dilated(await held.around(at), at);
    const allowed = await candidates.allowed.get(at);
    exports.andBits(bits, allowed);
    const count = exports.clipBits(bits, ...clip(dims, at, region));
    if (count === 0) continue;
    voxels += count;
    const bytes = exports.maskRunsEncode(bits, runsAt);
    entries.push([index, new Uint8Array(arena.memory.buffer, runsAt, bytes).slice()]);
  }
  return { ...reached, bricks: new EncodedMasks(entries), voxels };
}

/** Bricks and those around them, ascending. */
function around(indices: Iterable<number>, bricks: Dims): number[] {
  const all = new Set<number>();
  for (const index of indices) {
    const [bi, bj, bk] = brickCoordinates(bricks, index);
    for (let d = 0; d < 27; d++) {
      const at: Dims = [bi + (d % 3) - 1, bj + (Math.floor(d / 3) % 3) - 1, bk + Math.floor(d / 9) - 1];
      if (at.every((n, axis) => n >= 0 && n < bricks[axis]!)) all.add(brickIndex(bricks, ...at));
    }
  }
  return [...all].sort((a, b) => a - b);
}

/** What of a brick lies in the volume and the region, as ranges of its own voxels. */
function clip(dims: Dims, at: Dims, region: IndexBox | undefined): readonly [...Dims, ...Dims] {
  const low = at.map((n, axis) => Math.max(0, Math.ceil(region?.min[axis] ?? 0) - n * BRICK_EDGE));
  const size = extent(dims, at);
  const high = at.map((n, axis) =>
    Math.min(size[axis]!, Math.ceil(region?.max[axis] ?? Number.POSITIVE_INFINITY) - n * BRICK_EDGE),
  );
  return [...(low as unknown as Dims), ...(high as unknown as Dims)];
}
