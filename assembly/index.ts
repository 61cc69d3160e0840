/* The exports of the WASM core. Memory is imported; its owner lays it out and passes pointers (memory/, README.md). */

export {
  growthBox,
  growthDirectory,
  growthEvents,
  growthFreeSlot,
  growthFreeSlots,
  growthInit,
  growthJobBytes,
  growthPending,
  growthReady,
  growthRun,
  growthScratchBytes,
  growthSlotBytes,
  growthSlotOf,
  growthStop,
  growthTakeFreeSlot,
  growthTakeWanted,
} from "./kernels/growth/job";
export {
  growthEvict,
  growthForgetDirectory,
  growthIdle,
  growthRestore,
  growthStaging,
  growthTouchFrom,
} from "./kernels/growth/spill";
export {
  growthClaim,
  growthEmpty,
  growthFinish,
  growthLent,
  growthLetIn,
  growthReached,
  growthSeed,
  growthSlot,
  growthStage,
} from "./kernels/growth/staged";
export { fillDoubtful, fillUnsure } from "./kernels/fill/image-doubt";
export {
  fillFieldAlone,
  fillFieldBytes,
  fillFieldDecide,
  fillFieldLink,
  fillFieldPixels,
  fillFieldReady,
  fillFieldRound,
  fillFieldStart,
} from "./kernels/fill/image-field";
export { fillLocalBytes, fillLocalFind, fillLocalScratch, fillLocalSums } from "./kernels/fill/image-locals";
export { fillImageSlice, fillSteps, fillSure } from "./kernels/fill/image-values";
export { fillLeast, fillShapes, fillShapesScratch } from "./kernels/fill/blend";
export {
  fillComponentBytes,
  fillComponents,
  fillCountRuns,
  fillFindRuns,
  fillRunBytes,
} from "./kernels/fill/components";
export {
  fillBendRefine,
  fillBendSamples,
  fillBendScratch,
  fillBendSolve,
  fillBendStart,
  fillSampleBytes,
} from "./kernels/fill/bending";
export {
  fillAddErrors,
  fillAddWeights,
  fillClearLine,
  fillCorrect,
  fillFieldSlice,
  fillStackWeights,
} from "./kernels/fill/correct";
export { fillDoubtBytes, fillDoubts, fillDoubtStart } from "./kernels/fill/doubt";
export { fillBrickDoubts, fillClearPlane, fillEvaluate, fillKeepEmpty, fillValue } from "./kernels/fill/evaluate";
export { fillField, fillFieldScratch } from "./kernels/fill/field";
export { fillObliqueScratch, fillObliqueShapes } from "./kernels/fill/oblique";
export { fillOccupancy, fillOccupancyRowBytes, fillSlice, fillSliceCounts } from "./kernels/fill/runs";
export { fillWrite } from "./kernels/fill/write";
export { clearBox, clearBytes, copyBox, repeatBorder } from "./kernels/bricks/box";
export { readOnce } from "./kernels/bricks/read";
export { cellsBoxBytes, statisticsCells } from "./kernels/statistics/cells";
export { statisticsHistogram } from "./kernels/statistics/histogram";
export { hullKeysBytes, hullNodesBytes, statisticsHull } from "./kernels/statistics/hull";
export { statisticsKeep, statisticsMoments } from "./kernels/statistics/moments";
export { statisticsRefine, statisticsWide } from "./kernels/statistics/wide";
export { labelRunsCorner, labelRunsMark, rowRuns, rowRunsRoom } from "./kernels/bricks/row-runs";
export {
  labelRunsDecode,
  labelRunsEncode,
  labelRunsList,
  labelRunsRoom,
  maskRunsDecode,
  maskRunsEncode,
  maskRunsRoom,
} from "./kernels/bricks/runs";
export {
  andBits,
  boxFilterBits,
  candidateBits,
  clipBits,
  neighbourhoodScratch,
  repeatBorderBits,
} from "./kernels/growth/neighbourhood";
export { gradientLimitBits } from "./kernels/growth/gradient";
export { momentsOfBits } from "./kernels/growth/moments";
export {
  seedsBox,
  seedsCount,
  seedsDoomed,
  seedsFree,
  seedsHasDoomed,
  seedsInit,
  seedsItem,
  seedsItemsDone,
  seedsJobBytes,
  seedsPending,
  seedsPriority,
  seedsPublish,
  seedsScratchBytes,
  seedsSegment,
  seedsSlot,
  seedsSlotBytes,
  seedsStep,
  seedsStepUnits,
  seedsStop,
  seedsTakeChanged,
  seedsWaiting,
  seedsWithdraw,
} from "./kernels/seeds/job";
export { seedsShellBytes, seedsSpillRoom } from "./kernels/seeds/spill";
export { labelsCount, labelsSelect, labelsSwapWithK } from "./kernels/bricks/labels";
export { labelRunsMask, maskCount, maskInvert, maskSwapWithK } from "./kernels/bricks/masks";
export { componentsFace, componentsFaceRoom } from "./kernels/components/faces";
export { componentsJoin } from "./kernels/components/join";
export {
  componentsBlockBytes,
  componentsGather,
  componentsNumber,
  componentsPieceAt,
  componentsPieces,
  componentsSet,
} from "./kernels/components/pieces";
export { componentsRowsOfLabels, componentsRowsOfMask } from "./kernels/components/rows";
export { componentsPaint, componentsWrite } from "./kernels/components/write";
export { histogramBins, histogramRange } from "./kernels/histogram/bins";
export { histogramCount, histogramHash, histogramRehash } from "./kernels/histogram/count";
export { boxDistances, distanceJobBytes, distanceRows, distanceSlices, distanceStart } from "./kernels/distance/box";
export { claimNearest, clearMembers, clearOfLabel, farWhereWithin } from "./kernels/distance/claim";
export { fillFar } from "./kernels/distance/columns";
export { capField, placeInside, placeOfLabel } from "./kernels/distance/field";
export { bitsMirrored, bitsOfLabel, bitsOfMembers, bitsWithin, boxOfBits, invertBits } from "./kernels/labels/bits";
export { boxesOfLabels } from "./kernels/labels/boxes";
export { claimLargest, endVote, openWhere, startContest, vote } from "./kernels/smooth/claim";
export { smoothJobBytes, smoothRows, smoothSlices, smoothStart } from "./kernels/smooth/box";
export { changesOfBrick } from "./kernels/labels/changes";
export { brickOccupancy, gridAddRuns, gridCommon, gridSurface } from "./kernels/compare/bits";
export { gridNearest, gridNearestAgain } from "./kernels/compare/nearest";
export { distanceSummary, leastAfter, selectRank } from "./kernels/compare/summary";
export { sweepColumns, sweepGroups, sweepPlane, sweepWaiting } from "./kernels/compare/sweep";
export {
  consensusCount,
  consensusIndex,
  consensusWrite,
  nextRun as consensusNextRun,
} from "./kernels/consensus/patterns";
export { surfaceCells, surfaceLinks } from "./kernels/surface/cells";
export { surfaceCount, surfaceFaces } from "./kernels/surface/faces";
export { surfaceRelax, surfaceSteps, surfaceStepsBytes } from "./kernels/surface/relax";
export { codecMemoryBytes, codecVoxels } from "./memory/codec";
export { codecDecode } from "./kernels/codec/decode";
export { codecEncode } from "./kernels/codec/encode";
export { pyramidHalve } from "./kernels/pyramid/halve";
export { pyramidTiles } from "./kernels/pyramid/tiles";
