import { BRICK_EDGE, brickCoordinates, brickDims, brickIndex, type Dims, type IndexBox } from "#volume";
import { expand, hull, intersect, sizeOf, wholeBox } from "../index-box.ts";
import type { KernelLabels } from "../kernel-data.ts";

/** Voxels of a tile with its halo: about 50 MB in the core, which memories that are kept have room for. */
const TILE_VOXELS = 2 ** 22;

/** Tiles for each thread, where there is that much to do. */
const TILES_A_THREAD = 3;

/** Below this a tile's halo costs more than another thread gains. */
const LEAST_VOXELS = 2 ** 18;

/** A piece of a kernel's work: the voxels it may change, whole bricks, and the bricks with labels that it reads. */
export interface Tile {
  readonly box: IndexBox;
  readonly labelBricks: readonly number[];
}

/**
 * Cuts the part of a volume that a kernel may change into tiles of whole bricks: all bricks that `halo` voxels around a brick with
 * labels reach, since what is farther from labels does not change. Tiles do not depend on labels beyond that, and a kernel's
 * result not on tiles.
 */
export function planTiles(map: KernelLabels, halo: Dims, threads: number): Tile[] {
  const { dims } = map;
  const bricks = brickDims(dims);
  const labelled = [...map.brickIndices()].sort((a, b) => a - b);
  if (labelled.length === 0) return [];
  const steps = halo.map((n) => Math.ceil(n / BRICK_EDGE)) as unknown as Dims;
  const reached = bricksAround(labelled, bricks, steps);
  const region = reached.map(unitBox).reduce((box, brick) => hull(box, brick));
  let most = TILE_VOXELS;
  let boxes: IndexBox[];
  do {
    boxes = tilesOf(reached, region, tileEdges(region, halo, most));
    most /= 2;
  } while (threads > 1 && boxes.length < threads * TILES_A_THREAD && most >= LEAST_VOXELS);
  const holdsLabels = new Set(labelled);
  return boxes.map((tile) => ({
    box: intersect({ min: scaled(tile.min), max: scaled(tile.max) }, wholeBox(dims)),
    labelBricks: indicesIn(intersect(expand(tile, steps), wholeBox(bricks)), bricks).filter((n) => holdsLabels.has(n)),
  }));
}

/** Two parts of a tile, whole bricks each; undefined when it is one brick. */
export function halves(box: IndexBox): [IndexBox, IndexBox] | undefined {
  const size = sizeOf(box);
  const axis = size.indexOf(Math.max(...size));
  const count = Math.ceil(size[axis]! / BRICK_EDGE);
  if (count < 2) return undefined;
  const at = box.min[axis]! + (count >> 1) * BRICK_EDGE;
  const end = box.max.map((n, a) => (a === axis ? at : n)) as unknown as Dims;
  const start = box.min.map((n, a) => (a === axis ? at : n)) as unknown as Dims;
  return [
    { min: box.min, max: end },
    { min: start, max: box.max },
  ];
}

/** Coordinates of the bricks at most `steps` from those given. */
function bricksAround(indices: readonly number[], bricks: Dims, steps: Dims): Dims[] {
  const around = new Set<number>();
  for (const index of indices) {
    const box = expand(unitBox(brickCoordinates(bricks, index)), steps);
    for (const own of indicesIn(intersect(box, wholeBox(bricks)), bricks)) around.add(own);
  }
  return [...around].map((index) => brickCoordinates(bricks, index));
}

function indicesIn({ min, max }: IndexBox, bricks: Dims): number[] {
  const indices: number[] = [];
  for (let k = min[2]; k < max[2]; k++) {
    for (let j = min[1]; j < max[1]; j++) {
      for (let i = min[0]; i < max[0]; i++) indices.push(brickIndex(bricks, i, j, k));
    }
  }
  return indices;
}

/** Edges of a tile in bricks: the shortest edge grows first, as long as the tile with its halo has no more than `most` voxels. */
function tileEdges(region: IndexBox, halo: Dims, most: number): Dims {
  const edges: [number, number, number] = [1, 1, 1];
  const whole = sizeOf(region);
  const voxels = (): number => edges.reduce((product, n, axis) => product * (n * BRICK_EDGE + 2 * halo[axis]!), 1);
  const open = new Set<0 | 1 | 2>([0, 1, 2]);
  while (open.size > 0) {
    const axis = [...open].reduce((a, b) => (edges[b] < edges[a] ? b : a));
    edges[axis]++;
    if (edges[axis] <= whole[axis] && voxels() <= most) continue;
    edges[axis]--;
    open.delete(axis);
  }
  return edges;
}

/** The tiles of a region, in bricks, that hold one of the bricks; i fastest. */
function tilesOf(held: readonly Dims[], region: IndexBox, edges: Dims): IndexBox[] {
  const counts = sizeOf(region).map((n, axis) => Math.ceil(n / edges[axis]!)) as unknown as Dims;
  const found = new Set<number>();
  for (const at of held) {
    const [i, j, k] = at.map((n, axis) => Math.floor((n - region.min[axis]!) / edges[axis]!)) as unknown as Dims;
    found.add(brickIndex(counts, i, j, k));
  }
  return [...found]
    .sort((a, b) => a - b)
    .map((index) => {
      const min = brickCoordinates(counts, index).map(
        (n, axis) => region.min[axis]! + n * edges[axis]!,
      ) as unknown as Dims;
      return intersect({ min, max: [min[0] + edges[0], min[1] + edges[1], min[2] + edges[2]] }, region);
    });
}

function unitBox([i, j, k]: Dims): IndexBox {
  return { min: [i, j, k], max: [i + 1, j + 1, k + 1] };
}

function scaled([i, j, k]: readonly [number, number, number]): Dims {
  return [i * BRICK_EDGE, j * BRICK_EDGE, k * BRICK_EDGE];
}
