import type { AbortOptions, ProgressOptions, ReadonlySignal, Vec3 } from "#base";
import type { StudyStore } from "#storage";
import { ImageGrid, whereMissing } from "#volume";
import type { ImportService } from "./import-service.ts";
import type { SeriesRow } from "./import.api.ts";
import type { SpacingAnswer, SpacingQuestions } from "./spacing-question.ts";

/** The parts of a session that it takes. */
export interface AskSpacingPort {
  readonly port: { readonly imports: ImportService; readonly store: StudyStore };
  readonly spacings: SpacingQuestions;
  /** What was given last is kept there. */
  readonly settings: ReadonlySignal<{ readonly spacingMm?: Vec3 }>;
  setSettings(change: { readonly spacingMm: Vec3 }): Promise<unknown>;
}

/** Whether to ask: the thickness of a single slice alone is nothing to hold a picture up for. */
export function worthAsking({ description: { missingSpacing, grid } }: SeriesRow): boolean {
  return missingSpacing?.axes.some((axis) => grid.dims["ijk".indexOf(axis)]! > 1) ?? false;
}

/**
 * Asks for the voxel sizes of one series after another; those that the user gave. A series for which what is assumed was taken is not among
 * them. Rejects with AbortError when the user cancels.
 */
export async function askEach(
  session: AskSpacingPort,
  series: readonly SeriesRow[],
  options: AbortOptions,
): Promise<ReadonlyMap<SeriesRow, Vec3>> {
  const given = new Map<SeriesRow, Vec3>();
  const settled = new Set<SeriesRow>();
  for (const row of series) {
    if (settled.has(row)) continue;
    settled.add(row);
    const alike = series.filter((other) => !settled.has(other) && lacksNoMore(other, row));
    const asking = (run: ProgressOptions): Promise<SpacingAnswer> => ask(session, row, alike.length, run);
    const { spacingMm, forAlike } = await session.port.imports.during(row.description.name, asking, options);
    const answered = forAlike ? [row, ...alike] : [row];
    for (const one of answered) settled.add(one);
    if (spacingMm === "assumed") continue;
    for (const one of answered) given.set(one, whereMissing(one.description, spacingMm));
    // The next question is less to type with it; a full disk is told of by the import.
    await session.setSettings({ spacingMm }).catch(() => undefined);
  }
  return given;
}

function lacksNoMore({ description }: SeriesRow, than: SeriesRow): boolean {
  const asked = than.description.missingSpacing!.axes;
  return description.missingSpacing!.axes.every((axis) => asked.includes(axis));
}

async function ask(
  session: AskSpacingPort,
  { description }: SeriesRow,
  alike: number,
  { signal, onProgress }: ProgressOptions,
): Promise<SpacingAnswer> {
  const { name, grid, missingSpacing } = description;
  onProgress?.({ fraction: 0, what: "waiting for the size of its voxels" });
  const answer = await session.spacings.ask(
    {
      name,
      dims: grid.dims,
      spacingMm: new ImageGrid(grid).spacingMm,
      missing: missingSpacing?.axes ?? [],
      lastMm: session.settings.value.spacingMm,
      alike,
    },
    signal,
  );
  if (!answer) throw new DOMException("The user cancelled.", "AbortError");
  return answer;
}
