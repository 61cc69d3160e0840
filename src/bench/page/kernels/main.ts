import { createKernelPool, loadKernelModule } from "#workers";
import { chestPhantom } from "../../phantom.ts";
import { median } from "../../timing.ts";
import { jobsOf } from "./jobs.ts";

/** Kernels timed where people use them: in a page, on its workers. `bench --suite kernels` opens this page and reads the times. */

export interface PageKernelTime {
  readonly kernel: string;
  readonly input: string;
  /** Median ms by number of workers. */
  readonly ms: Readonly<Record<number, number>>;
}

declare global {
  interface Window {
    kernelTimes?: (edge: number, rounds: number) => Promise<PageKernelTime[]>;
  }
}

const WORKERS = [1, 2, 4];
const BRICK_BYTES = 512 * 2 ** 20;

window.kernelTimes = async (edge, rounds) => {
  if (!crossOriginIsolated) throw new Error("The page is not isolated, so workers cannot share memory.");
  const module = await loadKernelModule();
  const phantom = chestPhantom(edge, 20);
  const rows = new Map<string, Record<number, number>>();
  for (const workers of WORKERS) {
    const kernels = createKernelPool({ wasmModule: module, workers, brickBytes: BRICK_BYTES });
    try {
      for (const [kernel, run] of Object.entries(await jobsOf(kernels, phantom))) {
        const times: number[] = [];
        for (let round = -1; round < rounds; round++) {
          const start = performance.now();
          await run();
          if (round >= 0) times.push(performance.now() - start);
        }
        rows.set(kernel, { ...rows.get(kernel), [workers]: median(times) });
      }
    } finally {
      kernels.dispose();
    }
  }
  return Array.from(rows, ([kernel, ms]) => ({ kernel, input: `phantom ${edge}³, noise 20 HU`, ms }));
};
