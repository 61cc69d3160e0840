import { type ProgressOptions, VoxelwrightError } from "#base";
import type { EditRules, Proposal, SegmentEdit } from "#labelmap";
import type { SpacingMm } from "#workers";
import type { IndexIjk } from "#volume";
import type { Kernels } from "#workers";
import * as v from "valibot";
import type { StudyImage } from "../study-image.ts";
import type { StudyLabels } from "../study-labels.ts";

/** What an effect works on. */
export interface EffectStudy {
  readonly image: StudyImage;
  readonly labels: StudyLabels;
}

/** What an effect would change: labels, and segments that come with them in the same step of the history. */
export type EffectProposal = Proposal & { readonly segments?: readonly SegmentEdit[] };

export interface EffectOptions extends ProgressOptions {
  /** Takes a rougher proposal that is there before the whole one, if the kernel has any: to be looked at meanwhile. */
  readonly onRough?: (rough: EffectProposal) => Promise<void>;
}

/**
 * A change of labels that a kernel computes: growing, filling, smoothing, … An effect is a command that makes it one step of the
 * history; `preview.show` shows the same before it is accepted. Arguments are JSON, values in them are shown values (HU where the
 * file says so), lengths millimetres.
 */
export interface LabelEffect<Args extends object> {
  /** Command id such as `label.grow`; never renamed. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly schema: v.GenericSchema<unknown, Args>;
  /** What the status bar says meanwhile, such as "Growing". */
  readonly doing: string;
  /** Whether the result depends on the labels; one that does not may be computed again under its own preview. */
  readonly readsLabels: boolean;
  /** What may be painted over; the rule of the tools when absent. */
  readonly over?: EditRules["over"];
  /** Said when the kernel proposes nothing. */
  readonly nothing: string;
  /** Computes what would change. Throws `argument` for arguments that do not fit the study. */
  compute(study: EffectStudy, kernels: Kernels, args: Args, options: EffectOptions): Promise<EffectProposal>;
}

/** Parts of schemas that effects share. */
const index = v.pipe(v.number(), v.finite("An index is a finite number."));
export const ijkSchema = v.tuple([index, index, index]);
export const segmentSchema = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535));
export const regionSchema = v.object({ min: ijkSchema, max: ijkSchema });
export const connectivitySchema = v.picklist([6, 18, 26], "Connectivity is 6, 18 or 26.");
export const axisSchema = v.picklist([0, 1, 2], "An axis is 0, 1 or 2.");

/** Throws `argument` for a voxel outside the volume. */
export function requireInside({ image }: EffectStudy, what: string, ijk: IndexIjk): void {
  if (image.grid.contains(ijk)) return;
  const { dims } = image.grid;
  throw new VoxelwrightError("argument", `${what} ${ijk.join(", ")} is outside the volume of ${dims.join(" × ")}.`);
}

/** Voxel size of a grid on which lengths can be measured along the axes; throws `unsupported` on sheared and uneven ones. */
export function requireSpacing({ image }: EffectStudy): SpacingMm {
  const { regular, sheared, spacingMm } = image.grid;
  if (regular && !sheared) return [spacingMm[0], spacingMm[1], spacingMm[2]];
  const what = regular ? "Its axes are not at right angles" : "Its slices lie unevenly";
  throw new VoxelwrightError("unsupported", `${what}, and this measures in millimetres along them.`, {
    advice: "Reslice the scan to an even grid first.",
  });
}
