/** Exports of assembly/kernels/components, and of masks and labels in assembly/kernels/bricks; documented there. */
export interface ComponentsExports {
  componentsBlockBytes(): number;
  componentsSet(block: number): number;
  componentsPieces(block: number): number;
  componentsRowsOfLabels(block: number, labels: number, ni: number, nj: number, nk: number): number;
  componentsRowsOfMask(block: number, ni: number, nj: number, nk: number): number;
  componentsJoin(block: number, labels: number, connectivity: number, planar: number): void;
  componentsGather(block: number, labels: number, segment: number, ni: number, nj: number, nk: number): number;
  componentsNumber(block: number, count: number, open: number): number;
  componentsPieceAt(block: number, voxel: number): number;
  componentsFaceRoom(): number;
  componentsFace(block: number, side: number, ni: number, nj: number, nk: number, to: number): number;
  componentsWrite(block: number, labelOf: number, erased: number, labels: number): void;
  componentsPaint(block: number, sizeOf: number, label: number, labels: number, sizes: number): void;
  labelsCount(labels: number): number;
  labelsSelect(labels: number, wanted: number): void;
  labelsSwapWithK(labels: number, axis: number): void;
  labelRunsList(bytes: number, count: number, seen: number, to: number): number;
  labelRunsMask(bytes: number, count: number, wanted: number, bits: number): number;
  maskCount(bits: number): number;
  maskInvert(bits: number): void;
  maskSwapWithK(bits: number, axis: number): void;
}
