import type { BenchRow } from "../report.ts";
import type { Suite, SuitePort } from "../suite.ts";
import { codecRows } from "./kernels/codec.ts";
import { compareRows } from "./kernels/compare.ts";
import { componentRows } from "./kernels/components.ts";
import { consensusRows } from "./kernels/consensus.ts";
import { distanceKernelRows } from "./kernels/distance.ts";
import { fillKernelRows } from "./kernels/fill.ts";
import { growthKernelRows } from "./kernels/growth.ts";
import { histogramRows } from "./kernels/histogram.ts";
import { holeRows } from "./kernels/holes.ts";
import { pageKernelRows } from "./kernels/in-page.ts";
import { marginKernelRows } from "./kernels/margin.ts";
import { seedsRows } from "./kernels/seeds.ts";
import { smoothKernelRows } from "./kernels/smooth.ts";
import { statisticsRows } from "./kernels/statistics.ts";
import { surfaceRows } from "./kernels/surface.ts";

/** Parts of the suite by name: `kernels:growth` runs one of them. */
export const KERNEL_PARTS: Readonly<Record<string, (port: SuitePort) => Promise<BenchRow[]>>> = {
  growth: growthKernelRows,
  fill: fillKernelRows,
  seeds: seedsRows,
  components: componentRows,
  holes: holeRows,
  histogram: histogramRows,
  distance: distanceKernelRows,
  margin: marginKernelRows,
  smooth: smoothKernelRows,
  statistics: statisticsRows,
  surface: surfaceRows,
  codec: codecRows,
  compare: compareRows,
  consensus: consensusRows,
  page: pageKernelRows,
};

/** Every kernel against its peers on the same input, in Node. */
export const kernelsSuite: Suite = {
  peers: ["@itk-wasm/morphological-contour-interpolation", "@itk-wasm/image-io"],
  async run(port) {
    const rows: BenchRow[] = [];
    for (const part of Object.values(KERNEL_PARTS)) {
      port.signal?.throwIfAborted();
      rows.push(...(await part(port)));
    }
    return rows;
  },
};

/** A suite for each part. */
export const kernelSuites: Readonly<Record<string, Suite>> = Object.fromEntries(
  Object.entries(KERNEL_PARTS).map(([name, run]) => [`kernels:${name}`, { peers: kernelsSuite.peers, run }]),
);
