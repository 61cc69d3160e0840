import { compareSegments } from "../compare/compare.ts";
import { occupancyOfBricks } from "../compare/occupancy.ts";
import { findPieces } from "../components/find-pieces.ts";
import { countPatterns } from "../consensus/count-patterns.ts";
import { estimateConsensus } from "../consensus/estimate.ts";
import { writeConsensus } from "../consensus/write-consensus.ts";
import { distanceField } from "../distance/distance.ts";
import { bendField } from "../fill/bending-field.ts";
import { doubtBricks, fillBricks } from "../fill/plane-bricks.ts";
import { findErrors, sampleStack } from "../fill/plane-errors.ts";
import { readPlanes } from "../fill/plane-readings.ts";
import { doubtSlices, fillSlices, imageGains } from "../fill/slice-tasks.ts";
import { surveyMixture, surveyOblique, surveySlices } from "../fill/surveys.ts";
import { growAlone } from "../growth/grow-alone.ts";
import { momentsOfMasks } from "../growth/moments.ts";
import { countBins, rangeOfValues } from "../histogram/count-bins.ts";
import { countValues } from "../histogram/count-values.ts";
import { thresholdsOf } from "../histogram/thresholds-task.ts";
import { fillHoles } from "../holes/fill-holes.ts";
import { findBackground } from "../holes/find-background.ts";
import { listSegments } from "../holes/list-segments.ts";
import { writeIslands } from "../islands/write-islands.ts";
import { marginTile } from "../margin/margin.ts";
import { seedsAlone } from "../seeds/seeds-alone.ts";
import { smoothTile } from "../smooth/smooth.ts";
import { extentsOfSegments } from "../statistics/extent.ts";
import { refineStatistics } from "../statistics/refine.ts";
import { statisticsOfBlocks } from "../statistics/statistics.ts";
import { brickSurfaces } from "../surface/brick-surface.ts";
import { thresholdBricks } from "../threshold/threshold.ts";

/** Every task by name: what a thread of a crew can be asked to do. */
export const TASKS = {
  compare: compareSegments,
  compareOccupancy: occupancyOfBricks,
  consensusCount: countPatterns,
  consensusEstimate: estimateConsensus,
  consensusWrite: writeConsensus,
  countBins,
  countValues,
  distance: distanceField,
  fillBricks,
  fillDoubtBricks: doubtBricks,
  fillDoubtSlices: doubtSlices,
  fillErrors: findErrors,
  fillField: bendField,
  fillHoles,
  fillImageGains: imageGains,
  fillMixture: surveyMixture,
  fillPlanes: readPlanes,
  fillSlices,
  fillObliqueSurvey: surveyOblique,
  fillStackSamples: sampleStack,
  fillSurvey: surveySlices,
  findBackground,
  findPieces,
  grow: growAlone,
  listSegments,
  margin: marginTile,
  moments: momentsOfMasks,
  rangeOfValues,
  seeds: seedsAlone,
  smooth: smoothTile,
  statistics: statisticsOfBlocks,
  statisticsExtent: extentsOfSegments,
  statisticsRefine: refineStatistics,
  surfaces: brickSurfaces,
  threshold: thresholdBricks,
  thresholdsOf,
  writeIslands,
};
