import type { BrickPixels, BrickSource, Dims, VoxelType } from "#volume";

/** The image a kernel reads, brick by brick, at level 0. Values in requests are stored values, not rescaled ones. */
export interface KernelImage {
  readonly dims: Dims;
  readonly voxelType: VoxelType;
  readonly frame: number;
  readonly bricks: BrickSource;
  /** Bricks of level 0 and the frame that are in memory now; none when absent. */
  residentBricks?(): Iterable<BrickPixels>;
}

/** The labels a kernel reads: 64³ values of a level-0 brick, undefined where all is background. Synchronous: labels are sparse. */
export interface KernelLabels {
  readonly dims: Dims;
  readBrick(brickIndex: number): Uint16Array | undefined;
  /** `brickIndex` of every brick that holds a label. */
  brickIndices(): Iterable<number>;
  /** The brick's bytes at rest (`encodeLabelBrick`), where they are at hand; kernels in workers get these. */
  encodedBrick?(brickIndex: number): Uint8Array | undefined;
}

/** Voxel size along i, j, k in millimetres. */
export type SpacingMm = readonly [number, number, number];

/** Neighbours that share a face (6), an edge too (18), a corner too (26). */
export type Connectivity = 6 | 18 | 26;
