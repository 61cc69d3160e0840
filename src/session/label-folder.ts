import { type AbortOptions, isAbortError, isVoxelwrightError, VoxelwrightError } from "#base";
import { addLabelGroup, GROUP_NAME, IMAGE_OF_LABELS, labelFolder, type WritableFolder } from "#export";
import { describeZarrImage, labelmapFit } from "#sources";
import { ImageGrid, withSpacing } from "#volume";
import type { Session } from "./session.ts";

/**
 * Writes the committed labels into the folder of the OME-Zarr image that they are of, as `labels/NAME` beside those that are there. The
 * folder must hold an image of the study's grid; its version and axes are taken. Failure or abort leaves the folder as it was.
 */
export async function writeLabelsInto(
  session: Session,
  folder: WritableFolder,
  folderName: string,
  wanted: string = GROUP_NAME,
  options: AbortOptions = {},
): Promise<{ readonly path: string; readonly notes: readonly string[] }> {
  const { labels, image, record } = session.requireStudy();
  const described = await describeZarrImage(folderName, (path) => folder.read(path), options);
  const { grid } = withSpacing(described, image.grid.spacingMm);
  if (labelmapFit(image.grid, new ImageGrid(grid)).kind !== "same") {
    throw new VoxelwrightError("source", "The image in this folder lies on another grid than the open study.", {
      subject: folderName,
      advice: "Choose the folder of the image that the labels were drawn on.",
    });
  }
  const { name } = record.description;
  return session.jobs.run(
    `Writing labels into ${folderName}`,
    async (run) => {
      const input = { name, grid: image.grid, labels: await labels.snapshot(), segments: labels.segments.list() };
      const group = labelFolder({ ...input, stored: described.stored }, IMAGE_OF_LABELS);
      try {
        const added = await addLabelGroup(folder, wanted, group, run);
        return { path: `${folderName}/labels/${added}`, notes: group.notes };
      } catch (error) {
        if (isVoxelwrightError(error) || isAbortError(error)) throw error;
        throw refusal(folderName, error);
      }
    },
    options,
  );
}

function refusal(subject: string, cause: unknown): VoxelwrightError {
  const name = cause instanceof DOMException ? cause.name : "";
  const message =
    name === "QuotaExceededError"
      ? "The disk is full."
      : name === "NotAllowedError" || name === "NoModificationAllowedError"
        ? "The browser may not write into this folder."
        : `The labels cannot be written (${name || String(cause)}).`;
  return new VoxelwrightError("storage", message, {
    subject,
    advice: "The image is as it was; labels can be exported as an archive instead.",
    cause,
  });
}
