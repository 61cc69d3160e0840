import { type AbortOptions, VoxelwrightError } from "#base";
import type { StudyRecord } from "#storage";
import { openChunked } from "../chunked/open-chunked.ts";
import { giveSpacing, ownSpacing, type SpacingWish } from "../given-spacing.ts";
import { placeOf } from "../import-again.ts";
import { importCopy } from "../import-copy.ts";
import type { ImportInput } from "../import-input.ts";
import type { SeriesRow } from "../import.api.ts";
import { LabelsBeside } from "../labels-beside.ts";
import type { Session } from "../session.ts";
import type { Overlay } from "./overlay.ts";
import type { Overlays } from "./overlays.ts";

export interface AddOverlayOptions extends AbortOptions {
  /** For sizes of voxels that the files do not give. */
  readonly spacing?: SpacingWish;
}

/**
 * Shows a volume over the open one: a study of the cache by its id, or files and addresses, which are imported into the cache
 * first, with progress and cancel as any import. What cannot be shown is refused before it is imported.
 */
export async function addOverlay(
  session: Session,
  input: ImportInput | string,
  options: AddOverlayOptions = {},
): Promise<Overlay> {
  const study = session.requireStudy();
  const record =
    typeof input === "string"
      ? await storedStudy(session, input)
      : await importBeside(session, input, study.overlays, options);
  if (session.study.value !== study) {
    throw new VoxelwrightError("argument", "The study was closed before the volume could be shown over it.", {
      subject: record.description.name,
      advice: "It is in the list of studies.",
    });
  }
  return study.overlays.add(record);
}

async function storedStudy(session: Session, volumeId: string): Promise<StudyRecord> {
  const record = await session.port.store.get(volumeId);
  if (record?.state === "ready") return record;
  throw new VoxelwrightError("not-found", "The study is not in the local cache.", {
    subject: volumeId,
    advice: "Choose its files.",
  });
}

/** Imports one series without showing it. */
async function importBeside(
  session: Session,
  input: ImportInput,
  overlays: Overlays,
  options: AddOverlayOptions,
): Promise<StudyRecord> {
  const { imports } = session.port;
  const abort = options.signal ? { signal: options.signal } : {};
  const title = "Which of them goes over this volume?";
  const {
    series: found,
    notes,
    asked,
  } = await imports.choose(input, {
    ...abort,
    single: true,
    title,
    only: new LabelsBeside().imagesOnly,
  });
  const [chosen] = await giveSpacing(session, found, options.spacing, abort);
  const asNew = (row: SeriesRow): Promise<SeriesRow> => ownSpacing(session, row, options.spacing, abort);
  overlays.check(chosen!.description);
  try {
    const record = chosen!.chunked
      ? await storedStudy(session, await openChunked(session, chosen!, input, { ...abort, notes, asNew }))
      : await importCopy(session, chosen!, {
          ...abort,
          notes,
          asNew,
          ...placeOf(input),
        });
    if (!asked) session.warnNotes(record.description.name, notes);
    return record;
  } finally {
    await session.refresh().catch(() => undefined);
  }
}
