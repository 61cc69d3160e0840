import {
  focusOn,
  type PlaneBrick,
  planeLevel,
  slabBricks,
  slabPlanes,
  type SlicePlane,
  type VolumeBricks,
  wantsFor,
} from "#gpu";
import type { PointLps } from "#volume";

/** Share of the atlas that one plane may claim, so that all views fit together. */
export const ATLAS_SHARE = 0.25;

/** Bricks are sorted anew when the crosshair moves as far as this on the picture. */
const FOCUS_STEP_PX = 64;

/** The level and bricks that a plane needs. */
export interface PlaneNeeds {
  readonly level: number;
  /** True when the level is coarser than the pixels, because finer bricks would not fit. */
  readonly limited: boolean;
  readonly bricks: readonly PlaneBrick[];
  /** Of a slab; the plane alone where there is none. */
  readonly planes: readonly SlicePlane[];
}

/** What one view needs of one volume; worked out anew, and asked for, only when the plane changes. */
export class SliceNeeds {
  readonly #view: string;
  readonly #bricks: VolumeBricks;
  #last: (PlaneNeeds & { readonly key: string }) | undefined;

  /** `view` names who asks, as in `VolumeBricks.want`. */
  constructor(view: string, bricks: VolumeBricks) {
    this.#view = view;
    this.#bricks = bricks;
  }

  /** Asks for what a plane needs, nearest to `toward` first; `thicknessMm` is 0 where there is no slab. */
  of(plane: SlicePlane, frame: number, thicknessMm: number, toward: PointLps): PlaneNeeds {
    const bricks = this.#bricks;
    const { origin, right, mmPerPixel, width, height } = plane;
    const { capacity } = bricks.atlas;
    const focus = focusOn(plane, toward);
    const near = focus.map((pixel) => Math.floor(pixel / FOCUS_STEP_PX)).join();
    const key = `${near}/${origin.join()}/${right.join()}/${mmPerPixel}/${width}/${height}/${frame}/${thicknessMm}/${capacity}`;
    if (this.#last?.key === key) return this.#last;
    const { grid } = bricks;
    const ideal = planeLevel(grid, bricks.levels, plane);
    // Where all bricks of the volume fit there is nothing to share.
    const room = capacity >= bricks.table.entries.length ? capacity : Math.max(Math.floor(capacity * ATLAS_SHARE), 1);
    const planesAt = (level: number) => slabPlanes(grid, bricks.levels[level]!, plane, thicknessMm);
    let level = ideal;
    let planes = planesAt(level);
    let found = slabBricks(grid, bricks.levels[level]!, planes, focus);
    while (found.length > room && level < bricks.levels.length - 1) {
      level++;
      planes = planesAt(level);
      found = slabBricks(grid, bricks.levels[level]!, planes, focus);
    }
    this.#last = { key, level, limited: level > ideal, bricks: found, planes };
    bricks.want(this.#view, wantsFor(bricks.levels, frame, level, found));
    return this.#last;
  }

  /** Ends the view's interest in bricks. */
  end(): void {
    if (!this.#last) return;
    this.#bricks.want(this.#view, []);
    this.#last = undefined;
  }
}
