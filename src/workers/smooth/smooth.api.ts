import type { SpacingMm } from "../kernel-data.ts";

/**
 * Smooths segments.
 *
 * - `median`: every voxel takes the value that most voxels have in the box of edge `mm` around it (voxels whose centre is within mm/2
 *   along each axis), where all that is not chosen counts as one value. At a tie a voxel keeps its value; where that is not
 *   among the most frequent, what is not chosen wins, then the lower label.
 * - `open`, `close`: a ball of radius `mm`. Opening keeps of a segment what a ball inside it covers; closing adds what no ball
 *   outside it reaches, of several segments to the nearest, at a tie to the lower.
 * - `gaussian`: a Gaussian of standard deviation `mm` over each segment by itself; it keeps and takes voxels of at least one half.
 *   Between neighbours gaps may open. At a tie the lower label wins.
 * - `joint`: all chosen segments together. Their union is smoothed like `gaussian`; each voxel of it then goes to the segment with
 *   the largest Gaussian weight there, at a tie to the lower label, so that no gap opens between neighbours.
 *
 * Gaussians are cut at four standard deviations, in whole numbers: weights add up to 2¹⁴ along each axis and sums are rounded up
 * after the second and the third. For median, gaussian and joint the volume is mirrored at its border; for open and close what
 * lies outside is unknown and changes nothing.
 */
export interface SmoothRequest {
  readonly method: "median" | "open" | "close" | "gaussian" | "joint";
  readonly spacingMm: SpacingMm;
  readonly mm: number;
  /** Label values; all that are present when absent. */
  readonly segments?: readonly number[];
}
