import { VoxelwrightError } from "#base";
import type { ImportInput } from "./import-input.ts";
import type { SeriesRow } from "./import.api.ts";
import type { Session } from "./session.ts";

/** Where the label images of the open study's own OME-Zarr image are, and which series of what is found there they are. */
export interface LabelsOfImage {
  readonly input: ImportInput;
  readonly only: (series: SeriesRow) => boolean;
}

/** Throws `argument` for a study of another kind, `source` where its files have to be given again. */
export function labelsOfImage(session: Session): LabelsOfImage {
  const { record } = session.requireStudy();
  const { origin, volumeId, description } = record;
  if (!origin || !description.stored) {
    throw new VoxelwrightError("argument", "The open study is not an OME-Zarr image that is read where it lies.", {
      subject: description.name,
      advice: "Import the file of its labels.",
    });
  }
  const given = session.port.chunked.inputOf(volumeId);
  if (origin.url !== undefined) {
    // The series names the group of the image, which may lie below the address that was opened.
    return { input: { url: `${origin.seriesId.slice("OME-Zarr:".length)}/labels` }, only: () => true };
  }
  if (given) return { input: given, only: ({ labelsOf }) => labelsOf === origin.seriesId };
  throw new VoxelwrightError("source", "The browser keeps no access to the files of this image.", {
    subject: origin.name,
    advice: "Open the same folder or archive again, then import its labels.",
  });
}
