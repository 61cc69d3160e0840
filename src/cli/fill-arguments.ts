import { VoxelwrightError } from "#base";
import type { Dims } from "#volume";
import type { DrawnPlane, FillRequest, SpacingMm } from "#workers";
import { readLabels } from "./label-change.ts";
import { readNumbers } from "./read-arguments.ts";
import type { Arguments, OptionSpec } from "./verb.ts";

/** Options that say what is drawn, and what is filled. */
export const FILL_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  label: {
    type: "string",
    value: "N",
    multiple: true,
    help: "label to fill; may be given several times (default all)",
  },
  axis: {
    type: "string",
    value: "i|j|k",
    help: "axis across which slices are annotated (default: found from the labels)",
  },
  slices: { type: "string", value: "N,N,…", help: "annotated slices across --axis, also where they are empty" },
  plane: {
    type: "string",
    value: "PLANE",
    multiple: true,
    help: "annotated plane of any orientation: k12, or i,j,k:x,y,z for a voxel index and a normal in mm",
  },
  method: { type: "string", value: "shape|image", help: "how to fill (default shape)" },
  image: { type: "string", value: "SCAN", help: "scan of the labels' grid that --method image looks at" },
};

const AXES = ["i", "j", "k"];

/** The request that the options make. */
export function fillRequest(
  args: Arguments,
  spacingMm: SpacingMm,
  method: FillRequest["method"] = "shape",
): FillRequest {
  const along = args.text("axis");
  const axis = along === undefined ? undefined : readAxis(along, "--axis");
  const planes = args
    .text("slices")
    ?.split(",")
    .map((text) => readSlice(text, "--slices"));
  if (planes && axis === undefined) {
    throw new VoxelwrightError("argument", "--slices needs --axis.", { advice: "Say across which axis: i, j or k." });
  }
  const drawn = args.texts("plane").map(readPlane);
  const segments = readLabels(args);
  return {
    method,
    spacingMm,
    ...(segments ? { segments } : {}),
    ...(axis === undefined ? {} : { axis }),
    ...(planes ? { planes } : {}),
    ...(drawn.length > 0 ? { drawn } : {}),
  };
}

/** An axis by its letter. */
export function readAxis(text: string, option: string): 0 | 1 | 2 {
  const axis = AXES.indexOf(text);
  if (axis >= 0) return axis as 0 | 1 | 2;
  throw new VoxelwrightError("argument", `${option} is i, j or k, not "${text}".`);
}

function readPlane(text: string): DrawnPlane {
  const slice = /^([ijk])(\d+)$/.exec(text);
  if (slice) return { axis: AXES.indexOf(slice[1]!) as 0 | 1 | 2, index: Number(slice[2]) };
  const [point, normal, ...more] = text.split(":");
  if (point === undefined || normal === undefined || more.length > 0) {
    throw new VoxelwrightError("argument", `--plane is like k12 or 60,80,45:0,1,1, not "${text}".`);
  }
  return {
    point: readNumbers(point, 3, "--plane") as [number, number, number],
    normal: readNumbers(normal, 3, "--plane") as [number, number, number],
  };
}

/** Refuses a plane of any orientation that no voxel of the volume lies on. */
export function requireMet({ drawn = [], spacingMm }: FillRequest, dims: Dims, name: string): void {
  for (const plane of drawn) {
    if (!("normal" in plane)) continue;
    const { point, normal } = plane;
    // Along the normal: from the plane to the first and the last voxel centre, and half a voxel's thickness.
    const reach = { first: 0, last: 0, half: 0 };
    for (const [axis, n] of dims.entries()) {
      const step = normal[axis]! * spacingMm[axis]!;
      const ends = [-point[axis]! * step, (n - 1 - point[axis]!) * step];
      reach.first += Math.min(...ends);
      reach.last += Math.max(...ends);
      reach.half += Math.abs(step) / 2;
    }
    if (!(reach.first > reach.half || reach.last < -reach.half)) continue;
    throw new VoxelwrightError("argument", `No voxel lies on the plane ${point.join(",")}:${normal.join(",")}.`, {
      subject: name,
      advice: `Its point is a voxel index; they go from 0,0,0 to ${dims.map((n) => n - 1).join(",")}.`,
    });
  }
}

function readSlice(text: string, option: string): number {
  if (/^\s*\d+\s*$/.test(text)) return Number(text);
  throw new VoxelwrightError("argument", `${option} takes slice numbers with commas between, not "${text}".`);
}

/** `--method`, shape where it is not given. Refuses `--image` without it, and it without `--image`. */
export function readMethod(args: Arguments): FillRequest["method"] {
  const method = args.text("method") ?? "shape";
  if (method !== "shape" && method !== "image") {
    throw new VoxelwrightError("argument", `--method is shape or image, not "${method}".`);
  }
  if ((method === "image") === (args.text("image") !== undefined)) return method;
  throw new VoxelwrightError("argument", "--method image and --image SCAN go together.", {
    advice: method === "image" ? "Name the scan with --image." : "Add --method image.",
  });
}
