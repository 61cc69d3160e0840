import { itkContourFill } from "../../peers/itk-contours.ts";
import { FillPeers, ourFill } from "./fill-methods.ts";
import { planeCases, sliceCases } from "./fill-plan.ts";
import type { PartInput } from "./record.ts";
import { drawnLabels, spansOf } from "./sampling.ts";
import { FillScorer } from "./score.ts";
import { timeRunners } from "./runner.ts";
import { walkable } from "./random-walk.ts";

/** Fill between slices and planes: of labels that are known everywhere some are kept, and every method fills in the others. */
export async function fillAccuracy({ scan, kernels, record, port }: PartInput): Promise<void> {
  const { plan, dims, spacingMm, labels, structures } = scan;
  if (!walkable(scan)) record.leaveOut(`random walker, fill of ${plan.what}: ${structures.length} structures`);
  for (const axis of [0, 1, 2] as const)
    if (!plan.axes.includes(axis)) record.leaveOut(`fill of ${plan.what} along ${"ijk"[axis]}: time of a peer`);
  if (!plan.planes) record.leaveOut(`fill of ${plan.what} from planes in several directions: time`);
  const cases = [...sliceCases(dims, plan.axes), ...(plan.planes ? planeCases(dims, spacingMm) : [])];
  const peers = await FillPeers.start(scan, await itkContourFill(), port);
  try {
    let checked = false;
    for (const given of cases) {
      port.signal?.throwIfAborted();
      const { condition, sampling } = given;
      const drawn = drawnLabels(dims, labels, sampling);
      const spans = spansOf(dims, drawn, sampling, structures.length);
      const scored = structures.filter(({ label }) => spans.every((stack) => stack[label - 1]!.planes >= 2));
      if (scored.length === 0) {
        record.leaveOut(`fill of ${plan.what}, ${condition}: no structure is left on two planes`);
        continue;
      }
      port.note(`fill of ${plan.what}: ${condition}`);
      const runners = [
        ourFill(kernels, dims, spacingMm, given, drawn),
        ourFill(kernels, dims, spacingMm, given, drawn, scan.image),
        ...(await peers.runners(given, drawn)),
      ];
      if (walkable(scan) && !runners.some(({ method }) => method === "fill-walker"))
        record.leaveOut(`random walker, fill of ${plan.what}: more than a million voxels`);
      const scorer = new FillScorer(scan, sampling, spans, scored);
      for (const timed of await timeRunners(runners, port)) {
        const scores = await scorer.score(kernels, timed.labels);
        const kept = { along: sampling.along, every: sampling.every };
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
