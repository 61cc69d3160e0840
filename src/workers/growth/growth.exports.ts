/** Exports of the growth kernel (`assembly/kernels/growth`). Functions that answer whether give 1 or 0. */
export interface GrowthExports {
  growthJobBytes(bricks: number, capacity: number): number;
  growthSlotBytes(): number;
  growthScratchBytes(): number;
  growthInit(
    job: number,
    voxelType: number,
    connectivity: number,
    low: number,
    high: number,
    ni: number,
    nj: number,
    nk: number,
    capacity: number,
  ): void;
  growthBox(job: number, i0: number, j0: number, k0: number, i1: number, j1: number, k1: number): void;
  growthDirectory(job: number, brick: number, voxels: number, how: number): void;
  growthFreeSlot(job: number, slot: number): number;
  growthFreeSlots(job: number): number;
  growthTakeFreeSlot(job: number): number;
  growthRun(job: number, scratch: number, runs: number, threads: number): void;
  growthStop(job: number, how: number): void;
  growthPending(job: number): number;
  growthReady(job: number): number;
  growthEvents(job: number): number;
  growthTakeWanted(job: number): number;
  growthSlotOf(job: number, brick: number): number;
  growthClaim(job: number, brick: number): number;
  growthSlot(job: number, slot: number, brick: number, voxels: number, how: number): void;
  growthSeed(job: number, slot: number, i: number, j: number, k: number): void;
  growthLetIn(job: number, slot: number, brick: number): void;
  growthEmpty(job: number, brick: number): void;
  growthStage(job: number, slot: number, brick: number): number;
  growthLent(slot: number): number;
  growthFinish(slot: number): number;
  growthReached(slot: number): number;
  growthForgetDirectory(job: number): void;
  growthStaging(job: number): number;
  growthIdle(job: number, slot: number): number;
  growthEvict(job: number, slot: number): void;
  growthRestore(job: number, slot: number, bits: number): void;
  growthTouchFrom(job: number, slot: number, bits: number, di: number, dj: number, dk: number): void;
  neighbourhoodScratch(): number;
  candidateBits(type: number, low: number, high: number, voxels: number, to: number): void;
  boxFilterBits(
    table: number,
    ri: number,
    rj: number,
    rk: number,
    ni: number,
    nj: number,
    nk: number,
    erode: number,
    scratch: number,
    to: number,
  ): void;
  gradientLimitBits(type: number, voxels: number, si: number, sj: number, sk: number, most: number, bits: number): void;
  repeatBorderBits(bits: number, ni: number, nj: number, nk: number): void;
  andBits(a: number, b: number): void;
  clipBits(bits: number, i0: number, j0: number, k0: number, i1: number, j1: number, k1: number): number;
  momentsOfBits(type: number, voxels: number, bits: number, to: number): void;
}
