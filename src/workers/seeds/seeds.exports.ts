/** What the WASM core exports for growths from seeds (`assembly/kernels/seeds/job.ts`, where each is documented). */
export interface SeedsExports {
  seedsJobBytes(bricks: number, ranks: number, items: number): number;
  seedsSlotBytes(): number;
  seedsShellBytes(): number;
  seedsScratchBytes(): number;
  seedsSpillRoom(): number;
  seedsInit(
    job: number,
    wide: boolean,
    shift: number,
    labelBits: number,
    limit: number,
    voxelType: number,
    valueOffset: number,
    valueStep: number,
    ni: number,
    nj: number,
    nk: number,
    ranks: number,
  ): void;
  seedsBox(job: number, i0: number, j0: number, k0: number, i1: number, j1: number, k1: number): void;
  seedsStepUnits(job: number, direction: number, units: number): void;
  seedsFree(job: number, label: number): void;
  seedsSegment(job: number, rank: number, segment: number, key: number): void;
  seedsCount(job: number, rank: number): number;
  seedsSlot(slot: number, bi: number, bj: number, bk: number): void;
  seedsPublish(job: number, slot: number): void;
  seedsWithdraw(job: number, slot: number, shell: number): void;
  seedsWaiting(job: number): number;
  seedsPriority(job: number): number;
  seedsItem(
    job: number,
    n: number,
    what: number,
    slot: number,
    voxels: number,
    bytes: number,
    count: number,
    out: number,
  ): number;
  seedsItemsDone(job: number): void;
  seedsStep(job: number, scratch: number, runs: number, dooming: boolean, threads: number): void;
  seedsStop(job: number): void;
  seedsPending(job: number): number;
  seedsTakeChanged(slot: number): number;
  seedsHasDoomed(slot: number): number;
  seedsDoomed(job: number): number;
}
