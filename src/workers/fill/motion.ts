import { type Component, commonPixels } from "./components.ts";

/** A place along the path of a shape, in pixels from where it is on the annotated slice before. */
export type Place = readonly [u: number, v: number];

/**
 * How much of a step of the centroid is motion: the rest is one side growing while the other stays, and the jitter of the hand. From
 * 0.6 to 1 Dice hardly changes on real labels; 0 loses thin oblique structures.
 */
const MOTION = 0.75;
/** How fast that goes to none with what moving loses, as a share of the smaller side. */
const LOSS = 4;

/**
 * How far a component moves to its partner. Where the whole step would take it off what it lies on already, its centroid went elsewhere
 * for another reason: a long structure shows more of itself on one side, or a branch begins.
 */
export function motion(from: Component, to: Component): Place {
  const [du, dv] = [to.cu - from.cu, to.cv - from.cv];
  const [wholeU, wholeV] = [wholePixels(du), wholePixels(dv)];
  if (wholeU === 0 && wholeV === 0) return [MOTION * du, MOTION * dv];
  const lost = commonPixels(from, to, 0, 0) - commonPixels(from, to, wholeU, wholeV);
  const share = MOTION * Math.min(1, Math.max(0, 1 - (LOSS * lost) / Math.min(from.pixels, to.pixels)));
  return [share * du, share * dv];
}

/** Rounded so that a step and its way back are the same. */
function wholePixels(step: number): number {
  return Math.sign(step) * Math.round(Math.abs(step));
}
