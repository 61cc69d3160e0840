import { dot, normalize, type Vec3 } from "#base";
import type { ImageGrid, IndexIjk } from "#volume";
import type { DrawnPlane } from "#workers";

/** The plane of a stroke of discs: a slice of voxels, or one through a point along an LPS normal. */
export type StrokePlane = { readonly axis: 0 | 1 | 2; readonly slice: number } | { readonly normal: Vec3 };

/** Planes that were drawn on since the study was opened, so that a fill knows them also where nothing is left to be seen. */
export class DrawnPlanes {
  readonly #grid: ImageGrid;
  readonly #planes = new Map<string, { readonly plane: DrawnPlane; readonly entries: Set<number> }>();

  constructor(grid: ImageGrid) {
    this.#grid = grid;
  }

  /** Remembers a stroke through `point`, kept as journal entry `entry`. */
  add(plane: StrokePlane, point: IndexIjk, entry: number): void {
    const drawn = this.#planeOf(plane, point);
    const key = JSON.stringify(drawn);
    const known = this.#planes.get(key);
    if (known) known.entries.add(entry);
    else this.#planes.set(key, { plane: drawn, entries: new Set([entry]) });
  }

  /** Planes with a stroke that is not undone. */
  list(isDone: (entry: number) => boolean): DrawnPlane[] {
    return [...this.#planes.values()].filter(({ entries }) => [...entries].some(isDone)).map(({ plane }) => plane);
  }

  #planeOf(plane: StrokePlane, point: IndexIjk): DrawnPlane {
    if ("axis" in plane) return { axis: plane.axis, index: plane.slice };
    const round = (value: number): number => Math.round(value * 1e6) / 1e6;
    // Along the voxel axes, which a fill needs at right angles.
    const along = (axis: 0 | 1 | 2): number => round(dot(plane.normal, normalize(this.#grid.axis(axis))));
    const normal = [along(0), along(1), along(2)] as const;
    // A plane has one point nearest to index 0, whichever point it was drawn through.
    const spacing = this.#grid.spacingMm;
    const offset = point.reduce((sum, value, axis) => sum + value * spacing[axis]! * normal[axis]!, 0);
    const length2 = dot(normal, normal);
    const nearest = (axis: 0 | 1 | 2): number => round((normal[axis] * offset) / length2 / spacing[axis]);
    return { point: [nearest(0), nearest(1), nearest(2)], normal };
  }
}
