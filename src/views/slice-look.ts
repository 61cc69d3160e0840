import type { SliceLook } from "#gpu";
import type { IndexIjk } from "#volume";
import { lutOf } from "./luts.ts";
import type { PlaneNeeds } from "./slice-needs.ts";
import type { Stage } from "./stage.ts";

/** Outside the volume; the calm ground of every view. */
export const VIEW_BACKGROUND = [0.043, 0.051, 0.063] as const;

/** How every flat picture of the volume is painted now; `ratio` is device pixels of a CSS pixel. */
export function sliceLook(stage: Stage, ratio: number): SliceLook {
  const { state } = stage;
  const { value } = state.lut;
  return {
    ...(value === "grey" ? {} : { lut: lutOf(value)!.colors }),
    ...stage.windowing,
    invert: state.invert.value,
    interpolation: state.interpolation.value,
    background: VIEW_BACKGROUND,
    showLabels: state.labelsVisible.value,
    showProposals: stage.hasProposals,
    labelFill: state.labelOpacity.value,
    labelOutline: state.labelOutline.value ? 1.25 * ratio : 0,
    activeSegment: stage.activeSegment.value,
    hoveredSegment: stage.hoveredSegment.value,
  };
}

/** Longest time that one picture gives to labels: after a large change the next pictures bring the rest. */
export const LABELS_WITHIN_MS = 8;

/** Brings the labels and proposals of what a picture needs to the GPU, as far as there is time. */
export function needLabels(stage: Stage, needs: PlaneNeeds): void {
  const bricks = needs.bricks.map(({ brick }) => brick);
  if (stage.state.labelsVisible.value) stage.labelBricks.need(needs.level, bricks, LABELS_WITHIN_MS);
  if (stage.hasProposals) stage.proposalBricks.need(needs.level, bricks, LABELS_WITHIN_MS);
}

/** Name of the segment at a voxel; empty for background. */
export function labelName({ port, segments }: Stage, voxel: IndexIjk): string {
  const label = port.labelAt(voxel);
  return label === 0 ? "" : (segments.value.find(({ value }) => value === label)?.name ?? `Label ${label}`);
}
