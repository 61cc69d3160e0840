import { type ProgressOptions, VoxelwrightError } from "#base";
import { checkLabel, EncodedMasks } from "#labelmap";
import type { Crew } from "../crew/crew.ts";
import { shareOut } from "../crew/share-out.ts";
import { typedRange } from "../growth/range.ts";
import type { KernelImage } from "../kernel-data.ts";
import type { MaskProposal } from "../kernels.api.ts";
import { chooseBricks } from "../voxel-choice.ts";
import type { ThresholdRequest } from "./threshold.api.ts";

/** Thresholding, shared out by bricks; see `Kernels.threshold`. */
export async function threshold(
  crew: Crew,
  image: KernelImage,
  request: ThresholdRequest,
  options: ProgressOptions,
): Promise<MaskProposal> {
  const { range, segment, inside } = request;
  checkLabel(segment);
  if (Number.isNaN(range.low) || Number.isNaN(range.high)) {
    throw new VoxelwrightError("argument", "The range of a threshold must be two numbers.");
  }
  const typed = typedRange(image.voxelType, range.low, range.high);
  const { indices, chosen } = chooseBricks(image.dims, request);
  const shares = typed ? shareOut(indices, crew.count) : [];
  const parts = await crew.share(
    "threshold",
    { image, ...(inside ? { maps: [inside.labels] } : {}) },
    shares.map((own) => ({ request: { ...chosen, indices: own, range: typed! }, labelBricks: own })),
    options,
  );
  return {
    kind: "mask",
    segment,
    bricks: new EncodedMasks(parts.flatMap(({ masks }) => masks)),
    voxels: parts.reduce((sum, { voxels }) => sum + voxels, 0),
  };
}
