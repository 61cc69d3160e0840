import { residentImage } from "../../resident.ts";
import { growthRunners } from "./growth-methods.ts";
import { DEVIATIONS, depthsOf, growthSeed } from "./growth-seed.ts";
import type { PartInput } from "./record.ts";
import { timeRunners } from "./runner.ts";
import { scoreWhole } from "./score.ts";

/** Voxels below which a structure is not grown. */
const FEWEST_VOXELS = 500;

/** Region growing of one structure after the other from one seed in its middle, by values of its core. */
export async function growthAccuracy({ scan, kernels, record, port }: PartInput): Promise<void> {
  const { plan, structures } = scan;
  if (!plan.grown) {
    record.leaveOut(
      `growth in ${plan.what}: ${plan.labels === undefined ? "its labels are a growth" : "regions have no values of their own"}`,
    );
    return;
  }
  const depths = await depthsOf(kernels, scan);
  const image = await residentImage(scan.image, kernels);
  const floats = Float32Array.from(scan.dense);
  const condition = `one seed, mean ± ${DEVIATIONS} standard deviations`;
  const cases = new Map<string, { ms: number; runs: number; scores: PartScores }>();
  let number = 0;
  for (const structure of structures) {
    port.signal?.throwIfAborted();
    if (!plan.grown(structure.value)) continue;
    const from = structure.voxels < FEWEST_VOXELS ? undefined : growthSeed(scan, structure, depths);
    if (!from) {
      record.leaveOut(`growth of small structures (fewer than ${FEWEST_VOXELS} voxels, or 8 in the core)`);
      continue;
    }
    if (number++ % 10 === 0) port.note(`growth in ${plan.what}: ${structure.name}`);
    const truth = scan.labels.map((label) => (label === structure.label ? label : 0));
    const runners = await growthRunners(kernels, image, scan, floats, from, structure.label, port);
    for (const timed of await timeRunners(runners, port)) {
      const scores = await scoreWhole(kernels, scan, truth, timed.labels, [structure]);
      const held = cases.get(timed.method) ?? { ms: 0, runs: timed.runs, scores: [] };
      held.ms += timed.ms;
      held.runs = Math.min(held.runs, timed.runs);
      held.scores.push(...scores);
      cases.set(timed.method, held);
    }
  }
  for (const [method, held] of cases) record.cases.push({ part: "growth", scan: plan.id, condition, method, ...held });
}

type PartScores = Awaited<ReturnType<typeof scoreWhole>>;
