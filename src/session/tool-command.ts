import { VoxelwrightError } from "#base";
import type { PlaneName, SegmentScope, ToolName, ToolState } from "#tools";
import type { IndexIjk } from "#volume";
import type { DrawnPlane } from "#workers";
import type { OpenStudy } from "./open-study.ts";

/** A label command with its arguments, as the options of a tool say it. */
export interface ToolCommand {
  readonly command: string;
  readonly args: object;
}

/** Tools whose work is computed at the press of a button; `grow` begins at a click. */
export const COMPUTING_TOOLS = ["fill", "threshold", "seeds", "islands", "smooth", "margin"] as const;
export type ComputingTool = (typeof COMPUTING_TOOLS)[number];

export function isComputing(tool: ToolName): tool is ComputingTool {
  return (COMPUTING_TOOLS as readonly string[]).includes(tool);
}

/**
 * What a tool would do with its options now. Adds the first segment where one is drawn and there is none. `islands` are the
 * voxels whose islands were clicked. Throws `argument` where something is still to be chosen.
 */
export async function toolCommand(
  study: OpenStudy,
  tools: ToolState,
  tool: ComputingTool,
  islands: readonly IndexIjk[],
): Promise<ToolCommand> {
  const segments = async (scope: SegmentScope) =>
    scope === "active" ? { segments: [await study.ensureSegment()] } : {};
  const across = (plane: "auto" | "volume" | PlaneName) =>
    plane === "auto" || plane === "volume" ? {} : { axis: axisAcross(study, plane) };
  switch (tool) {
    case "fill": {
      const { method, axis, segments: scope } = tools.fill;
      const where = axis === "drawn" ? { drawn: drawnPlanes(study) } : across(axis);
      return { command: "label.fill", args: { method, ...where, ...(await segments(scope)) } };
    }
    case "threshold": {
      const { low, high } = tools.threshold;
      return { command: "label.threshold", args: { segment: await study.ensureSegment(), range: [low, high] } };
    }
    case "seeds": {
      const { connectivity, spatialWeight, box, bias } = tools.seeds;
      return {
        command: "label.seeds",
        args: {
          connectivity,
          ...(spatialWeight === undefined ? {} : { spatialWeight }),
          ...(box ? { region: box } : {}),
          ...biasOf(study, bias),
        },
      };
    }
    case "smooth": {
      const { method, mm, segments: scope } = tools.smooth;
      return { command: "label.smooth", args: { method, mm, ...(await segments(scope)) } };
    }
    case "margin": {
      const { mode, mm, side, segments: scope } = tools.margin;
      const chosen = await segments(scope);
      if (mode !== "shell") return { command: "label.margin", args: { mm: mode === "grow" ? mm : -mm, ...chosen } };
      return {
        command: "label.hollow",
        args: { thicknessMm: mm, mode: side, segments: chosen.segments ?? unlocked(study) },
      };
    }
    case "islands":
      return islandsCommand(tools.islands, await segments(tools.islands.segments), across, islands);
  }
}

function islandsCommand(
  { operation, count, belowMl, holesIn, connectivity }: ToolState["islands"],
  segments: object,
  across: (plane: "volume" | PlaneName) => object,
  islands: readonly IndexIjk[],
): ToolCommand {
  const common = { ...segments, connectivity };
  if (operation === "holes") return { command: "label.holes", args: { ...common, ...across(holesIn) } };
  const command = "label.islands";
  if (operation === "removeSmaller") return { command, args: { ...common, operation, belowMl } };
  if (operation === "largest" || operation === "split") return { command, args: { ...common, operation, count } };
  if (islands.length === 0) {
    throw new VoxelwrightError("argument", "No island is chosen.", { advice: "Click an island in a view." });
  }
  return { command, args: { connectivity, operation, voxels: islands.map((ijk) => [...ijk]) } };
}

/** Planes that were drawn on since the study was opened. Throws `argument` for fewer than two. */
function drawnPlanes({ drawnPlanes: planes, labels }: OpenStudy): DrawnPlane[] {
  const found = planes.list((entry) => labels.history.isDone(entry));
  if (found.length > 1) return found;
  throw new VoxelwrightError("argument", "Fewer than two planes were drawn on since the study was opened.", {
    advice: "Draw with a disc on two planes or more, or let the slices be found from the labels.",
  });
}

/** Biases of segments that are there and may take part. */
function biasOf(study: OpenStudy, bias: ToolState["seeds"]["bias"]): { readonly bias?: Record<number, number> } {
  const given = unlocked(study).flatMap((value) => (bias[value] ? [[value, bias[value]] as const] : []));
  return given.length > 0 ? { bias: Object.fromEntries(given) } : {};
}

function unlocked({ labels }: OpenStudy): number[] {
  return labels.segments.list().flatMap(({ value, locked }) => (locked ? [] : [value]));
}

/** Index axis whose slices are most nearly those of an anatomical plane. */
export function axisAcross(study: OpenStudy, plane: PlaneName): 0 | 1 | 2 {
  const across = { sagittal: 0, coronal: 1, axial: 2 }[plane];
  const { direction } = study.image.grid;
  const share = ([0, 1, 2] as const).map((axis) => Math.abs(direction[across * 3 + axis]!));
  return share.indexOf(Math.max(...share)) as 0 | 1 | 2;
}
