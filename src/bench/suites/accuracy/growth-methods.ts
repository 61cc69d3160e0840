import type { Dims } from "#volume";
import type { GrowRequest, KernelImage } from "#workers";
import { drawBricks } from "../../dense.ts";
import { nativePeer, type PeerProcess } from "../../peers/peer-process.ts";
import type { GrowthSeed } from "./growth-seed.ts";
import type { PartInput } from "./record.ts";
import { clocked, type Runner } from "./runner.ts";

/** A way to say which values are grown. */
export interface GrowthRule {
  readonly kind: "range" | "confidence";
  /** Standard deviations to either side of a mean: the core's, or that of what has grown. */
  readonly deviations: number;
}

/** From too narrow to too wide, as a person moves a slider. */
export const GROWTH_RULES: readonly GrowthRule[] = [
  ...[1, 1.5, 2, 3].map((deviations) => ({ kind: "range", deviations }) as const),
  ...[1.5, 2.5].map((deviations) => ({ kind: "confidence", deviations }) as const),
];

const CONFIDENCE = { iterations: 4, radius: 2 } as const;

export function saidRule({ kind, deviations }: GrowthRule): string {
  return kind === "range" ? `range: mean ± ${deviations} sd` : `confidence: ${deviations} sd, 4 times`;
}

/** Everything that grows from one seed by a rule, ready to run; results hold `label` where it grew. */
export async function growthRunners(
  { scan, kernels, port }: Pick<PartInput, "scan" | "kernels" | "port">,
  image: KernelImage,
  floats: Float32Array,
  { seed, mean, deviation }: GrowthSeed,
  { kind, deviations }: GrowthRule,
  label: number,
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
  const peer = async (method: string, program: string, args: Parameters<typeof nativePeer>[1]): Promise<Runner[]> => {
    const started = await nativePeer(program, args, port.note);
    return started ? [native(method, started, label)] : [];
  };
  if (kind === "confidence") {
    const { iterations, radius } = CONFIDENCE;
    const args = [floats, ...dims, deviations, iterations, radius, ...seed];
    return [
      ours("grow-confidence", { ...from, confidence: { multiplier: deviations, iterations, radius } }),
      ...(await peer("grow-confidence-itk", "confidence-connected", args)),
    ];
  }
  const range = { low: Math.ceil(mean - deviations * deviation), high: Math.floor(mean + deviations * deviation) };
  const args = [dense, ...dims, range.low, range.high, ...seed];
  return [
    ours("grow-range", { ...from, range }),
    ...(await peer("grow-range-itk", "connected-threshold", args)),
    ours("grow-guard", { ...from, range, leakGuard: { radius: guardRadius(spacingMm) } }),
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
