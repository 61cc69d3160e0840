import type { Dims } from "#volume";
import type { IslandsRequest } from "../islands/islands.api.ts";
import { type FlatComponents, placeOf } from "./components.ts";

/**
 * Flat labels after an operation on islands. `components` are those of the segments that are meant, found under the request's
 * connectivity.
 */
export function islandsReference(
  labels: ArrayLike<number>,
  dims: Dims,
  { numbers, rows }: FlatComponents,
  request: IslandsRequest,
): Uint16Array {
  const held = new Set("voxels" in request ? request.voxels.map(([i, j, k]) => numbers[placeOf(dims, i, j, k)]!) : []);
  const touched = new Set([...held].map((number) => rows[number - 1]!.segment));
  const values = "values" in request ? [...request.values] : [];
  const several = new Set(rows.filter(({ number }) => number > 1).map(({ segment }) => segment));
  const becomes = rows.map(({ segment, number, voxels }, n) => {
    const kept = (stays: boolean): number => (stays ? segment : 0);
    switch (request.operation) {
      case "largest":
        return kept(number <= request.count);
      case "removeSmaller":
        return kept(voxels >= request.leastVoxels);
      case "split":
        return several.has(segment) && number <= request.count ? values.shift()! : segment;
      case "keep":
        return kept(held.has(n + 1) || !(request.segments ?? [...touched]).includes(segment));
      case "remove":
        return kept(!held.has(n + 1));
    }
  });
  const result = new Uint16Array(labels.length);
  for (let n = 0; n < result.length; n++) result[n] = numbers[n] === 0 ? labels[n]! : becomes[numbers[n]! - 1]!;
  return result;
}
