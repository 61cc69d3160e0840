import type { VolumeDescription } from "#volume";
import { voxelTypeOf } from "./decode-frame.ts";
import type { Plane } from "./instance.ts";
import type { StackedVolume } from "./volumes.ts";

/** A description and whether planes are to be rescaled one by one on the way in. */
export interface Described {
  readonly description: VolumeDescription;
  readonly rescalePlanes: boolean;
}

/** Describes a stacked volume; `seriesNotes` are those that hold for all volumes of its series. */
export function describeVolume(volume: StackedVolume, seriesNotes: readonly string[]): Described {
  const planes = volume.phases.flat();
  const first = planes[0]!;
  const { instance } = first;
  const constant = planes.every((plane) => plane.slope === first.slope && plane.intercept === first.intercept);
  const stored = voxelTypeOf(instance.format);
  const notes = [...seriesNotes, ...volume.notes, ...volume.geometry.notes, ...instanceNotes(planes)];
  if (!constant) {
    notes.push(
      "Every slice has its own rescale slope; the values were rescaled on import and are kept as 32-bit floats.",
    );
  }
  if (instance.format.kind === "float64") notes.push("64-bit floats were narrowed to 32 bits.");
  const { name, unit, modality, window, metadata, syntax } = instance;
  return {
    rescalePlanes: !constant,
    description: {
      name,
      grid: volume.geometry.grid,
      voxelType: constant ? stored : "float32",
      ...(constant && instance.format.kind !== "float64"
        ? {}
        : { sourceType: instance.format.kind === "float64" ? "float64" : stored }),
      rescale: constant ? { slope: first.slope, intercept: first.intercept } : { slope: 1, intercept: 0 },
      unit,
      modality,
      frames: volume.phases.length,
      ...(window ? { window } : {}),
      notes: [...new Set(notes)],
      metadata: { ...metadata, "Transfer syntax": syntax.name },
      format: "DICOM",
      ...(volume.geometry.missingSpacing ? { missingSpacing: volume.geometry.missingSpacing } : {}),
    },
  };
}

/** Notes of single files: once, with the number of files where not all share it. */
function instanceNotes(planes: readonly Plane[]): string[] {
  const instances = new Set(planes.map((plane) => plane.instance));
  const counts = new Map<string, number>();
  for (const { notes } of instances) for (const note of new Set(notes)) counts.set(note, (counts.get(note) ?? 0) + 1);
  return [...counts].map(([note, count]) =>
    count === instances.size ? note : `${note} (${count} of ${instances.size} files)`,
  );
}
