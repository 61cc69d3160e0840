import { type AbortOptions, VoxelwrightError } from "#base";
import { brickCoordinates, brickDims, type BrickPixels } from "#volume";
import type { KernelImage } from "./kernel-data.ts";

/** Reads under way at once: enough that the next brick has come when one is done. */
const AHEAD = 3;

/** The bricks `indices` of an image in their order, a few read ahead. Rejects with `not-found` where one is not imported yet. */
export async function* readBricks(
  image: KernelImage,
  indices: readonly number[],
  { signal }: AbortOptions,
): AsyncGenerator<readonly [index: number, brick: BrickPixels]> {
  const reading: Promise<BrickPixels>[] = [];
  for (let next = 0, n = 0; n < indices.length; n++) {
    for (; next < indices.length && next < n + AHEAD; next++) {
      const read = readBrick(image, indices[next]!, signal ? { signal } : {});
      // A read that nobody comes to wait for any more may fail.
      read.catch(() => undefined);
      reading.push(read);
    }
    yield [indices[n]!, await reading.shift()!];
  }
}

async function readBrick(image: KernelImage, index: number, options: AbortOptions): Promise<BrickPixels> {
  const [bi, bj, bk] = brickCoordinates(brickDims(image.dims), index);
  const brick = await image.bricks.readBrick({ frame: image.frame, level: 0, bi, bj, bk }, options);
  if (brick) return brick;
  throw new VoxelwrightError("not-found", `Brick ${bi}, ${bj}, ${bk} of the image is not there yet.`, {
    advice: "Try again when the import has finished.",
  });
}
