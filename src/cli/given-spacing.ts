import { type Vec3, VoxelwrightError } from "#base";
import { type SeriesChoice, spacedSeries } from "#sources";
import { spacingFault } from "#volume";
import { readNumbers } from "./read-arguments.ts";
import type { Arguments, CliPort, OptionSpec } from "./verb.ts";

/** The option of every verb that reads scans or labels. */
export const SPACING_OPTION: OptionSpec = {
  type: "string",
  value: "I,J,K",
  help: "size of voxels in mm where the file does not give it (1 mm is taken without this)",
};

/** `--spacing-mm i,j,k`; undefined where it is not given. Throws `argument` for what is no size. */
export function readSpacing(args: Arguments): Vec3 | undefined {
  const text = args.text("spacing-mm");
  if (text === undefined) return undefined;
  const sizes = readNumbers(text, 3, "--spacing-mm");
  for (const [axis, mm] of sizes.entries()) {
    const fault = spacingFault(mm);
    if (fault !== undefined)
      throw new VoxelwrightError("argument", `--spacing-mm along ${"ijk"[axis]} is ${mm}.`, { advice: fault });
  }
  return sizes as unknown as Vec3;
}

/** A series with the sizes that were given for those that its files lack; where none were, its notes name the option. */
export function giveSpacing(series: SeriesChoice, spacingMm: Vec3 | undefined): SeriesChoice {
  const { description } = series;
  const { missingSpacing: missing } = description;
  if (spacingMm) return spacedSeries(series, spacingMm);
  if (!missing) return series;
  const named = (note: string): string =>
    missing.notes.includes(note) ? `${note} Give it with --spacing-mm I,J,K.` : note;
  const missingSpacing = { ...missing, notes: missing.notes.map(named) };
  return { ...series, description: { ...description, notes: description.notes.map(named), missingSpacing } };
}

/** Says what is assumed, or what became of the sizes that were given; `found` is the series as its files describe it. */
export function tellSpacing({ description }: SeriesChoice, found: SeriesChoice, port: CliPort): void {
  for (const note of description.notes)
    if (!found.description.notes.includes(note)) port.note(`${description.name}: ${note}`);
}
