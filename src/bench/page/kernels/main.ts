import { createKernelPool, type GrowRequest, type Kernels, loadKernelModule } from "#workers";
import { chestPhantom, type Phantom } from "../../phantom.ts";
import { residentImage } from "../../resident.ts";
import { median } from "../../timing.ts";

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

async function jobsOf(kernels: Kernels, phantom: Phantom): Promise<Record<string, () => Promise<unknown>>> {
  const image = await residentImage(phantom.image, kernels);
  const at = (share: readonly [number, number, number]) =>
    share.map((part, axis) => Math.floor(part * phantom.dims[axis]!)) as unknown as readonly [number, number, number];
  const grow = (range: GrowRequest["range"] & object, seed: readonly [number, number, number]) => () =>
    kernels.grow(image, { seeds: [at(seed)], range, connectivity: 6, segment: 1 });
  return {
    "growth, soft tissue": grow({ low: -20, high: 100 }, [0.5, 0.25, 0.5]),
    "growth, lung": grow({ low: -1000, high: -700 }, [0.3, 0.5, 0.3]),
  };
}
