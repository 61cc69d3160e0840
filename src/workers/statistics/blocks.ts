import { brickCoordinates, brickIndex, type Dims } from "#volume";

/**
 * Cells of 2×2×2 voxels are shared out by blocks: the cells whose first voxel lies in one place of the lattice of bricks. The lattice
 * begins one before the first brick, because cells reach over the border of the volume. Blocks are numbered with the first axis
 * fastest.
 */
export function blockNumber(bricks: Dims, [bi, bj, bk]: Dims): number {
  return ((bk + 1) * (bricks[1] + 1) + (bj + 1)) * (bricks[0] + 1) + bi + 1;
}

/** The inverse: brick coordinates, −1 before the first brick. */
export function blockAt(bricks: Dims, number: number): Dims {
  const [bi, bj, bk] = brickCoordinates([bricks[0] + 1, bricks[1] + 1, bricks[2] + 1], number);
  return [bi - 1, bj - 1, bk - 1];
}

/** Brick at a place of the lattice; undefined outside the volume. */
export function brickOfBlock(bricks: Dims, [bi, bj, bk]: Dims): number | undefined {
  const inside = bi >= 0 && bj >= 0 && bk >= 0 && bi < bricks[0] && bj < bricks[1] && bk < bricks[2];
  return inside ? brickIndex(bricks, bi, bj, bk) : undefined;
}

/** Steps from a block to those that its cells reach: itself and seven after it. */
export const REACHED: readonly Dims[] = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => [n & 1, (n >> 1) & 1, n >> 2]);

/** Blocks to be looked at, ascending: bricks with labels and, when cells are counted, the blocks whose cells reach into them. */
export function planBlocks(bricks: Dims, labelled: Iterable<number>, cells: boolean): number[] {
  const blocks = new Set<number>();
  for (const index of labelled) {
    const [bi, bj, bk] = brickCoordinates(bricks, index);
    for (const [di, dj, dk] of cells ? REACHED : [[0, 0, 0] as const]) {
      blocks.add(blockNumber(bricks, [bi - di, bj - dj, bk - dk]));
    }
  }
  return [...blocks].sort((a, b) => a - b);
}

/** Bricks that the cells of blocks reach into. */
export function bricksOfBlocks(bricks: Dims, blocks: readonly number[], cells: boolean): number[] {
  const found = new Set<number>();
  for (const block of blocks) {
    const [bi, bj, bk] = blockAt(bricks, block);
    for (const [di, dj, dk] of cells ? REACHED : [[0, 0, 0] as const]) {
      const index = brickOfBlock(bricks, [bi + di, bj + dj, bk + dk]);
      if (index !== undefined) found.add(index);
    }
  }
  return [...found].sort((a, b) => a - b);
}
