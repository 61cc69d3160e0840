/** The exports of the WASM core (`assembly/index.ts`); pointers and counts are numbers. Documented where they are defined. */
export interface KernelExports {
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
  growthSlot(slot: number, bi: number, bj: number, bk: number): void;
  growthSeed(slot: number, i: number, j: number, k: number): void;
  growthStage(job: number, slot: number, voxels: number, how: number): void;
  growthEmpty(job: number, bi: number, bj: number, bk: number): void;
  growthClaim(job: number, bi: number, bj: number, bk: number): void;
  growthStep(job: number, scratch: number, runs: number, threads: number): void;
  growthStop(job: number): void;
  growthPending(job: number): number;
  growthTakeWanted(job: number): number;
  growthReached(slot: number): number;
  growthCount(slot: number): number;
  planeDistanceScratch(nu: number, nv: number): number;
  planeSignedDistance(
    mask: number,
    nu: number,
    nv: number,
    su: number,
    sv: number,
    to: number,
    scratch: number,
  ): number;
  fillAddMoved(
    sum: number,
    nu: number,
    nv: number,
    field: number,
    fieldNu: number,
    fieldNv: number,
    du: number,
    dv: number,
    su: number,
    sv: number,
    weight: number,
  ): void;
  fillContest(
    sum: number,
    nu: number,
    nv: number,
    best: number,
    labels: number,
    sliceNu: number,
    u0: number,
    v0: number,
    label: number,
    perMm: number,
  ): void;
  statisticsBrick(
    voxels: number,
    type: number,
    labels: number,
    ni: number,
    nj: number,
    nk: number,
    rowOf: number,
    rows: number,
  ): number;
  labelRunsRoom(): number;
  labelRunsEncode(labels: number, to: number): number;
  labelRunsDecode(bytes: number, count: number, labels: number): number;
  maskRunsRoom(): number;
  maskRunsEncode(bits: number, to: number): number;
  maskRunsDecode(bytes: number, count: number, bits: number): void;
  copyBox(
    from: number,
    fromRow: number,
    fromPlane: number,
    to: number,
    toRow: number,
    toPlane: number,
    rowBytes: number,
    nj: number,
    nk: number,
  ): void;
  clearBox(to: number, toRow: number, toPlane: number, rowBytes: number, nj: number, nk: number): void;
}
