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
    this.#add(this.#planeOf(plane, point), [entry]);
  }

  /** Remembers what another one does, of the same voxels with another size. */
  goOnFrom(before: DrawnPlanes): void {
    const spacingMm = this.#grid.spacingMm;
    const was = before.#grid.spacingMm;
    for (const { plane, entries } of before.#planes.values()) {
      if ("axis" in plane) this.#add(plane, entries);
      else {
        const along = (axis: 0 | 1 | 2): number => (plane.normal[axis] * was[axis]) / spacingMm[axis];
        this.#add(this.#oblique(normalize([along(0), along(1), along(2)]), plane.point), entries);
      }
    }
  }

  /** Planes with a stroke that is not undone. */
  list(isDone: (entry: number) => boolean): DrawnPlane[] {
    return [...this.#planes.values()].filter(({ entries }) => [...entries].some(isDone)).map(({ plane }) => plane);
  }

  #add(plane: DrawnPlane, entries: Iterable<number>): void {
    const key = JSON.stringify(plane);
    const known = this.#planes.get(key);
    if (known) for (const entry of entries) known.entries.add(entry);
    else this.#planes.set(key, { plane, entries: new Set(entries) });
  }

  #planeOf(plane: StrokePlane, point: IndexIjk): DrawnPlane {
    if ("axis" in plane) return { axis: plane.axis, index: plane.slice };
    // Along the voxel axes, which a fill needs at right angles.
    const along = (axis: 0 | 1 | 2): number => dot(plane.normal, normalize(this.#grid.axis(axis)));
    return this.#oblique([along(0), along(1), along(2)], point);
  }

  /** The plane through `point` at right angles to `direction`, in mm along the voxel axes. */
  #oblique(direction: Vec3, point: IndexIjk): DrawnPlane {
    const round = (value: number): number => Math.round(value * 1e6) / 1e6;
    const normal = [round(direction[0]), round(direction[1]), round(direction[2])] as const;
    // A plane has one point nearest to index 0, whichever point it was drawn through.
    const spacing = this.#grid.spacingMm;
    const offset = point.reduce((sum, value, axis) => sum + value * spacing[axis]! * normal[axis]!, 0);
    const length2 = dot(normal, normal);
    const nearest = (axis: 0 | 1 | 2): number => round((normal[axis] * offset) / length2 / spacing[axis]);
    return { point: [nearest(0), nearest(1), nearest(2)], normal };
  }
}
