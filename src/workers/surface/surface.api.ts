/** Most rounds of relaxation: what is read around a brick grows by a voxel a round. */
export const MOST_SURFACE_ROUNDS = 16;

/**
 * Surfaces of segments by surface nets: closed, brick by brick. A brick's mesh has the faces of its own voxels and depends on its
 * labels and those of `surfaceReach(rounds)` voxels around it; where bricks meet, vertices lie at the same place to the last bit. Where
 * two segments touch they share the place and each has its own triangles, facing out of it. What lies outside the volume is background.
 */
export interface SurfaceRequest {
  /** `brickIndex` of the bricks to make; every one that holds a label when absent. */
  readonly bricks?: readonly number[];
  /** Rounds of relaxation, 0 (vertices in the middle of their cells) to 16. */
  readonly rounds: number;
  /** Segments whose surfaces are wanted; all when absent. The others shape the cells all the same. */
  readonly segments?: readonly number[];
}

/** The surfaces in one brick, in index space, so that the volume's geometry is applied where they are used. */
export interface BrickSurface {
  readonly brick: number;
  /** Label values that have triangles here, ascending. */
  readonly labels: Uint16Array<ArrayBuffer>;
  /** Three words each: u16 i, j, k, each 512 (index − brick's first index + 1), u16 label, i16 x, y of the normal (`readVertex`). */
  readonly vertices: Uint32Array<ArrayBuffer>;
  /** Three vertex numbers each, counter-clockwise seen from outside where the grid's axes are right-handed. */
  readonly triangles: Uint32Array<ArrayBuffer>;
}

/** Voxels around a brick that its mesh depends on: rounds, and two for normals. */
export function surfaceReach(rounds: number): number {
  return rounds + 2;
}
