import { VoxelwrightError } from "#base";
import type { SmoothRequest } from "#workers";
import { CHANGE_OPTIONS, changeLabels } from "./label-change.ts";
import { readNumbers, requireText } from "./read-arguments.ts";
import type { Verb } from "./verb.ts";

const METHODS: readonly SmoothRequest["method"][] = ["median", "open", "close", "gaussian", "joint"];

/** `voxelwright smooth LABELS --method M --mm MM [--label N ...] -o OUT`. */
export const smooth: Verb = {
  name: "smooth",
  positionals: ["LABELS"],
  summary: "Smooth labels.",
  details:
    "Prints {changed, milliseconds}. Methods, and what --mm is to them:\n" +
    "  median    the value that most voxels have in a box of that edge\n" +
    "  open      keep what a ball of that radius inside the label covers\n" +
    "  close     add what no ball of that radius outside the label reaches\n" +
    "  gaussian  each label by itself, standard deviation; gaps may open between labels\n" +
    "  joint     all labels together, standard deviation; no gap opens between labels",
  options: {
    method: { type: "string", value: METHODS.join("|"), help: "how to smooth" },
    mm: { type: "string", value: "MM", help: "how far, in millimetres" },
    ...CHANGE_OPTIONS,
  },
  async run(args, port) {
    const asked = requireText(args, "method", "smooth");
    const method = METHODS.find((known) => known === asked);
    if (!method) throw new VoxelwrightError("argument", `--method is one of ${METHODS.join(", ")}, not "${asked}".`);
    const [mm] = readNumbers(requireText(args, "mm", "smooth"), 1, "--mm") as [number];
    if (!(mm > 0 && Number.isFinite(mm))) throw new VoxelwrightError("argument", "--mm is above 0.");
    return changeLabels(args, port, "smooth", (kernels, { labels, ...chosen }) =>
      kernels.smooth(labels, { method, mm, ...chosen }, port),
    );
  },
};
