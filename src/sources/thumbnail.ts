import { normalize } from "#base";
import { ImageGrid, type VolumeDescription, type VoxelArray } from "#volume";
import type { Thumbnail } from "./source.ts";

/** Longest side of a thumbnail in pixels. */
const LONGEST = 96;

/**
 * A small picture of one stored slice, upright for a person: patient left to the right, posterior down or superior up, square
 * pixels in millimetres, nearest voxel. Grey by the description's window, else from the 1st to the 99th percentile of what
 * is shown.
 */
export function drawThumbnail(voxels: VoxelArray, description: VolumeDescription): Thumbnail {
  const { across, down, flipAcross, flipDown, widthMm, heightMm, columns, rows } = layout(description);
  const longest = Math.min(LONGEST, Math.max(columns, rows));
  const perPixel = Math.max(widthMm, heightMm) / longest;
  const width = Math.max(1, Math.round(widthMm / perPixel));
  const height = Math.max(1, Math.round(heightMm / perPixel));
  const values = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    const v = Math.min(rows - 1, Math.floor(((y + 0.5) * rows) / height));
    const from = (flipDown ? rows - 1 - v : v) * down;
    for (let x = 0; x < width; x++) {
      const u = Math.min(columns - 1, Math.floor(((x + 0.5) * columns) / width));
      values[y * width + x] = voxels[from + (flipAcross ? columns - 1 - u : u) * across]!;
    }
  }
  const [low, high] = shownRange(values, description);
  const pixels = new Uint8Array(values.length);
  for (let n = 0; n < values.length; n++) {
    const grey = ((values[n]! - low) / (high - low)) * 255;
    pixels[n] = Number.isNaN(grey) ? 0 : Math.max(0, Math.min(255, Math.round(grey)));
  }
  return { width, height, pixels };
}

/** Width and height of what the picture shows, mm. */
export function thumbnailSizeMm(description: VolumeDescription): readonly [width: number, height: number] {
  const { widthMm, heightMm } = layout(description);
  return [widthMm, heightMm];
}

interface Layout {
  /** Steps in the slice for one pixel to the right and one down. */
  readonly across: number;
  readonly down: number;
  readonly flipAcross: boolean;
  readonly flipDown: boolean;
  readonly columns: number;
  readonly rows: number;
  readonly widthMm: number;
  readonly heightMm: number;
}

function layout(description: VolumeDescription): Layout {
  const grid = new ImageGrid(description.grid);
  const [ni, nj] = grid.dims;
  const [si, sj] = grid.spacingMm;
  const axes = [0, 1].map((axis) => {
    const along = normalize(grid.axis(axis));
    const sizes = along.map(Math.abs);
    const lps = sizes.indexOf(Math.max(...sizes));
    return { lps, positive: along[lps]! > 0 };
  });
  // The axis nearer to left-right is drawn across; left, posterior and inferior ends lie right and below.
  const swap = axes[0]!.lps > axes[1]!.lps;
  const [a, b] = swap ? [axes[1]!, axes[0]!] : [axes[0]!, axes[1]!];
  const flipAcross = !a.positive;
  const flipDown = b.lps === 2 ? b.positive : !b.positive;
  return swap
    ? { across: ni, down: 1, flipAcross, flipDown, columns: nj, rows: ni, widthMm: nj * sj, heightMm: ni * si }
    : { across: 1, down: ni, flipAcross, flipDown, columns: ni, rows: nj, widthMm: ni * si, heightMm: nj * sj };
}

/** Stored values shown black and white. */
function shownRange(values: Float64Array, { window, rescale }: VolumeDescription): readonly [number, number] {
  if (window && rescale.slope !== 0) {
    const ends = [window.center - window.width / 2, window.center + window.width / 2];
    const stored = ends.map((shown) => (shown - rescale.intercept) / rescale.slope);
    return [stored[0]!, stored[1]!];
  }
  const sorted = values.filter(Number.isFinite).sort();
  if (sorted.length === 0) return [0, 1];
  const low = sorted[Math.floor(sorted.length * 0.01)]!;
  const high = sorted[Math.ceil(sorted.length * 0.99) - 1]!;
  return high > low ? [low, high] : [low, low + 1];
}
