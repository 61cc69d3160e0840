/** Exports of the core for comparing label maps (assembly/kernels/compare). */
export interface CompareExports {
  brickOccupancy(runs: number, count: number, entryOf: number, to: number): number;
  gridAddRuns(runs: number, count: number, gridOf: number, word: number, j0: number, k0: number): void;
  gridCommon(a: number, b: number): number;
  gridSurface(grid: number, surface: number, pages: number, end: number): number;
  gridNearest(
    page: number,
    word: number,
    j0: number,
    k0: number,
    grid: number,
    job: number,
    to: number,
    first: number,
  ): number;
  gridNearestAgain(list: number, from: number, end: number, grid: number, job: number, to: number): void;
  sweepGroups(waiting: number, count: number, distances: number, groups: number): number;
  sweepColumns(
    window: number,
    waiting: number,
    groups: number,
    count: number,
    k: number,
    sk: number,
    columns: number,
  ): number;
  sweepPlane(
    grid: number,
    k: number,
    window: number,
    columns: number,
    inverse: number,
    values: number,
    places: number,
    plane: number,
    envelope: number,
  ): number;
  sweepWaiting(
    window: number,
    waiting: number,
    groups: number,
    count: number,
    k: number,
    sk: number,
    plane: number,
    distances: number,
  ): void;
  distanceSummary(at: number, count: number, tolerance: number, to: number): void;
  selectRank(at: number, count: number, rank: number): number;
  leastAfter(at: number, count: number, rank: number): number;
}
