import { type ProgressOptions, VoxelwrightError } from "#base";
import type { Dims, IndexBox } from "#volume";
import type { KernelImage } from "../kernel-data.ts";
import type { KernelThreads } from "../kernel-threads.ts";
import type { MaskProposal } from "../kernels.api.ts";
import type { GrowRequest } from "./growth.api.ts";
import { GrowthBox } from "./growth-box.ts";
import { type GrowthInput, GrowthJob } from "./growth-job.ts";
import { typedRange } from "./range.ts";

/** Threads return soon, to go on later; threads go on; threads return for good. */
const PAUSE = 1;
const GO_ON = 0;
const END = 2;

/** How long the owner waits for events before it looks at the abort signal, in milliseconds. */
const LOOK_MS = 50;

/**
 * Region growing out of core: bricks are thresholded where the growth reaches them, 64×8×8 voxels at a time, and kept as 64 KiB of
 * bits (`assembly/README.md` has the method). Bricks that lie in the threads' own memory (`resident`) are read there, others are
 * copied in (`onBits`: bits of candidates stand in place of voxels). When the budget is spent, bricks that have nothing to do leave as runs and come back when they are touched.
 * Rejects with `argument`, `limit` (not even a few bricks fit), `not-found` (a brick is not imported yet), what the brick source
 * rejects with, or AbortError; nothing is left behind then.
 */
export async function grow(
  threads: KernelThreads,
  image: KernelImage,
  request: GrowRequest,
  options: ProgressOptions = {},
  { resident, onBits = false }: Partial<Pick<GrowthInput, "resident" | "onBits">> = {},
): Promise<MaskProposal> {
  options.signal?.throwIfAborted();
  checkRequest(request, image.dims);
  const { low, high } = request.range!;
  const range = typedRange(image.voxelType, low, high);
  const voxels = clippedBox(request.region, image.dims);
  if (!range || !voxels) return { kind: "mask", segment: request.segment, bricks: new Map(), voxels: 0 };
  const box = new GrowthBox(image.dims, voxels);
  const job = new GrowthJob(threads, { image, request, box, range, resident, onBits }, options);
  return drive(threads, job, options);
}

async function drive(threads: KernelThreads, job: GrowthJob, { signal }: ProgressOptions): Promise<MaskProposal> {
  const { exports } = threads.core;
  for (;;) {
    signal?.throwIfAborted();
    if (!job.serve()) job.makeRoom();
    if (job.done) break;
    if (exports.growthReady(job.at) === 0 && job.waiting) await job.arrival();
    await runThreads(threads, job, signal);
    job.report();
  }
  return job.collect();
}

/** Lets threads run, serving them, until they return: all is done, the ring is empty (one thread), or bricks have to leave. */
async function runThreads(threads: KernelThreads, job: GrowthJob, signal: AbortSignal | undefined): Promise<void> {
  const { exports } = threads.core;
  const running = threads.growthRun(job.at, job.scratch);
  if (!threads.concurrent) return running;
  let returned = false;
  const end = running.finally(() => {
    returned = true;
  });
  try {
    const events = new Int32Array(threads.core.memory.buffer, exports.growthEvents(job.at), 1);
    while (!returned) {
      const seen = Atomics.load(events, 0);
      if (!job.serve()) {
        // Threads get a moment, so that bricks have nothing to do and can leave.
        await Promise.race([end, new Promise((resolve) => setTimeout(resolve, 2))]);
        exports.growthStop(job.at, PAUSE);
        break;
      }
      job.report();
      await Promise.race([end, nextEvent(events, seen), ...(job.waiting ? [job.arrival()] : [])]);
      if (signal?.aborted) break;
    }
  } catch (error) {
    exports.growthStop(job.at, END);
    await end.catch(() => undefined);
    throw error;
  }
  if (signal?.aborted) exports.growthStop(job.at, END);
  await end;
  if (!signal?.aborted) exports.growthStop(job.at, GO_ON);
}

/** Resolves when the counter is not `seen` any more, or after a while. */
function nextEvent(events: Int32Array<ArrayBufferLike>, seen: number): Promise<unknown> {
  if (typeof Atomics.waitAsync !== "function") return new Promise((resolve) => setTimeout(resolve, 2));
  const { async, value } = Atomics.waitAsync(events as Int32Array<SharedArrayBuffer>, 0, seen, LOOK_MS);
  return async ? value : Promise.resolve();
}

/** Throws `argument` for seeds that are no voxels and ranges that are no numbers. */
export function checkRequest({ seeds, range }: GrowRequest, dims: Dims): void {
  if (!range || Number.isNaN(range.low) || Number.isNaN(range.high)) {
    throw new VoxelwrightError("argument", "The range of a growth must be two numbers.");
  }
  for (const seed of seeds) {
    if (seed.every((n, axis) => Number.isInteger(n) && n >= 0 && n < dims[axis]!)) continue;
    throw new VoxelwrightError("argument", `Seed ${seed.join(", ")} is not a voxel of the volume (${dims.join("×")}).`);
  }
}

function clippedBox(region: IndexBox | undefined, dims: Dims): IndexBox | undefined {
  const min = dims.map((_, axis) => Math.max(0, Math.ceil(region?.min[axis] ?? 0))) as unknown as Dims;
  const max = dims.map((n, axis) => Math.min(n, Math.ceil(region?.max[axis] ?? n))) as unknown as Dims;
  return min.every((n, axis) => n < max[axis]!) ? { min, max } : undefined;
}
