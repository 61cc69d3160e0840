import type { GpuHolding } from "#gpu";
import type { ViewMemory } from "#views";
import * as v from "valibot";
import type { CommandRegistry } from "./command-registry.ts";
import type { Session } from "./session.ts";

/** What counts the GPU's bytes. */
export interface GpuCounter {
  readonly liveBytes: number;
  readonly peakBytes: number;
  holdings(): GpuHolding[];
}

/** Result of `gpu.memory`, bytes. */
export interface GpuMemoryReport {
  /** Of all textures and buffers of the program that are alive, and the most that were. */
  readonly liveBytes: number;
  readonly peakBytes: number;
  /** By what they are, the largest first. */
  readonly holdings: readonly GpuHolding[];
  /** Absent while no study is shown. */
  readonly views?: ViewMemory;
}

/** Commands on memory. `gpu` is undefined where there is no WebGPU: nothing is held. */
export function addMemoryCommands(registry: CommandRegistry, session: Session, gpu: GpuCounter | undefined): void {
  registry.add({
    id: "gpu.memory",
    title: "GPU memory in use",
    description:
      "Bytes of all textures and buffers that are alive, what they are, and what views take of their budgets.",
    palette: false,
    schema: v.object({}),
    async run(): Promise<GpuMemoryReport> {
      const views = session.attachedViews?.memory();
      return {
        liveBytes: gpu?.liveBytes ?? 0,
        peakBytes: gpu?.peakBytes ?? 0,
        holdings: gpu?.holdings() ?? [],
        ...(views ? { views } : {}),
      };
    },
  });
}
