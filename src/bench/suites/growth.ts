import type { Dims } from "#volume";
import { createInlineKernels, loadKernelModule } from "#workers";
import { drawBricks } from "../dense.ts";
import { samplePath } from "../inputs.ts";
import { diceOf } from "../overlap.ts";
import { plainGrowth } from "../peers/plain-growth.ts";
import { benchRow, type BenchRow } from "../report.ts";
import type { SuitePort } from "../suite.ts";
import { readScan } from "../scan.ts";
import { timeInterleaved } from "../timing.ts";

/** Organs of the samples that a range of stored values holds together. */
export const GROWTHS: readonly {
  readonly what: string;
  readonly file: string;
  readonly seed: Dims;
  readonly range: readonly [number, number];
}[] = [
  { what: "lungs", file: "chest-ct.mha", seed: [50, 80, 60], range: [-1100, -400] },
  { what: "white matter", file: "head-mr.nii.gz", seed: [30, 110, 90], range: [105, 125] },
];

/** Region growing by our kernel against a textbook's breadth-first growth over one dense array, one thread each. */
export async function growthRows(port: SuitePort): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const kernels = createInlineKernels({ wasm: await loadKernelModule() });
  try {
    for (const { what, file, seed, range } of GROWTHS) {
      const path = samplePath(file);
      if (path === undefined) continue;
      port.note(`growth of ${what} in ${file}`);
      const { dims, dense, image } = await readScan(path);
      const [low, high] = range;
      const request = { seeds: [seed], range: { low, high }, connectivity: 6, segment: 1 } as const;
      const { bricks, voxels } = await kernels.grow(image, request);
      const ours = new Uint8Array(dense.length);
      drawBricks(dims, bricks, (mask, voxel) => (mask[voxel >> 3]! >> (voxel & 7)) & 1, ours);
      const dice = diceOf(ours, plainGrowth(dims, dense, seed, low, high));
      const times = await timeInterleaved(
        {
          ours: async () => void (await kernels.grow(image, request)),
          peer: () => Promise.resolve(void plainGrowth(dims, dense, seed, low, high)),
        },
        { warmups: 3, rounds: 15, signal: port.signal },
      );
      rows.push(
        benchRow({
          name: `growth: ${what}`,
          input: `${file}, ${dims.join("×")}, 6 neighbours, ${voxels} voxels grown; Dice against the peer`,
          ourMs: times.ours,
          peer: "plain breadth-first growth (TypeScript)",
          peerMs: times.peer,
          dice,
        }),
      );
    }
  } finally {
    kernels.dispose();
  }
  return rows;
}
