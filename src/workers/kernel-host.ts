import type { ProgressOptions } from "#base";
import type { RequestOf, ResultOf, TaskName } from "./crew/crew.ts";
import { InlineCrew } from "./crew/inline-crew.ts";
import { type BrickReader, type PackedInput, unpackInput } from "./crew/packed-input.ts";
import { copySlotMasks, type SlotMasks } from "./growth/collect.ts";
import { instantiate, type KernelCore } from "./kernel-core.ts";
import { transfer } from "./wire.ts";

export interface HostOptions extends ProgressOptions, BrickReader {}

/** More bit-bricks than any job has. */
const MANY = 2 ** 31 - 1;

/** What a kernel worker serves: its part of a shared growth, and tasks in a memory of its own. */
export class KernelHost {
  #module: WebAssembly.Module | undefined;
  #crew: InlineCrew | undefined;
  #core: KernelCore | undefined;
  #seeds: KernelCore | undefined;

  /** `memory` is the one that jobs share, where there is one. */
  load(module: WebAssembly.Module, budgetBytes: number, memory: WebAssembly.Memory | undefined): void {
    this.#module = module;
    this.#crew = new InlineCrew(module, budgetBytes);
    this.#core = memory && instantiate(module, memory);
  }

  /** Works on a growth until it is done or its owner says stop. */
  growthRun(job: number, scratch: number): void {
    this.#core!.exports.growthRun(job, scratch, MANY, 2);
  }

  /** Copies out what slots of a growth have reached. */
  slotMasks(slots: readonly number[]): SlotMasks {
    const found = copySlotMasks(this.#core!, slots);
    return transfer(found, [found.masks.buffer, found.voxels.buffer]);
  }

  /** Takes part in growths from seeds on `memory` until `detachSeeds`. */
  attachSeeds(memory: WebAssembly.Memory): void {
    this.#seeds = instantiate(this.#module!, memory);
  }

  detachSeeds(): void {
    this.#seeds = undefined;
  }

  seedsStep(job: number, scratch: number, runs: number, dooming: boolean, threads: number): void {
    this.#seeds!.exports.seedsStep(job, scratch, runs, dooming, threads);
  }

  run<Name extends TaskName>(
    name: Name,
    input: PackedInput,
    request: RequestOf<Name>,
    options: HostOptions,
  ): Promise<ResultOf<Name>> {
    return this.#crew!.run(name, unpackInput(input, options), request, options);
  }
}
