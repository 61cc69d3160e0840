import type { ProgressOptions } from "#base";
import type { RequestOf, ResultOf, TaskName } from "./crew/crew.ts";
import { InlineCrew } from "./crew/inline-crew.ts";
import { type PackedInput, type ReadBrick, unpackInput } from "./crew/packed-input.ts";
import { instantiate, type KernelCore } from "./kernel-core.ts";

export interface HostOptions extends ProgressOptions {
  readonly readBrick?: ReadBrick;
}

/** What a kernel worker serves: steps of a shared growth, and tasks in a memory of its own. */
export class KernelHost {
  #module: WebAssembly.Module | undefined;
  #crew: InlineCrew | undefined;
  #core: KernelCore | undefined;

  load(module: WebAssembly.Module, budgetBytes: number): void {
    this.#module = module;
    this.#crew = new InlineCrew(module, budgetBytes);
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

  run<Name extends TaskName>(
    name: Name,
    input: PackedInput,
    request: RequestOf<Name>,
    options: HostOptions,
  ): Promise<ResultOf<Name>> {
    return this.#crew!.run(name, unpackInput(input, options.readBrick), request, options);
  }
}
