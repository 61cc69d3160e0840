import type { AbortOptions } from "#base";
import { encodeLabelBrick, Labelmap } from "#labelmap";
import { labelBrick, type SeriesChoice } from "#sources";
import { BRICK_EDGE, brickDims, brickIndex, type Dims, type IndexBox } from "#volume";

/** Bricks read at once: enough that a disk or a server is never waited for alone. */
const AT_ONCE = 8;

/** Labels of a region of whole bricks, read brick by brick; the rest is background. Rejects as `labelBrick` does. */
export async function loadRegionLabels(
  series: SeriesChoice,
  { min, max }: IndexBox,
  options: AbortOptions = {},
): Promise<Labelmap> {
  const { dims } = series.description.grid;
  const bricks: [number, Uint8Array][] = [];
  const read = async (at: Dims): Promise<void> => {
    const bytes = encodeLabelBrick(await labelBrick(series, at, options));
    if (bytes) bricks.push([brickIndex(brickDims(dims), ...at), bytes]);
  };
  let reading: Promise<void>[] = [];
  for (let bk = min[2] / BRICK_EDGE; bk * BRICK_EDGE < max[2]; bk++)
    for (let bj = min[1] / BRICK_EDGE; bj * BRICK_EDGE < max[1]; bj++)
      for (let bi = min[0] / BRICK_EDGE; bi * BRICK_EDGE < max[0]; bi++) {
        reading.push(read([bi, bj, bk]));
        if (reading.length < AT_ONCE) continue;
        await Promise.all(reading);
        reading = [];
      }
  await Promise.all(reading);
  return new Labelmap(dims, { bricks });
}
