import type { Dims } from "#volume";
import type { GrowRequest, KernelImage, Kernels } from "#workers";
import { drawBricks } from "../../dense.ts";
import { nativePeer, type PeerProcess } from "../../peers/peer-process.ts";
import type { SuitePort } from "../../suite.ts";
import type { GrowthSeed } from "./growth-seed.ts";
import type { LabelledScan } from "./labelled-scans.ts";
import { clocked, type Runner } from "./runner.ts";

const CONFIDENCE = { multiplier: 2.5, iterations: 4, radius: 2 } as const;

/** Everything that grows from one seed, ready to run; results hold `label` where it grew. */
export async function growthRunners(
  kernels: Kernels,
  image: KernelImage,
  scan: LabelledScan,
  floats: Float32Array,
  { seed, range }: GrowthSeed,
  label: number,
  port: SuitePort,
): Promise<Runner[]> {
  const { dims, dense, spacingMm } = scan;
  const from = { seeds: [seed], connectivity: 6, segment: label } as const;
  const ours = (method: string, request: GrowRequest): Runner =>
    clocked(
      method,
      () => kernels.grow(image, request),
      ({ bricks }) => {
        const grown = new Uint16Array(dense.length);
        drawBricks(dims, bricks, (mask, voxel) => ((mask[voxel >> 3]! >> (voxel & 7)) & 1) * label, grown);
        return grown;
      },
    );
  const { multiplier, iterations, radius } = CONFIDENCE;
  const threshold = await nativePeer(
    "connected-threshold",
    [dense, ...dims, range.low, range.high, ...seed],
    port.note,
  );
  const confident = await nativePeer(
    "confidence-connected",
    [floats, ...dims, multiplier, iterations, radius, ...seed],
    port.note,
  );
  return [
    ours("grow-range", { ...from, range }),
    ...(threshold ? [native("grow-range-itk", threshold, label)] : []),
    ours("grow-guard", { ...from, range, leakGuard: { radius: guardRadius(spacingMm) } }),
    ours("grow-confidence", { ...from, confidence: CONFIDENCE }),
    ...(confident ? [native("grow-confidence-itk", confident, label)] : []),
  ];
}

/** One voxel, none along an axis whose spacing is more than twice the finest. */
function guardRadius(spacingMm: Dims): Dims {
  const finest = Math.min(...spacingMm);
  const [i, j, k] = spacingMm.map((size) => (size > 2 * finest ? 0 : 1));
  return [i!, j!, k!];
}

function native(method: string, peer: PeerProcess, label: number): Runner {
  return {
    method,
    run: () => peer.run(),
    result: async () => Uint16Array.from(await peer.result(), (grown) => grown * label),
    close: () => peer.close(),
  };
}
