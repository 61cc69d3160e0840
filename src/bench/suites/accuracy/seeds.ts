import { snapshotOf } from "../kernels/label-inputs.ts";
import type { PartInput } from "./record.ts";
import { timeRunners } from "./runner.ts";
import { scoreWhole } from "./score.ts";
import { drawnSeeds } from "./drawn-seeds.ts";
import { seedsRunners } from "./seeds-methods.ts";
import { walkable, walkerBox } from "./random-walk.ts";

/** Growth from seeds out of the known labels: all slices, or one slice in six. */
export async function seedsAccuracy({ scan, kernels, record, port }: PartInput): Promise<void> {
  const { plan, dims, structures, labels } = scan;
  if (!plan.seeds) {
    record.leaveOut(
      `growth from seeds in ${plan.what}: ${plan.labels === undefined ? "its labels are a growth" : "time of a peer"}`,
    );
    return;
  }
  if (!walkable(scan))
    record.leaveOut(`random walker, growth from seeds in ${plan.what}: ${structures.length} structures`);
  for (const { how, drawn } of drawnSeeds(scan, plan.seeds)) {
    port.signal?.throwIfAborted();
    const seeded = new Set(drawn);
    const scored = structures.filter(({ label }) => seeded.has(label));
    if (scored.length === 0) {
      record.leaveOut(`growth from seeds in ${plan.what}, ${how}: nothing is left of the structure`);
      continue;
    }
    port.note(`growth from seeds in ${plan.what}: ${how}`);
    const runners = await seedsRunners(
      scan,
      drawn,
      snapshotOf(dims, drawn),
      walkable(scan) ? walkerBox(dims, drawn, undefined, 0) : undefined,
      port,
    );
    if (walkable(scan) && !runners.some(({ method }) => method === "seeds-walker"))
      record.leaveOut(`random walker, growth from seeds in ${plan.what}, ${how}: more than a million voxels`);
    const truth = snapshotOf(dims, labels);
    for (const timed of await timeRunners(runners, port)) {
      const scores = await scoreWhole(kernels, scan, truth, timed.labels, scored);
      record.add({ part: "seeds", scan: plan.id, condition: how }, timed, scores);
    }
  }
}
