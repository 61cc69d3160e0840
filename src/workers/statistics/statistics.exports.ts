/** Exports of the core for statistics (assembly/kernels/statistics, assembly/kernels/bricks/row-runs.ts). */
export interface StatisticsExports {
  rowRunsRoom(): number;
  rowRuns(bytes: number, count: number, ni: number, nj: number, nk: number, to: number): number;
  labelRunsMark(bytes: number, count: number, flags: number): void;
  labelRunsCorner(
    bytes: number,
    count: number,
    ni: number,
    nj: number,
    nk: number,
    to: number,
    rowBytes: number,
    planeBytes: number,
  ): number;
  statisticsKeep(runs: number, count: number, rowOf: number): number;
  statisticsMoments(runs: number, count: number, rowOf: number, sums: number, i0: number, j0: number, k0: number): void;
  statisticsHistogram(
    runs: number,
    from: number,
    count: number,
    voxels: number,
    type: number,
    rowOf: number,
    tables: number,
    pool: number,
  ): number;
  statisticsWide(
    runs: number,
    count: number,
    voxels: number,
    type: number,
    rowOf: number,
    wide: number,
    brick: number,
    met: number,
  ): number;
  statisticsRefine(
    runs: number,
    count: number,
    voxels: number,
    type: number,
    rowOf: number,
    lists: number,
    shift: number,
  ): void;
  hullNodesBytes(): number;
  hullKeysBytes(): number;
  statisticsHull(
    runs: number,
    count: number,
    rowOf: number,
    heads: number,
    nodes: number,
    i0: number,
    j0: number,
    k0: number,
    met: number,
    keys: number,
  ): number;
  cellsBoxBytes(): number;
  statisticsCells(box: number, own: number, rowOf: number, cells: number): void;
}
