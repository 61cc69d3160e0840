import { itkContourFill } from "../../peers/itk-contours.ts";
import { FillPeers, ourFill } from "./fill-methods.ts";
import { fillCases } from "./fill-plan.ts";
import type { PartInput } from "./record.ts";
import { drawnLabels, keptSlices, spansOf } from "./sampling.ts";
import { FillScorer } from "./score.ts";
import { timeRunners } from "./runner.ts";
import { walkable } from "./random-walk.ts";

/** Fill between slices: of labels that are known everywhere slices are kept along one axis, every method fills in the others. */
export async function fillAccuracy({ scan, kernels, record, port }: PartInput): Promise<void> {
  const { plan, dims, spacingMm, labels, structures } = scan;
  if (!walkable(scan)) record.leaveOut(`random walker, fill of ${plan.what}: ${structures.length} structures`);
  for (const axis of [0, 1, 2] as const)
    if (!plan.axes.includes(axis)) record.leaveOut(`fill of ${plan.what} along ${"ijk"[axis]}: time of a peer`);
  const peers = await FillPeers.start(scan, await itkContourFill(), port);
  try {
    let checked = false;
    for (const { axis, every, sampling } of fillCases(plan.axes)) {
      port.signal?.throwIfAborted();
      const drawn = drawnLabels(dims, labels, sampling);
      const spans = spansOf(dims, drawn, sampling, structures.length);
      const scored = structures.filter(({ label }) => spans[0]![label - 1]!.planes >= 2);
      const condition = `every ${every === 2 ? "2nd" : `${every}th`} slice along ${sampling.along}`;
      if (scored.length === 0) {
        record.leaveOut(`fill of ${plan.what}, ${condition}: no structure is left on two slices`);
        continue;
      }
      port.note(`fill of ${plan.what}: ${condition}`);
      const slices = { axis, planes: keptSlices(dims[axis], every), labels: drawn };
      const runners = [ourFill(kernels, dims, spacingMm, slices), ...(await peers.runners(slices))];
      if (walkable(scan) && !runners.some(({ method }) => method === "fill-walker"))
        record.leaveOut(`random walker, fill of ${plan.what}: more than a million voxels`);
      const scorer = new FillScorer(scan, sampling, spans, scored);
      for (const timed of await timeRunners(runners, port)) {
        const scores = await scorer.score(kernels, timed.labels);
        const kept = { along: sampling.along, every };
        record.add({ part: "fill", scan: plan.id, condition, kept }, timed, scores);
        if (timed.method !== "fill-ours" || checked) continue;
        checked = true;
        const whole = scores.map((score) => score.whole!);
        await record.check.run(scan, timed.labels, scored, whole);
      }
    }
  } finally {
    peers.close();
  }
}
