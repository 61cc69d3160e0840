/* Figures of a list of distances. */

/**
 * Takes the roots of squared distances (f64) in place. Writes their sum, the largest (f64, f64) and how many are within `tolerance` (f64)
 * to `to`, added up in the order of the list.
 */
export function distanceSummary(at: usize, count: u32, tolerance: f64, to: usize): void {
  let sum: f64 = 0;
  let most: f64 = 0;
  let within: f64 = 0;
  for (let n: usize = 0; n < <usize>count; n++) {
    const distance = sqrt<f64>(load<f64>(at + (n << 3)));
    store<f64>(at + (n << 3), distance);
    sum += distance;
    most = max(most, distance);
    if (distance <= tolerance) within += 1;
  }
  store<f64>(to, sum);
  store<f64>(to, most, 8);
  store<f64>(to, within, 16);
}

/** Puts the value of a rank in its place, smaller ones before it and larger ones after (Hoare, Find, 1961); returns it. */
export function selectRank(at: usize, count: u32, rank: u32): f64 {
  let left: usize = at;
  let right: usize = at + ((<usize>count - 1) << 3);
  const place = at + ((<usize>rank) << 3);
  while (left < right) {
    const pivot = load<f64>(place);
    let i = left;
    let j = right;
    while (i <= j) {
      while (load<f64>(i) < pivot) i += 8;
      while (load<f64>(j) > pivot) j -= 8;
      if (i > j) break;
      const held = load<f64>(i);
      store<f64>(i, load<f64>(j));
      store<f64>(j, held);
      i += 8;
      j -= 8;
    }
    if (j < place) left = i;
    if (i > place) right = j;
  }
  return load<f64>(place);
}

/** The smallest of the values after a rank that was selected; that of the rank itself when it is the last. */
export function leastAfter(at: usize, count: u32, rank: u32): f64 {
  if (rank + 1 >= count) return load<f64>(at + ((<usize>rank) << 3));
  let least: f64 = Infinity;
  for (let n = <usize>rank + 1; n < <usize>count; n++) least = min(least, load<f64>(at + (n << 3)));
  return least;
}
