/** Exports of assembly/kernels/histogram; documented there. */
export interface HistogramExports {
  histogramCount(voxels: number, type: number, mask: number, counts: number): void;
  histogramHash(voxels: number, mask: number, table: number, places: number): number;
  histogramRehash(from: number, fromPlaces: number, to: number, toPlaces: number): void;
  histogramRange(voxels: number, mask: number, to: number): void;
  histogramBins(voxels: number, mask: number, edges: number, bins: number, counts: number): number;
}
