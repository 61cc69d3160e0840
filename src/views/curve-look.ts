/**
 * How a picture along a path is made. `straightened`: columns turn with the path, which becomes a straight line; `curved`: columns are
 * all parallel, along the direction that the path spreads least in, as in a panoramic picture of the jaw.
 */
export type CurveMode = "straightened" | "curved";

export interface CurveLook {
  /** Id of the path, a measurement. */
  readonly path: number;
  readonly mode: CurveMode;
  /** How far columns are turned about the path (straightened) or about its chord (curved), degrees. */
  readonly angleDeg: number;
  /** 1 = the whole length just fits. */
  readonly zoom: number;
  /** The view's centre away from the path's middle: along it, and down; mm. */
  readonly panMm: readonly [number, number];
}

/** A path shown anew. */
export function curveOf(path: number): CurveLook {
  return { path, mode: "straightened", angleDeg: 0, zoom: 1, panMm: [0, 0] };
}
