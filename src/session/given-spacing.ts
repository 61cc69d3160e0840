import type { AbortOptions, ProgressOptions, ReadonlySignal, Vec3 } from "#base";
import type { StudyRecord, StudyStore } from "#storage";
import { ImageGrid, sameSpacing, withSpacing } from "#volume";
import type { ImportService } from "./import-service.ts";
import type { SeriesRow } from "./import.api.ts";
import type { SpacingQuestions } from "./spacing-question.ts";

/** Sizes along i, j and k in mm for what files do not give; `ask` has the user asked; undefined takes what readers assume. */
export type SpacingWish = Vec3 | "ask" | undefined;

/** The parts of a session that it takes. */
export interface GiveSpacingPort {
  readonly port: { readonly imports: ImportService; readonly store: StudyStore };
  readonly spacings: SpacingQuestions;
  /** What was given last is kept there. */
  readonly settings: ReadonlySignal<{ readonly spacingMm?: Vec3 }>;
  setSettings(change: { readonly spacingMm: Vec3 }): Promise<unknown>;
}

/**
 * The same series with the voxel sizes that are wished for. A study of the list that an opening goes on with keeps the sizes that it
 * began with, and nothing is asked. Rejects with AbortError when the user cancels, before anything is brought in.
 */
export async function giveSpacing(
  session: GiveSpacingPort,
  series: readonly SeriesRow[],
  wish: SpacingWish,
  options: AbortOptions,
): Promise<readonly SeriesRow[]> {
  if (wish !== undefined && wish !== "ask") return series.map((row) => spacedRow(row, wish));
  if (series.every(({ description }) => !description.missingSpacing)) return series;
  const { imports, store } = session.port;
  const studies = await store.list();
  const given: SeriesRow[] = [];
  for (const row of series) {
    const known = studies.find((study) => isOf(study, row));
    if (known) given.push(spacedAs(row, known));
    else if (wish !== "ask" || !worthAsking(row)) given.push(row);
    else {
      const asked = imports.during(row.description.name, (run) => ask(session, row, run), options);
      given.push(await asked);
    }
  }
  return given;
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

function spacedRow(row: SeriesRow, spacingMm: Vec3): SeriesRow {
  return { ...row, spacingMm, description: withSpacing(row.description, spacingMm) };
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

/** The thickness of a single slice alone is nothing to hold a picture up for. */
function worthAsking({ description: { missingSpacing, grid } }: SeriesRow): boolean {
  return missingSpacing?.axes.some((axis) => grid.dims["ijk".indexOf(axis)]! > 1) ?? false;
}

async function ask(
  session: GiveSpacingPort,
  row: SeriesRow,
  { signal, onProgress }: ProgressOptions,
): Promise<SeriesRow> {
  const { name, grid, missingSpacing } = row.description;
  onProgress?.({ fraction: 0, what: "waiting for the size of its voxels" });
  const answer = await session.spacings.ask(
    {
      name,
      dims: grid.dims,
      spacingMm: new ImageGrid(grid).spacingMm,
      missing: missingSpacing?.axes ?? [],
      lastMm: session.settings.value.spacingMm,
    },
    signal,
  );
  if (!answer) throw new DOMException("The user cancelled.", "AbortError");
  if (answer === "assumed") return row;
  await session.setSettings({ spacingMm: answer });
  return spacedRow(row, answer);
}
