import { DOUBT_BYTES, LEAST_DOUBT } from "../../memory/fill";

/* How sure a contest is, from the records of memory/fill. */

/** Bytes of a record. */
export function fillDoubtBytes(): i32 {
  return <i32>DOUBT_BYTES;
}

/** Begins a slice of `count` pixels. */
export function fillDoubtStart(doubts: usize, count: i32): void {
  for (let n = 0; n < count; n++) {
    const at = doubts + <usize>n * DOUBT_BYTES;
    store<i32>(at, LEAST_DOUBT);
    store<i32>(at, LEAST_DOUBT, 4);
    store<i64>(at, 0, 8);
  }
}

/**
 * Writes the chance that a pixel's label is wrong (f32 at `to`): how likely an error of the outline, normal with the deviation
 * √(`own`² + (`spread` · apart)²) in pixels, is larger than the pixel's distance from where the label would change. 0 where no shape
 * comes near.
 */
export function fillDoubts(doubts: usize, count: i32, own: f32, spread: f32, to: usize): void {
  const pixel: f32 = 64 * 16384;
  for (let n = 0; n < count; n++) {
    const at = doubts + <usize>n * DOUBT_BYTES;
    const most = load<i32>(at);
    let chance: f32 = 0;
    if (most > LEAST_DOUBT) {
      const margin = <f32>(most > 0 ? most - max(load<i32>(at, 4), 0) : -most) / pixel;
      const moved = (spread * <f32>load<i32>(at, 8)) / 64;
      chance = wrongChance(margin, sqrt(own * own + moved * moved));
    }
    store<f32>(to + ((<usize>n) << 2), chance);
  }
}

/** The upper tail of a normal distribution, by the logistic curve that is nearest to it. */
export function wrongChance(margin: f32, deviation: f32): f32 {
  const z = (1.702 * margin) / deviation;
  return z > 12 ? 0 : 1 / (1 + <f32>Math.exp(<f64>z));
}
