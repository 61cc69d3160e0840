import { VoxelwrightError } from "#base";
import type { HolesRequest } from "#workers";
import { CHANGE_OPTIONS, changeLabels, readConnectivity, readMl, readSegments } from "./change-labels.ts";
import type { Arguments, Verb } from "./verb.ts";

/** `voxelwright holes LABELS [--axis k] -o OUT`. */
export const holes: Verb = {
  name: "holes",
  positionals: ["LABELS"],
  summary: "Fill what labels enclose, in 3D or slice by slice.",
  details:
    "Voxels that have a label keep it. What is not of a label hangs together by the dual of --connectivity: 6 for 18 and 26, 26 for 6;\n" +
    "what hangs together with the border of the volume (with --axis, of the slice) is no hole. Where holes of several labels lie in one\n" +
    "another the smallest wins. Prints {changed, milliseconds}.",
  options: {
    axis: { type: "string", value: "i|j|k", help: "look at slices across this axis, each by itself" },
    "most-ml": { type: "string", value: "ML", help: "leave holes above these millilitres" },
    ...CHANGE_OPTIONS,
    connectivity: { ...CHANGE_OPTIONS.connectivity, help: "neighbours by which a label hangs together (default 26)" },
  },
  async run(args, port) {
    const connectivity = readConnectivity(args, 26);
    const request: HolesRequest = { connectivity, ...readAxis(args), ...readSegments(args) };
    await changeLabels("holes", args, port, "empty", async (labels, kernels, grid, options) => {
      const ml = readMl(args, "most-ml", grid);
      const mostVoxels = ml === undefined ? undefined : Math.floor(ml + 1e-9);
      // Less than a voxel: there is no such hole.
      if (mostVoxels === 0) return { proposal: { kind: "labels", bricks: new Map(), voxels: 0 } };
      const most = mostVoxels === undefined ? {} : { mostVoxels };
      return { proposal: await kernels.holes(labels, { ...request, ...most }, options) };
    });
    return 0;
  },
};

function readAxis(args: Arguments): Pick<HolesRequest, "axis"> {
  const text = args.text("axis");
  if (text === undefined) return {};
  const axis = ["i", "j", "k"].indexOf(text);
  if (axis < 0) throw new VoxelwrightError("argument", `--axis is i, j or k, not "${text}".`);
  return { axis: axis as 0 | 1 | 2 };
}
