import { type Bandwidth, createInlineKernels, loadKernelModule, measureBandwidth } from "#workers";
import type { BenchRow } from "../../report.ts";
import { LABEL_SETS, type LabelSet, type LabelSetName } from "./label-sets.ts";

/** What kernels are measured on: one thread, and how fast its memory is. */
export interface LabelSetBench {
  readonly kernels: ReturnType<typeof createInlineKernels>;
  readonly bandwidth: Bandwidth;
}

/** Rows of cases on whole label maps, each read when its turn comes; those that are not here are left out. */
export async function labelSetRows<Rest extends readonly unknown[]>(
  cases: readonly (readonly [LabelSetName, ...Rest])[],
  measure: (bench: LabelSetBench, set: LabelSet, ...rest: Rest) => Promise<BenchRow[]>,
): Promise<BenchRow[]> {
  const wasm = await loadKernelModule();
  const bandwidth = measureBandwidth(wasm);
  const kernels = createInlineKernels({ wasm });
  const rows: BenchRow[] = [];
  try {
    for (const [name, ...rest] of cases) {
      const set = await LABEL_SETS[name]();
      if (set) rows.push(...(await measure({ kernels, bandwidth }, set, ...rest)));
    }
  } finally {
    kernels.dispose();
  }
  return rows;
}
