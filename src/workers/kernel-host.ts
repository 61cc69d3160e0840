import type { ProgressOptions } from "#base";
import type { BrickAddress, BrickPixels, Dims, VoxelType } from "#volume";
import { InlineKernels } from "./inline-kernels.ts";
import { instantiate, type KernelCore } from "./kernel-core.ts";
import type { CompareRow, FillRequest, GrowRequest, KernelImage } from "./kernels.api.ts";
import { type PackedLabels, unpackLabels } from "./packed-labels.ts";
import type { BrickStatistics } from "./statistics/statistics.ts";
import { transfer } from "./wire.ts";

/** What crosses of a `KernelImage`; its bricks come by a callback. */
export interface ImageShape {
  readonly dims: Dims;
  readonly voxelType: VoxelType;
  readonly frame: number;
}

export interface HostedImageOptions extends ProgressOptions {
  readBrick(address: BrickAddress): Promise<BrickPixels | undefined>;
}

/** What a kernel worker serves: steps of a shared growth, and whole jobs in a memory of its own. */
export class KernelHost {
  #module: WebAssembly.Module | undefined;
  #kernels: InlineKernels | undefined;
  #core: KernelCore | undefined;

  load(module: WebAssembly.Module, budgetBytes: number): void {
    this.#module = module;
    this.#kernels = new InlineKernels({ wasm: module, budgetBytes });
  }

  /** Takes part in jobs on `memory` until `detach`. */
  attach(memory: WebAssembly.Memory): void {
    this.#core = instantiate(this.#module!, memory);
  }

  detach(): void {
    this.#core = undefined;
  }

  growthStep(job: number, scratch: number, runs: number, threads: number): void {
    this.#core!.exports.growthStep(job, scratch, runs, threads);
  }

  async grow(shape: ImageShape, request: GrowRequest, options: HostedImageOptions) {
    const proposal = await this.#kernels!.grow(imageFrom(shape, options), request, options);
    return transfer(proposal, [...proposal.bricks.values()].map(bufferOf));
  }

  async fill(labels: PackedLabels, request: FillRequest, options: ProgressOptions) {
    const proposal = await this.#kernels!.fill(unpackLabels(labels), request, options);
    return transfer(proposal, [...proposal.bricks.values()].map(bufferOf));
  }

  statisticsOfBricks(
    shape: ImageShape,
    labels: PackedLabels,
    options: HostedImageOptions,
  ): Promise<BrickStatistics[][]> {
    const indices = labels.entries.map(([index]) => index);
    return this.#kernels!.statisticsOfBricks(imageFrom(shape, options), unpackLabels(labels), indices, options);
  }

  compare(
    a: PackedLabels,
    b: PackedLabels,
    spacingMm: readonly [number, number, number],
    options: ProgressOptions,
  ): Promise<CompareRow[]> {
    return this.#kernels!.compare(unpackLabels(a), unpackLabels(b), spacingMm, options);
  }
}

function imageFrom(shape: ImageShape, { readBrick }: HostedImageOptions): KernelImage {
  return { ...shape, bricks: { readBrick: (address) => readBrick(address) } };
}

/** Results of a job lie in buffers of their own. */
function bufferOf(values: Uint8Array | Uint16Array): ArrayBuffer {
  return values.buffer as ArrayBuffer;
}
