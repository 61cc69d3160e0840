import type { Emitter } from "#base";

/** The surfaces of the segments in one brick; records as `assembly/memory/surface.ts` draws them. The arrays stay the source's. */
export interface SurfaceMesh {
  /** `brickIndex` at the source's level. */
  readonly brick: number;
  /** Label values that have triangles here, ascending. */
  readonly labels: Uint16Array;
  readonly vertices: Uint32Array<ArrayBuffer>;
  readonly triangles: Uint32Array<ArrayBuffer>;
}

/** Where the volume view gets surfaces. */
export interface SurfaceSource {
  /** Level of the labels that the meshes are of; another one only with other meshes. */
  readonly level: number;
  /** By brick. */
  readonly meshes: ReadonlyMap<number, SurfaceMesh>;
  /** Told which bricks have another mesh, or none any more. */
  readonly changed: Emitter<readonly number[]>;
}
