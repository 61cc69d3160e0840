import { isVoxelwrightError } from "#base";
import { Labelmap, MeasurementList, replayJournal, SegmentList } from "#labelmap";
import type { JournalStore } from "#storage";
import type { Dims } from "#volume";

/** What the entries of a journal lead to. */
export interface LabelsState {
  readonly labelmap: Labelmap;
  readonly segments: SegmentList;
  readonly measurements: MeasurementList;
}

/**
 * Reads labels, segments and measurements from the store. Where these are damaged the journal, which leads to them, is done once more and
 * what it gives is stored in their place (`restored`). Rejects with `integrity` where the journal is damaged as well.
 */
export async function readLabelsState(
  journal: JournalStore,
  dims: Dims,
): Promise<{ readonly state: LabelsState; readonly restored: boolean }> {
  try {
    return { state: await stored(journal, dims), restored: false };
  } catch (damage) {
    if (!isVoxelwrightError(damage, "integrity")) throw damage;
    const state = await replayJournal(journal.lines(), dims).catch(() => {
      throw damage;
    });
    const { labelmap, segments, measurements } = state;
    const bricks = new Map(labelmap.brickIndices().map((index) => [index, labelmap.committedBytes(index)!]));
    await journal.restore(bricks, { segments: segments.toJson(), measurements: measurements.toJson() });
    return { state, restored: true };
  }
}

async function stored(journal: JournalStore, dims: Dims): Promise<LabelsState> {
  const [bricks, segments, measurements] = await Promise.all([
    journal.labelBricks(),
    journal.segments(),
    journal.measurements(),
  ]);
  return {
    labelmap: new Labelmap(dims, { bricks }),
    segments: segments === undefined ? new SegmentList() : SegmentList.parse(segments),
    measurements: measurements === undefined ? new MeasurementList() : MeasurementList.parse(measurements),
  };
}
