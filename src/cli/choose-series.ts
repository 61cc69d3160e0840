import { VoxelwrightError } from "#base";
import type { SeriesChoice, SourceListing } from "#sources";
import { giveSpacing, readSpacing, tellSpacing } from "./given-spacing.ts";
import type { Arguments, CliPort, OptionSpec } from "./verb.ts";

/** The option of every verb that reads one series. */
export const SERIES_OPTION: OptionSpec = {
  type: "string",
  value: "ID|N",
  help: "which series, where IN holds several: its id or its number (from 1) in the list of info",
};

/**
 * Opens IN and finds the one series that is meant; says what was left out. With `ifSeveral`, --series is for inputs that hold
 * several and a single one is taken whatever it says. `asStore` is the port's.
 * A verb that says all notes of the series itself asks for it with `allNotes`.
 */
export async function chooseSeries(
  path: string,
  args: Arguments,
  port: CliPort,
  { ifSeveral = false, asStore = false, allNotes = false } = {},
): Promise<SeriesChoice> {
  const spacingMm = readSpacing(args);
  const listing = await port.open(path, { asStore });
  requireSeries(path, listing);
  const wanted = ifSeveral && listing.series.length === 1 ? undefined : args.text("series");
  const chosen = wanted === undefined ? withoutItsLabels(listing.series) : matching(listing.series, wanted);
  const [first] = chosen;
  if (!first) {
    const advice = `It has ${listing.series.length}; voxelwright info lists them.`;
    throw new VoxelwrightError("not-found", `There is no series "${wanted}".`, { subject: path, advice });
  }
  if (chosen.length > 1) {
    const listed = listing.series.map((series, n) => `${n + 1} ${series.description.name}`).join(", ");
    const advice = `Choose with --series ID or number: ${listed}.`;
    throw new VoxelwrightError("argument", `It holds ${chosen.length} series.`, { subject: path, advice });
  }
  if (wanted === undefined && listing.series.length > 1)
    port.note(`Labels beside the image were passed over; --series chooses one of them.`);
  for (const note of listing.notes ?? []) port.note(note);
  for (const { name, message } of listing.refused) port.note(`${name}: ${message}`);
  const series = giveSpacing(first, spacingMm);
  if (!allNotes) tellSpacing(series, first, port);
  return series;
}

/** An image with labels beside it is the image: its labels are asked for by --series. */
function withoutItsLabels(series: readonly SeriesChoice[]): readonly SeriesChoice[] {
  return series.filter(({ labelsOf }) => labelsOf === undefined);
}

/** Throws with the first file's own fault when nothing could be opened. */
export function requireSeries(path: string, { series, refused }: SourceListing): void {
  if (series.length > 0) return;
  const [first, ...others] = refused;
  if (!first) throw new VoxelwrightError("source", "It holds nothing that can be opened.", { subject: path });
  const more = others.length > 0 ? { advice: `${others.length} more files were refused.` } : {};
  throw new VoxelwrightError("source", first.message, { subject: first.name, ...more });
}

function matching(series: readonly SeriesChoice[], wanted: string): readonly SeriesChoice[] {
  const byId = series.filter(({ id }) => id === wanted);
  if (byId.length > 0) return byId;
  const byNumber = /^\d+$/.test(wanted) ? series[Number(wanted) - 1] : undefined;
  return byNumber ? [byNumber] : [];
}
