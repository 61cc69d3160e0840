import type { ProgressOptions } from "#base";
import type { Crew } from "../crew/crew.ts";
import { shareOut } from "../crew/share-out.ts";
import type { KernelImage, KernelLabels } from "../kernel-data.ts";
import { mergeStatistics } from "./merge.ts";
import type { StatisticsRow } from "./statistics.api.ts";

/** Statistics of every label, shared out by bricks. */
export async function statistics(
  crew: Crew,
  image: KernelImage,
  labels: KernelLabels,
  options: ProgressOptions,
): Promise<StatisticsRow[]> {
  const indices = [...labels.brickIndices()].sort((a, b) => a - b);
  const shares = shareOut(indices, crew.count).map((own) => ({ request: { indices: own }, labelBricks: own }));
  const parts = await crew.share("statistics", { image, maps: [labels] }, shares, options);
  return mergeStatistics(parts.flat());
}
