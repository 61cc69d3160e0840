import type { AbortOptions, Vec3 } from "#base";
import type { StudyRecord } from "#storage";
import { ImageGrid, sameSpacing, withSpacing } from "#volume";
import { type AskSpacingPort, askEach, worthAsking } from "./ask-spacing.ts";
import type { SeriesRow } from "./import.api.ts";

/** Sizes along i, j and k in mm for what files do not give; `ask` has the user asked; undefined takes what readers assume. */
export type SpacingWish = Vec3 | "ask" | undefined;

/**
 * The same series with the voxel sizes that are wished for. A study of the list that an opening goes on with keeps the sizes that it
 * began with, and nothing is asked. Rejects with AbortError when the user cancels, before anything is brought in.
 */
export async function giveSpacing(
  session: AskSpacingPort,
  series: readonly SeriesRow[],
  wish: SpacingWish,
  options: AbortOptions,
): Promise<readonly SeriesRow[]> {
  if (wish !== undefined && wish !== "ask") return series.map((row) => spacedRow(row, wish));
  if (series.every(({ description }) => !description.missingSpacing)) return series;
  const studies = await session.port.store.list();
  const rows = series.map((row): SeriesRow => {
    const known = studies.find((study) => isOf(study, row));
    return known ? { ...spacedAs(row, known), asFound: row } : row;
  });
  if (wish === undefined) return rows;
  const asked = rows.filter((row) => !row.asFound && worthAsking(row));
  const given = await askEach(session, asked, options);
  return rows.map((row) => spacedRow(row, given.get(row)));
}

/**
 * The series for a study of its own: where it has the sizes of a study that it was to go on with and is not of, its own are asked for or
 * assumed, as for any other. Rejects with AbortError when the user cancels.
 */
export async function ownSpacing(
  session: AskSpacingPort,
  { asFound, ...row }: SeriesRow,
  wish: SpacingWish,
  options: AbortOptions,
): Promise<SeriesRow> {
  if (!asFound || wish !== "ask" || !worthAsking(asFound)) return asFound ?? row;
  const given = await askEach(session, [asFound], options);
  return spacedRow(asFound, given.get(asFound));
}

/** The same series with the sizes of a study that was begun of it, where these were given by hand. */
export function spacedAs(row: SeriesRow, { description }: Pick<StudyRecord, "description">): SeriesRow {
  const given = row.description.missingSpacing && !description.missingSpacing;
  return given ? spacedRow(row, new ImageGrid(description.grid).spacingMm) : row;
}

/** Whether the sizes that were given for a series are those of a study of it. */
export function fitsStudy({ spacingMm, description }: SeriesRow, study: Pick<StudyRecord, "description">): boolean {
  const of = ({ grid }: typeof description): Vec3 => new ImageGrid(grid).spacingMm;
  return spacingMm === undefined || sameSpacing(of(description), of(study.description));
}

function spacedRow(row: SeriesRow, spacingMm: Vec3 | undefined): SeriesRow {
  return spacingMm ? { ...row, spacingMm, description: withSpacing(row.description, spacingMm) } : row;
}

/** Whether opening a series goes on with a study: one that was cut off, that is damaged, or that is read where it lies. */
function isOf(
  { state, source, origin, damaged }: StudyRecord,
  { id, fingerprint, chunked, inPlace }: SeriesRow,
): boolean {
  if (origin) {
    const there = (chunked ?? inPlace)?.fingerprint;
    return state === "ready" && origin.seriesId === id && origin.fingerprint === there;
  }
  return source?.fingerprint === fingerprint && (state === "cut-off" || (state === "ready" && damaged === true));
}
