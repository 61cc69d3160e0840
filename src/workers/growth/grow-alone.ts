import type { TaskContext } from "../crew/task.ts";
import { InlineThreads } from "../inline-threads.ts";
import type { KernelImage } from "../kernel-data.ts";
import type { MaskProposal } from "../kernels.api.ts";
import { Candidates } from "./candidates.ts";
import { dilateMask } from "./dilate.ts";
import { checkRequest, grow } from "./grow.ts";
import type { GrowRequest } from "./growth.api.ts";
import { needsNeighbours } from "./needs-neighbours.ts";
import { packMask, type PackedMask } from "./packed-mask.ts";
import { typedRange } from "./range.ts";

/**
 * Region growing in one thread, as a task: where memory cannot be shared, and where a voxel's own value does not tell whether it is a
 * candidate. There, candidates are found brick by brick from the bricks around, and the growth runs on their bits.
 */
export async function growAlone(context: TaskContext, request: GrowRequest): Promise<PackedMask> {
  const { core, arena, image } = context;
  if (!needsNeighbours(request)) {
    return packMask(await grow(new InlineThreads(core, arena), image!, request, context));
  }
  return packMask(await growOnBits(context, image!, request));
}

async function growOnBits(context: TaskContext, image: KernelImage, request: GrowRequest): Promise<MaskProposal> {
  checkRequest(request, image.dims);
  const { gradient, leakGuard, region, ...rest } = request;
  const range = typedRange(image.voxelType, request.range!.low, request.range!.high);
  if (!range) return { kind: "mask", segment: request.segment, bricks: new Map(), voxels: 0 };
  const candidates = new Candidates(context, { range, gradient, leakGuard });
  const bits: KernelImage = {
    dims: image.dims,
    voxelType: "uint8",
    frame: image.frame,
    bricks: { readBrick: ({ bi, bj, bk }) => candidates.brick([bi, bj, bk]) },
  };
  const threads = new InlineThreads(context.core, context.arena);
  const onBits = { ...rest, range: { low: 1, high: 1 }, ...(region ? { region } : {}) };
  const { arena } = context;
  const before = arena.usedBytes;
  const reached = await grow(threads, bits, onBits, context, { onBits: true });
  arena.rewind(before);
  return leakGuard ? dilateMask(context, candidates, reached, region) : reached;
}
