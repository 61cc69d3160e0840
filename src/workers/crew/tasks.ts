import { compareLabels } from "../compare/compare.ts";
import { findPieces } from "../components/find-pieces.ts";
import { fillByShape } from "../fill/fill.ts";
import { growAlone } from "../growth/grow-alone.ts";
import { momentsOfMasks } from "../growth/moments.ts";
import { fillHoles } from "../holes/fill-holes.ts";
import { findBackground } from "../holes/find-background.ts";
import { listSegments } from "../holes/list-segments.ts";
import { countBins, rangeOfValues } from "../histogram/count-bins.ts";
import { countValues } from "../histogram/count-values.ts";
import { thresholdsOf } from "../histogram/thresholds-task.ts";
import { writeIslands } from "../islands/write-islands.ts";
import { statisticsOfBricks } from "../statistics/statistics.ts";
import { thresholdBricks } from "../threshold/threshold.ts";

/** Every task by name: what a thread of a crew can be asked to do. */
export const TASKS = {
  compare: compareLabels,
  fill: fillByShape,
  grow: growAlone,
  moments: momentsOfMasks,
  statistics: statisticsOfBricks,
  findPieces,
  writeIslands,
  threshold: thresholdBricks,
  countValues,
  rangeOfValues,
  countBins,
  thresholdsOf,
  listSegments,
  findBackground,
  fillHoles,
};
