import { readConnectivity, CHANGE_OPTIONS, readSegments } from "./change-labels.ts";
import { chooseSeries } from "./choose-series.ts";
import { requirePresent } from "./label-change.ts";
import { loadLabels } from "./load-labels.ts";
import { printedJson } from "./print-json.ts";
import { readWhole } from "./read-arguments.ts";
import type { Verb } from "./verb.ts";

/** `voxelwright components LABELS [--connectivity 26] [--most N]`. */
export const components: Verb = {
  name: "components",
  positionals: ["LABELS"],
  summary: "List the connected components of labels, as JSON.",
  details:
    "{rows: [{segment, number, voxels, firstVoxel, box}], segments: [{segment, components, voxels}]}; rows by label, largest first.",
  options: {
    most: { type: "string", value: "N", help: "rows of the largest N of each label (default all, a million at most)" },
    segment: CHANGE_OPTIONS.segment,
    connectivity: { ...CHANGE_OPTIONS.connectivity, help: "neighbours by which a label hangs together (default 6)" },
    series: CHANGE_OPTIONS.series,
    "spacing-mm": CHANGE_OPTIONS["spacing-mm"],
  },
  async run(args, port) {
    const [path] = args.positionals as [string];
    const most = args.text("most");
    const request = {
      connectivity: readConnectivity(args, 6),
      ...readSegments(args),
      ...(most === undefined ? {} : { most: readWhole(most, 1, 1_000_000, "--most") }),
    };
    const series = await chooseSeries(path, args, port);
    const labels = await loadLabels(series, port);
    if (request.segments) requirePresent(request.segments, labels, series.description.name);
    const kernels = await port.kernels();
    try {
      port.print(printedJson(await kernels.components(labels, request, port)));
      return 0;
    } finally {
      kernels.dispose();
    }
  },
};
