import { compareSegments } from "../compare/compare.ts";
import { occupancyOfBricks } from "../compare/occupancy.ts";
import { countPatterns } from "../consensus/count-patterns.ts";
import { estimateConsensus } from "../consensus/estimate.ts";
import { writeConsensus } from "../consensus/write-consensus.ts";
import { distanceField } from "../distance/distance.ts";
import { fillByShape } from "../fill/fill.ts";
import { growAlone } from "../growth/grow-alone.ts";
import { momentsOfMasks } from "../growth/moments.ts";
import { marginTile } from "../margin/margin.ts";
import { smoothTile } from "../smooth/smooth.ts";
import { extentsOfSegments } from "../statistics/extent.ts";
import { refineStatistics } from "../statistics/refine.ts";
import { statisticsOfBlocks } from "../statistics/statistics.ts";

/** Every task by name: what a thread of a crew can be asked to do. */
export const TASKS = {
  compare: compareSegments,
  compareOccupancy: occupancyOfBricks,
  consensusCount: countPatterns,
  consensusEstimate: estimateConsensus,
  consensusWrite: writeConsensus,
  distance: distanceField,
  fill: fillByShape,
  grow: growAlone,
  margin: marginTile,
  moments: momentsOfMasks,
  smooth: smoothTile,
  statistics: statisticsOfBlocks,
  statisticsExtent: extentsOfSegments,
  statisticsRefine: refineStatistics,
};
