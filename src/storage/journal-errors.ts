import { VoxelwrightError } from "#base";

/** Another tab wrote, or the caller lost count: the journal stays as it is. */
export function outOfTurn(volumeId: string, sequence: number, due: number): VoxelwrightError {
  return new VoxelwrightError(
    "storage",
    `Entry ${sequence} came where entry ${due} is due; another tab may have changed the study.`,
    {
      subject: volumeId,
      advice: "Reopen the study.",
      fields: { quota: false },
    },
  );
}

/** The study is not there, or was removed. */
export function missing(volumeId: string): VoxelwrightError {
  return new VoxelwrightError("not-found", "There is no such study in the local cache.", { subject: volumeId });
}

/** Its bytes are not those that were written. */
export function damaged(volumeId: string, brickIndex: number): VoxelwrightError {
  return new VoxelwrightError("integrity", `Label brick ${brickIndex} in the local cache is damaged.`, {
    subject: volumeId,
    advice:
      "Its journal is damaged as well, so it cannot be opened; what can be read of the journal can be exported by a script.",
    fields: { brickIndex },
  });
}
