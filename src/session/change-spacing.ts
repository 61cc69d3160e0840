import { type AbortOptions, type Vec3, VoxelwrightError } from "#base";
import { ImageGrid, type VolumeDescription, withSpacing } from "#volume";
import type { OpenStudy } from "./open-study.ts";
import type { Session } from "./session.ts";

/**
 * Gives the voxels of the open study other sizes, along the axes of which its source says nothing. Labels and measurements stay on their
 * voxels; the journal tells of it. Changes that are asked for at once follow each other. `ask` has the user asked. Rejects with `argument`
 * where the source gives every size, with AbortError when the user cancels.
 */
export async function changeSpacing(session: Session, wish: Vec3 | "ask", options: AbortOptions): Promise<OpenStudy> {
  const { record } = session.requireStudy();
  const { name } = record.description;
  if (!canChangeSpacing(record.description)) {
    throw new VoxelwrightError("argument", "The file gives the size of its voxels, and that stands.", {
      subject: name,
      advice: "Put it right in the file and open it again.",
    });
  }
  const spacingMm = wish === "ask" ? await ask(session, record.description, options) : wish;
  return session.changeGrid(async (study) => {
    // What it has come to while the user thought, or another change was made.
    const { volumeId, description } = study.record;
    if (volumeId !== record.volumeId) throw new DOMException("Another study was opened.", "AbortError");
    const changed = withSpacing(description, spacingMm);
    // Sizes that were assumed are confirmed by the same ones.
    if (!description.missingSpacing && sameSizes(description, changed)) return false;
    // What is under way reckons in the sizes of before.
    session.jobs.cancel();
    await study.preview.cancel();
    study.measuring.cancel();
    await study.labels.changeSpacing(study.image.grid, changed);
    const { notes } = (description.missingSpacing ?? description.givenSpacing)!;
    for (const note of notes) session.messages.withdraw(`${name}: ${note}`);
    return true;
  });
}

/** Whether the source leaves a size open, so that it may be changed. */
export function canChangeSpacing({ missingSpacing, givenSpacing }: VolumeDescription): boolean {
  return (missingSpacing ?? givenSpacing) !== undefined;
}

async function ask(
  session: Session,
  { name, grid, ...of }: VolumeDescription,
  { signal }: AbortOptions,
): Promise<Vec3> {
  const { axes: missing } = (of.missingSpacing ?? of.givenSpacing)!;
  const { spacingMm } = new ImageGrid(grid);
  const { spacingMm: lastMm } = session.settings.value;
  const question = { name, dims: grid.dims, spacingMm, missing, lastMm, alike: 0, instead: true };
  const answer = await session.spacings.ask(question, signal);
  if (!answer || answer.spacingMm === "assumed") throw new DOMException("The user cancelled.", "AbortError");
  await session.setSettings({ spacingMm: answer.spacingMm }).catch(() => undefined);
  return answer.spacingMm;
}

/** Whether voxels have the same size but for rounding; other digits than before are another size. */
function sameSizes(a: VolumeDescription, b: VolumeDescription): boolean {
  const [before, after] = [a, b].map(({ grid }) => new ImageGrid(grid).spacingMm) as [Vec3, Vec3];
  return before.every((mm, axis) => Math.abs(mm / after[axis]! - 1) < 1e-9);
}
