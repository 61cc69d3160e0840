import type { AbortOptions } from "#base";
import { SHOWN_PERCENTILES, type ShownStatistics, shownStatistics } from "#export";
import type { Session } from "./session.ts";

export interface MeasureRequest {
  /** Segments to measure; all when absent. */
  readonly segments?: readonly number[];
  /** Measures shape too, where the grid allows it. */
  readonly shape?: boolean;
}

/**
 * Statistics of the labels as of the last commit: an open preview or stroke is not part of the study until it is kept, and is left
 * open. Nothing waits for them, and nothing waits for the measuring.
 */
export async function measureStatistics(
  session: Session,
  { segments, shape = false }: MeasureRequest,
  options: AbortOptions,
): Promise<ShownStatistics[]> {
  const { labels, image } = session.requireStudy();
  const { grid, kernelImage, description } = image;
  const snapshot = await labels.snapshot();
  const names = labels.segments.list();
  return session.jobs.run(
    "Measuring",
    async (run) => {
      const kernels = await session.port.kernels();
      const request = {
        percentiles: SHOWN_PERCENTILES,
        ...(segments ? { segments } : {}),
        ...(shape && grid.regular ? { shape: { indexToLps: grid.indexToLps } } : {}),
      };
      const rows = await kernels.statistics(kernelImage, snapshot, request, run);
      const shown = shownStatistics(rows, { grid, labels: snapshot, segments: names, description });
      return segments ? shown.filter((row) => segments.includes(row.segment)) : shown;
    },
    options,
  );
}
