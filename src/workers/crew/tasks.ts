import { compareLabels } from "../compare/compare.ts";
import { distanceField } from "../distance/distance.ts";
import { fillByShape } from "../fill/fill.ts";
import { growAlone } from "../growth/grow-alone.ts";
import { momentsOfMasks } from "../growth/moments.ts";
import { marginTile } from "../margin/margin.ts";
import { smoothTile } from "../smooth/smooth.ts";
import { statisticsOfBricks } from "../statistics/statistics.ts";

/** Every task by name: what a thread of a crew can be asked to do. */
export const TASKS = {
  compare: compareLabels,
  distance: distanceField,
  fill: fillByShape,
  grow: growAlone,
  moments: momentsOfMasks,
  margin: marginTile,
  smooth: smoothTile,
  statistics: statisticsOfBricks,
};
