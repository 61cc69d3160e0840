import { VoxelwrightError } from "#base";
import { CHANGE_OPTIONS, changeLabels } from "./label-change.ts";
import { readNumbers, requireText } from "./read-arguments.ts";
import type { Verb } from "./verb.ts";

/** `voxelwright margin LABELS --mm MM [--label N ...] -o OUT`. */
export const margin: Verb = {
  name: "margin",
  positionals: ["LABELS"],
  summary: "Grow labels by millimetres, or shrink them.",
  details:
    "Prints {changed, milliseconds}. Distances are exact, from voxel centre to voxel centre. Where several labels grow, a voxel goes\n" +
    "to the nearest, at a tie to the lower. Nothing is taken at the border of the volume.",
  options: {
    mm: { type: "string", value: "MM", help: "above 0 grows, below 0 shrinks" },
    ...CHANGE_OPTIONS,
  },
  async run(args, port) {
    const [mm] = readNumbers(requireText(args, "mm", "margin"), 1, "--mm") as [number];
    if (mm === 0 || !Number.isFinite(mm))
      throw new VoxelwrightError("argument", "--mm is above 0 to grow or below 0 to shrink.");
    return changeLabels(args, port, "margin", (kernels, { labels, ...chosen }) =>
      kernels.margin(labels, { mm, ...chosen }, port),
    );
  },
};
