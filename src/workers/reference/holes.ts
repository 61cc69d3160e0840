import type { Dims } from "#volume";
import type { HolesRequest } from "../holes/holes.api.ts";
import { componentsReference } from "./components.ts";

/**
 * What filling holes proposes for a flat label map, by a search through the background of each segment: the label of every voxel in a
 * hole, 0 elsewhere.
 */
export function holesReference(labels: ArrayLike<number>, dims: Dims, request: HolesRequest): Uint16Array {
  const { axis, connectivity, mostVoxels = Number.POSITIVE_INFINITY } = request;
  const segments = request.segments ?? [...new Set(Array.from(labels))].filter((label) => label !== 0);
  const proposed = new Uint16Array(labels.length);
  const sizes = new Float64Array(labels.length).fill(Number.POSITIVE_INFINITY);
  for (const segment of [...segments].sort((a, b) => a - b)) {
    const background = new Uint8Array(labels.length);
    for (let n = 0; n < labels.length; n++) background[n] = labels[n] === segment ? 0 : 1;
    const { numbers, rows } = componentsReference(background, dims, connectivity === 6 ? 26 : 6, axis);
    const isHole = rows.map(({ voxels, box }) => {
      const inside = ([0, 1, 2] as const).every(
        (other) => other === axis || (box.min[other] > 0 && box.max[other] < dims[other]),
      );
      return inside && voxels <= mostVoxels;
    });
    for (let n = 0; n < labels.length; n++) {
      if (numbers[n] === 0 || !isHole[numbers[n]! - 1]) continue;
      const size = rows[numbers[n]! - 1]!.voxels;
      if (size >= sizes[n]!) continue;
      sizes[n] = size;
      proposed[n] = segment;
    }
  }
  return proposed;
}
