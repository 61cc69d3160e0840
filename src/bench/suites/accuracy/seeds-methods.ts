import { createInlineKernels, type KernelLabels, loadKernelModule, type SeedsProposal } from "#workers";
import { drawBricks } from "../../dense.ts";
import { nativePeer, pythonPeer } from "../../peers/peer-process.ts";
import type { SuitePort } from "../../suite.ts";
import { processRunner } from "./fill-methods.ts";
import type { LabelledScan } from "./labelled-scans.ts";
import type { WalkerBox } from "./random-walk.ts";
import type { Runner } from "./runner.ts";

/** Everything that grows seeds, ready to run; results hold no background. */
export async function seedsRunners(
  scan: LabelledScan,
  drawn: Uint16Array,
  map: KernelLabels,
  walk: WalkerBox | undefined,
  port: SuitePort,
): Promise<Runner[]> {
  const { dims, spacingMm, dense, structures } = scan;
  const background = structures.length + 1;
  const growcut = await nativePeer(
    "seeds-dijkstra",
    ["fibonacci", dense, drawn, ...dims, ...spacingMm, 26, 0, 0],
    port.note,
  );
  const walker = walk && (await pythonPeer("random_walk", [dense, ...dims, ...spacingMm], port.note));
  if (walk && walker) await walker.load(drawn, { background, ...walk });
  return [
    await ourSeeds(scan, drawn, map),
    ...(growcut ? [closing(withoutBackground(processRunner("seeds-growcut", growcut), background), growcut)] : []),
    ...(walker ? [closing(processRunner("seeds-walker", walker), walker)] : []),
  ];
}

/** Every run in kernels of its own, which hold no state of the run before. */
async function ourSeeds({ dims, spacingMm, image, structures }: LabelledScan, drawn: Uint16Array, map: KernelLabels) {
  const wasm = await loadKernelModule();
  const segments = [...new Set(drawn)].filter((label) => label !== 0);
  let last: SeedsProposal | undefined;
  const runner: Runner = {
    method: "seeds-ours",
    async run() {
      const kernels = createInlineKernels({ wasm });
      try {
        const start = performance.now();
        last = await kernels.growFromSeeds(image, map, { segments, spacingMm, connectivity: 6 });
        return performance.now() - start;
      } finally {
        kernels.dispose();
      }
    },
    result() {
      const grown = drawn.slice();
      drawBricks(dims, last!.bricks, (brick, voxel) => brick[voxel]!, grown);
      return Promise.resolve(grown);
    },
  };
  return withoutBackground(runner, structures.length + 1);
}

function withoutBackground(runner: Runner, background: number): Runner {
  return {
    ...runner,
    result: async () => (await runner.result()).map((label) => (label === background ? 0 : label)),
  };
}

function closing(runner: Runner, peer: { close(): void }): Runner {
  return { ...runner, close: () => peer.close() };
}
