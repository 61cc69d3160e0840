import { residentImage } from "../../resident.ts";
import { GROWTH_RULES, growthRunners, saidRule } from "./growth-methods.ts";
import { depthsOf, growthSeed } from "./growth-seed.ts";
import type { AccuracyCase } from "../../accuracy.ts";
import { snapshotOf } from "../kernels/label-inputs.ts";
import type { PartInput } from "./record.ts";
import { median } from "../../timing.ts";
import { timeRunners } from "./runner.ts";
import { scoreWhole } from "./score.ts";

/** Voxels below which a structure is not grown. */
const FEWEST_VOXELS = 500;

/** Region growing of one structure after the other from one seed in its middle, by ranges from too narrow to too wide. */
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
  const cases = new Map<string, Held>();
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
    const truth = snapshotOf(
      scan.dims,
      scan.labels.map((label) => (label === structure.label ? label : 0)),
    );
    for (const rule of GROWTH_RULES) {
      const runners = await growthRunners({ scan, kernels, port }, image, floats, from, rule, structure.label);
      for (const timed of await timeRunners(runners, port)) {
        const scores = await scoreWhole(kernels, scan, truth, timed.labels, [structure]);
        const key = `${saidRule(rule)} ${timed.method}`;
        const { method, runs } = timed;
        const held = cases.get(key) ?? { condition: saidRule(rule), method, runs, times: [], scores: [] };
        cases.set(key, { ...held, runs: Math.min(held.runs, runs) });
        held.times.push(timed.ms);
        held.scores.push(...scores);
      }
    }
  }
  for (const { times, ...held } of cases.values()) {
    // The time of a case is that of one structure.
    record.cases.push({ part: "growth", scan: plan.id, ms: median(times), ...held });
  }
}

interface Held extends Pick<AccuracyCase, "condition" | "method" | "runs"> {
  readonly times: number[];
  readonly scores: AccuracyCase["scores"][number][];
}
