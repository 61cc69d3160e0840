import { isVoxelwrightError, VoxelwrightError } from "#base";
import type { Dims } from "#volume";
import { decodeEdits } from "./edit-payload.ts";
import { looksLikeSeal, parseEntryLine } from "./entry.ts";
import { type JournalInput, journalLines } from "./journal-lines.ts";
import { Labelmap, type LabelmapOptions } from "./labelmap.ts";
import { MeasurementList } from "./measurement-list.ts";
import { SegmentList } from "./segment-list.ts";

/** What a journal leads to. */
export interface Replayed {
  readonly labelmap: Labelmap;
  readonly segments: SegmentList;
  readonly measurements: MeasurementList;
  readonly entries: number;
}

/**
 * Does every entry of a journal on an empty labelmap; equal to the live state. Throws `integrity`, naming the entry, when one does
 * not fit the state before it. Signatures are `verifyJournal`'s matter.
 */
export async function replayJournal(input: JournalInput, dims: Dims, options: LabelmapOptions = {}): Promise<Replayed> {
  const labelmap = new Labelmap(dims, options);
  const segments = new SegmentList();
  const measurements = new MeasurementList();
  let entries = 0;
  for await (const line of journalLines(input)) {
    if (line instanceof VoxelwrightError) throw line;
    if (looksLikeSeal(line)) continue;
    try {
      const entry = parseEntryLine(line);
      labelmap.apply(decodeEdits(entry.edits));
      segments.apply(entry.segments);
      measurements.apply(entry.measurements ?? []);
    } catch (cause) {
      if (!isVoxelwrightError(cause)) throw cause;
      throw new VoxelwrightError("integrity", cause.message, {
        subject: `entry ${entries}`,
        fields: { sequence: entries },
        cause,
      });
    }
    entries++;
  }
  return { labelmap, segments, measurements, entries };
}
