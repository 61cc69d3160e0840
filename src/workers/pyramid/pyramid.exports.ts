/** Exports of assembly/kernels/pyramid; documented there. */
export interface PyramidExports {
  pyramidTiles(type: number, band: number, width: number, rows: number, tiles: number, ranges: number): void;
  pyramidHalve(
    type: number,
    rows: number,
    width: number,
    height: number,
    axes: number,
    sums: number,
    mean: number,
  ): void;
}
