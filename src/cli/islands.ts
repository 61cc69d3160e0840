import { VoxelwrightError } from "#base";
import { type Labelmap, MAX_LABEL } from "#labelmap";
import type { ImageGrid, IndexIjk } from "#volume";
import type { IslandsOperation } from "#workers";
import { CHANGE_OPTIONS, changeLabels, readConnectivity, readMl, readSegments } from "./change-labels.ts";
import { readNumbers, readWhole, requireText } from "./read-arguments.ts";
import type { Arguments, Verb } from "./verb.ts";

/** Islands split off when no count is given; more are refused. */
const MOST_SPLIT = 256;

const OPERATIONS = "largest, removeSmaller, split, keep or remove";

/** `voxelwright islands LABELS --operation largest [--count N] [--connectivity 26] -o OUT`. */
export const islands: Verb = {
  name: "islands",
  positionals: ["LABELS"],
  summary: "Keep, remove or split the connected components of labels.",
  details:
    "largest keeps the --count largest of each label (default 1); removeSmaller removes those below --below voxels or --below-ml;\n" +
    `split gives each of the --count largest (default all, refused above ${MOST_SPLIT}) a label above all others; keep and remove look\n` +
    "at the components that hold a --voxel. Prints {changed, milliseconds}, after a split also {split: [{value, segment, number, voxels}]}.",
  options: {
    operation: { type: "string", value: "NAME", help: OPERATIONS },
    count: { type: "string", value: "N", help: "how many of each label, for largest and split" },
    below: { type: "string", value: "N", help: "voxels, for removeSmaller" },
    "below-ml": { type: "string", value: "ML", help: "millilitres, for removeSmaller" },
    voxel: {
      type: "string",
      value: "i,j,k",
      multiple: true,
      help: "voxel index, for keep and remove; several times for more",
    },
    ...CHANGE_OPTIONS,
    connectivity: { ...CHANGE_OPTIONS.connectivity, help: "neighbours by which a label hangs together (default 6)" },
  },
  async run(args, port) {
    const connectivity = readConnectivity(args, 6);
    const segments = readSegments(args);
    const operation = requireText(args, "operation", "islands");
    refuseStray(args, operation);
    await changeLabels("islands", args, port, "all", async (labels, kernels, grid, options) => {
      const request = { ...readOperation(operation, args, labels, grid), ...segments, connectivity };
      const { proposal, split } = await kernels.islands(labels, request, options);
      return { proposal, ...(operation === "split" ? { printed: { split } } : {}) };
    });
    return 0;
  },
};

/** Options that belong to some operations only. */
const OPTIONS_OF: Readonly<Record<string, readonly string[]>> = {
  largest: ["count"],
  removeSmaller: ["below", "below-ml"],
  split: ["count"],
  keep: ["voxel"],
  remove: ["voxel"],
};

function refuseStray(args: Arguments, operation: string): void {
  const own = OPTIONS_OF[operation];
  if (!own) throw new VoxelwrightError("argument", `--operation is ${OPERATIONS}, not "${operation}".`);
  for (const option of new Set(Object.values(OPTIONS_OF).flat())) {
    if (own.includes(option) || args.texts(option).length === 0) continue;
    throw new VoxelwrightError("argument", `--${option} says nothing about the operation ${operation}.`);
  }
}

function readOperation(operation: string, args: Arguments, labels: Labelmap, grid: ImageGrid): IslandsOperation {
  const count = args.text("count");
  const counted = count === undefined ? undefined : readWhole(count, 1, MAX_LABEL, "--count");
  switch (operation) {
    case "removeSmaller":
      return { operation, leastVoxels: readLeast(args, grid) };
    case "split": {
      // Without a count one more than may be is looked for, so that too many are told.
      const values = valuesAbove(labels, counted === undefined ? MOST_SPLIT : MAX_LABEL);
      return { operation, count: counted ?? MOST_SPLIT + 1, values };
    }
    case "keep":
    case "remove": {
      const voxels = args.texts("voxel").map((text) => readNumbers(text, 3, "--voxel") as unknown as IndexIjk);
      if (voxels.length === 0) requireText(args, "voxel", "islands");
      return { operation, voxels };
    }
    default:
      return { operation: "largest", count: counted ?? 1 };
  }
}

function readLeast(args: Arguments, grid: ImageGrid): number {
  const below = args.text("below");
  const ml = readMl(args, "below-ml", grid);
  if ((below === undefined) === (ml === undefined)) {
    throw new VoxelwrightError("argument", "removeSmaller takes either --below or --below-ml.");
  }
  // An island of exactly that volume stays.
  return ml === undefined ? readWhole(below!, 1, 2 ** 48, "--below") : Math.max(1, Math.ceil(ml - 1e-9));
}

/** The values above all labels that occur, at most `most` of them. */
function valuesAbove(labels: Labelmap, most: number): number[] {
  let largest = 0;
  for (const index of labels.brickIndices()) {
    for (const label of labels.readBrick(index)!) if (label > largest) largest = label;
  }
  return Array.from({ length: Math.min(most, MAX_LABEL - largest) }, (_, n) => largest + 1 + n);
}
