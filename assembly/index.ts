/* The exports of the WASM core. Memory is imported; its owner lays it out and passes pointers (memory/, README.md). */

export {
  growthBox,
  growthClaim,
  growthCount,
  growthEmpty,
  growthInit,
  growthJobBytes,
  growthPending,
  growthReached,
  growthScratchBytes,
  growthSeed,
  growthSlot,
  growthSlotBytes,
  growthStage,
  growthStep,
  growthStop,
  growthTakeWanted,
} from "./kernels/growth/job";
export { planeDistanceScratch, planeSignedDistance } from "./kernels/distance/plane";
export { fillAddMoved, fillContest } from "./kernels/fill/blend";
export { statisticsBrick } from "./kernels/statistics/brick";
export { clearBox, copyBox } from "./kernels/bricks/box";
export {
  labelRunsDecode,
  labelRunsEncode,
  labelRunsRoom,
  maskRunsDecode,
  maskRunsEncode,
  maskRunsRoom,
} from "./kernels/bricks/runs";
