import { VoxelwrightError } from "#base";
import { ImageGrid } from "#volume";
import type { FillRequest } from "#workers";
import { chooseSeries } from "./choose-series.ts";
import { heldImage } from "./series-image.ts";
import { requireText } from "./read-arguments.ts";
import type { Arguments, CliPort } from "./verb.ts";

/** What a fill looks at: the scan of `--image`, read whole, for `--method image`. */
export async function imageOfFill(
  args: Arguments,
  method: FillRequest["method"],
  grid: ImageGrid,
  port: CliPort,
): Promise<Pick<FillRequest, "image">> {
  if (method !== "image") return {};
  const series = await chooseSeries(requireText(args, "image", "fill"), args, port, { ifSeveral: true });
  const { description } = series;
  if (!grid.matches(new ImageGrid(description.grid))) {
    throw new VoxelwrightError("argument", "Its voxels are not those of the labels.", {
      subject: description.name,
      advice: "The scan must lie on the grid of LABELS.",
    });
  }
  return { image: await heldImage(series, port) };
}
