import { cross, dot, normalize, type Vec3 } from "#base";
import { BRICK_EDGE, brickCoordinates, brickDims, type ImageGrid, type IndexIjk, type PointLps } from "#volume";
import type { BrickSurface } from "./surface.api.ts";

/** Vertex records hold places in parts of a voxel (assembly/memory/surface.ts). */
export const PLACE_PARTS = 512;

/** Reads vertices of brick surfaces as the volume's geometry places them; the rule of `shaders/surface/surface.wgsl` in TypeScript. */
export class SurfaceReader {
  readonly #grid: ImageGrid;
  /** Rows of the inverse transpose: an index-space normal to LPS. */
  readonly #normals: readonly [Vec3, Vec3, Vec3];
  /** True where the grid's axes are left-handed: triangles then turn the other way. */
  readonly mirrored: boolean;

  constructor(grid: ImageGrid) {
    const { lpsToIndex } = grid;
    this.#grid = grid;
    const row = (axis: number): Vec3 => [lpsToIndex[axis * 4]!, lpsToIndex[axis * 4 + 1]!, lpsToIndex[axis * 4 + 2]!];
    this.#normals = [row(0), row(1), row(2)];
    this.mirrored = dot(grid.axis(0), cross(grid.axis(1), grid.axis(2))) < 0;
  }

  /** Continuous index of a vertex. */
  index({ brick, vertices }: BrickSurface, vertex: number): IndexIjk {
    const [i, j, k] = brickCoordinates(brickDims(this.#grid.dims), brick);
    const [first, second] = [vertices[vertex * 3]!, vertices[vertex * 3 + 1]!];
    const along = (at: number, parts: number): number => at * BRICK_EDGE - 1 + parts / PLACE_PARTS;
    return [along(i, first & 0xffff), along(j, first >>> 16), along(k, second & 0xffff)];
  }

  /** True for a vertex in a cell that reaches into the next brick, which has a vertex there as well. */
  nearBorder({ vertices }: BrickSurface, vertex: number): boolean {
    const [first, second] = [vertices[vertex * 3]!, vertices[vertex * 3 + 1]!];
    return atBorder(first & 0xffff) || atBorder(first >>> 16) || atBorder(second & 0xffff);
  }

  point(surface: BrickSurface, vertex: number): PointLps {
    return this.#grid.toLps(this.index(surface, vertex));
  }

  label({ vertices }: BrickSurface, vertex: number): number {
    return vertices[vertex * 3 + 1]! >>> 16;
  }

  /** Unit vector out of the segment, LPS. */
  normal({ brick, vertices }: BrickSurface, vertex: number): Vec3 {
    const word = vertices[vertex * 3 + 2]!;
    const [i, j, k] = fromOctahedron(((word << 16) >> 16) / 32767, (word >> 16) / 32767);
    const [a, b, c] = this.#normals;
    const gap = this.#gapMm(this.index({ brick, vertices } as BrickSurface, vertex)[2]);
    const own = (axis: 0 | 1 | 2): number => a[axis] * i + b[axis] * j + (c[axis] * k) / gap;
    return normalize([own(0), own(1), own(2)]);
  }

  /** Millimetres from slice to slice of an uneven stack; 1 where the affine has them. */
  #gapMm(k: number): number {
    const offsets = this.#grid.sliceOffsetsMm;
    if (!offsets || offsets.length < 2) return 1;
    const below = Math.min(Math.max(Math.floor(k), 0), offsets.length - 2);
    return offsets[below + 1]! - offsets[below]!;
  }
}

/** Within a voxel of the brick's first or last: between its last voxel and the next brick's first. */
function atBorder(parts: number): boolean {
  return parts < PLACE_PARTS || parts >= BRICK_EDGE * PLACE_PARTS;
}

/** The inverse of the core's octahedral normal; not of unit length. */
function fromOctahedron(x: number, y: number): Vec3 {
  const z = 1 - Math.abs(x) - Math.abs(y);
  if (z >= 0) return [x, y, z];
  return [(1 - Math.abs(y)) * (x < 0 ? -1 : 1), (1 - Math.abs(x)) * (y < 0 ? -1 : 1), z];
}
