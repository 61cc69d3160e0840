import {
  BRICK_EDGE,
  bytesPerVoxel,
  createVoxels,
  type Dims,
  type PyramidLevel,
  type PyramidWork,
  type SliceWork,
  type VoxelArray,
  type VoxelType,
  viewVoxels,
} from "#volume";
import { createMemory, instantiate, type KernelCore, VOXEL_TYPE_CODE } from "../kernel-core.ts";
import { loadKernelModule } from "../kernel-module.ts";
import { MemoryArena } from "../memory-arena.ts";

const TILE = BRICK_EDGE * BRICK_EDGE;

/** The WASM core's voice of `plainPyramidWork`. Rejects with `worker` when the core cannot be had. */
export async function loadPyramidWork(): Promise<PyramidWork> {
  return createPyramidWork(await loadKernelModule());
}

/**
 * With a memory of its own: sums of one slice a level, and a band of 64 rows, whatever the number of rows. It serves one pyramid at a
 * time: the next takes the memory over.
 */
export function createPyramidWork(wasm: WebAssembly.Module): PyramidWork {
  const memory = createMemory(2 ** 31);
  const core = instantiate(wasm, memory);
  const arena = new MemoryArena(memory);
  return (levels, voxelType) => {
    arena.reset();
    const sums = levels.slice(1).map(({ dims }) => arena.scratch(dims[0] * dims[1] * sumBytes(voxelType)));
    const band = new Band(arena, levels[0]!, voxelType);
    return levels.map((level, n) => new CoreSliceWork(core, band, sums[n] ?? 0, level, levels[n + 1]?.dims, voxelType));
  };
}

/** Bytes of the sum of four voxels. */
function sumBytes(voxelType: VoxelType): number {
  return bytesPerVoxel(voxelType) <= 2 ? 4 : 8;
}

/** Room for 64 rows of the finest level and for what becomes of them, the last that the arena gives; every level uses it. */
class Band {
  readonly at: number;
  readonly tilesAt: number;
  readonly rangesAt: number;
  readonly meanAt: number;
  readonly rows: VoxelArray;
  readonly tiles: readonly VoxelArray[];
  readonly ranges: Float64Array;
  readonly mean: VoxelArray;

  constructor(arena: MemoryArena, { dims, bricks }: PyramidLevel, voxelType: VoxelType) {
    const size = bytesPerVoxel(voxelType);
    const voxels = dims[0] * BRICK_EDGE;
    this.at = arena.scratch(voxels * size);
    this.tilesAt = arena.scratch(bricks[0] * TILE * size);
    this.rangesAt = arena.scratch(bricks[0] * 16);
    this.meanAt = arena.scratch(voxels * size);
    const { buffer } = arena.memory;
    this.rows = viewVoxels(voxelType, buffer, this.at, voxels);
    const tile = (_: unknown, bi: number) => viewVoxels(voxelType, buffer, this.tilesAt + bi * TILE * size, TILE);
    this.tiles = Array.from({ length: bricks[0] }, tile);
    this.ranges = new Float64Array(buffer, this.rangesAt, bricks[0] * 2);
    this.mean = viewVoxels(voxelType, buffer, this.meanAt, voxels);
  }
}

class CoreSliceWork implements SliceWork {
  readonly #core: KernelCore;
  readonly #band: Band;
  readonly #sums: number;
  readonly #level: PyramidLevel;
  readonly #coarse: Dims | undefined;
  readonly #voxelType: VoxelType;
  #mean: VoxelArray | undefined;

  constructor(
    core: KernelCore,
    band: Band,
    sums: number,
    level: PyramidLevel,
    coarse: Dims | undefined,
    voxelType: VoxelType,
  ) {
    this.#core = core;
    this.#band = band;
    this.#sums = sums;
    this.#level = level;
    this.#coarse = coarse;
    this.#voxelType = voxelType;
  }

  place(slice: VoxelArray, plane: number, slab: readonly VoxelArray[], ranges: Float64Array): void {
    const { dims, bricks } = this.#level;
    const { exports } = this.#core;
    const { at, tiles, tilesAt, ranges: found, rangesAt } = this.#band;
    const type = VOXEL_TYPE_CODE[this.#voxelType];
    this.#forEachBand(slice, (rows, bj) => {
      exports.pyramidTiles(type, at, dims[0], rows, tilesAt, rangesAt);
      for (let bi = 0; bi < bricks[0]; bi++) {
        const n = bj * bricks[0] + bi;
        slab[n]!.set(tiles[bi]!, plane * TILE);
        ranges[n * 2] = Math.min(ranges[n * 2]!, found[bi * 2]!);
        ranges[n * 2 + 1] = Math.max(ranges[n * 2 + 1]!, found[bi * 2 + 1]!);
      }
    });
  }

  sum(slice: VoxelArray): void {
    this.#forEachBand(slice, (rows, bj) => void this.#halve(rows, bj, 0));
  }

  mean(slice: VoxelArray): VoxelArray {
    const [columns, rows] = this.#coarse!;
    const mean = (this.#mean ??= createVoxels(this.#voxelType, columns * rows));
    this.#forEachBand(slice, (height, bj) => {
      const { from, count } = this.#halve(height, bj, this.#band.meanAt);
      mean.set(this.#band.mean.subarray(0, count), from);
    });
    return mean;
  }

  /** Halves the rows of a band; where its rows of the coarser slice begin and how many voxels they have. */
  #halve(height: number, bj: number, mean: number): { readonly from: number; readonly count: number } {
    const { dims } = this.#level;
    const coarse = this.#coarse!;
    const step = coarse[1] === dims[1] ? 1 : 2;
    const axes = (coarse[0] === dims[0] ? 0 : 1) | (step === 1 ? 0 : 2);
    const from = ((bj * BRICK_EDGE) / step) * coarse[0];
    const sums = this.#sums + from * sumBytes(this.#voxelType);
    const type = VOXEL_TYPE_CODE[this.#voxelType];
    this.#core.exports.pyramidHalve(type, this.#band.at, dims[0], height, axes, sums, mean);
    return { from, count: Math.ceil(height / step) * coarse[0] };
  }

  /** Brings 64 rows after 64 rows of a slice in. */
  #forEachBand(slice: VoxelArray, take: (rows: number, bj: number) => void): void {
    const { dims, bricks } = this.#level;
    for (let bj = 0; bj < bricks[1]; bj++) {
      const first = bj * BRICK_EDGE * dims[0];
      const rows = Math.min(BRICK_EDGE, dims[1] - bj * BRICK_EDGE);
      this.#band.rows.set(slice.subarray(first, first + rows * dims[0]));
      take(rows, bj);
    }
  }
}
