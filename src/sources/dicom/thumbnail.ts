import type { VolumeDescription, VoxelArray } from "#volume";
import type { Thumbnail } from "../source.ts";

const LONGER_SIDE = 96;

/**
 * A small grey picture of a slice whose pixels are square on screen: window of the description, or 1st to 99th percentile.
 * `rescale` turns voxels into the values that the window speaks of.
 */
export function drawThumbnail(voxels: VoxelArray, description: VolumeDescription, invert: boolean): Thumbnail {
  const [columns, rows] = description.grid.dims;
  const m = description.grid.indexToLps;
  const tall = rows * Math.hypot(m[1], m[5], m[9]);
  const wide = columns * Math.hypot(m[0], m[4], m[8]);
  const side = Math.min(LONGER_SIDE, Math.max(columns, rows));
  const width = Math.max(1, Math.round(side * Math.min(1, wide / tall)));
  const height = Math.max(1, Math.round(side * Math.min(1, tall / wide)));
  const sample = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    const j = Math.min(rows - 1, Math.floor(((y + 0.5) * rows) / height));
    for (let x = 0; x < width; x++) {
      const i = Math.min(columns - 1, Math.floor(((x + 0.5) * columns) / width));
      sample[y * width + x] = voxels[j * columns + i]! * description.rescale.slope + description.rescale.intercept;
    }
  }
  const [low, high] = range(sample, description.window);
  const pixels = Uint8Array.from(sample, (value) => {
    const grey = Number.isFinite(value) ? Math.min(Math.max((255 * (value - low)) / (high - low || 1), 0), 255) : 0;
    return invert ? 255 - grey : grey;
  });
  return { width, height, pixels };
}

function range(sample: Float64Array, window: VolumeDescription["window"]): readonly [number, number] {
  if (window) return [window.center - window.width / 2, window.center + window.width / 2];
  const sorted = sample.filter(Number.isFinite).toSorted();
  if (sorted.length === 0) return [0, 1];
  return [sorted[Math.floor(0.01 * (sorted.length - 1))]!, sorted[Math.ceil(0.99 * (sorted.length - 1))]!];
}
