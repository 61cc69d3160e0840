import { isVoxelwrightError } from "#base";
import { Labelmap, MeasurementList, replayJournal, SegmentList, verifyJournal } from "#labelmap";
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
 * what it gives is stored in their place (`restored`). Rejects with `integrity` where the journal does not verify.
 */
export async function readLabelsState(
  journal: JournalStore,
  dims: Dims,
): Promise<{ readonly state: LabelsState; readonly restored: boolean }> {
  try {
    return { state: await stored(journal, dims), restored: false };
  } catch (damage) {
    if (!isVoxelwrightError(damage, "integrity")) throw damage;
    // Only entries that are as they were signed say what the labels were.
    const { ok } = await verifyJournal(journal.lines(), { seal: "absent" });
    if (!ok) throw damage;
    const state = await replayJournal(journal.lines(), dims);
    const { labelmap, segments, measurements } = state;
    const bricks = new Map(labelmap.brickIndices().map((index) => [index, labelmap.committedBytes(index)!]));
    const lists = { segments: segments.toJson(), measurements: measurements.toJson() };
    // A full disk must not keep the study closed: the next opening makes them anew once more.
    await journal.restore(bricks, lists).catch(() => undefined);
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
