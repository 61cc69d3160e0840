import { BRICK_EDGE, brickDims, brickIndex, type Dims, type IndexBox } from "#volume";

/** The voxels of a region that are in the volume; undefined when there are none. The whole volume when no region is given. */
export function regionWithin(dims: Dims, region: IndexBox | undefined): IndexBox | undefined {
  const min = dims.map((_, axis) => Math.max(0, Math.ceil(region?.min[axis] ?? 0))) as unknown as Dims;
  const max = dims.map((n, axis) => Math.min(n, Math.ceil(region?.max[axis] ?? n))) as unknown as Dims;
  return min.every((n, axis) => n < max[axis]!) ? { min, max } : undefined;
}

/** `brickIndex` of every brick that a box within the volume touches, ascending. */
export function bricksOfBox(dims: Dims, { min, max }: IndexBox): number[] {
  const bricks = brickDims(dims);
  const first = (axis: 0 | 1 | 2): number => Math.floor(min[axis] / BRICK_EDGE);
  const end = (axis: 0 | 1 | 2): number => Math.ceil(max[axis] / BRICK_EDGE);
  const indices: number[] = [];
  for (let bk = first(2); bk < end(2); bk++) {
    for (let bj = first(1); bj < end(1); bj++) {
      for (let bi = first(0); bi < end(0); bi++) indices.push(brickIndex(bricks, bi, bj, bk));
    }
  }
  return indices;
}
