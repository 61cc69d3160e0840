import type { ImageGrid } from "#volume";
import type { ExportFile } from "./export-file.ts";
import type { ShownMeasurement } from "./shown-measurement.ts";

/** What the measurements are of. */
export interface MeasuredStudy {
  readonly name: string;
  readonly volumeId: string;
  readonly grid: ImageGrid;
}

/**
 * Measurements as JSON: `{ format: "voxelwright-measurements", version: 1, study, measurements }`. Points and directions are LPS,
 * lengths millimetres; values are shown values; a number that does not exist is null.
 */
export function measurementsJson(rows: readonly ShownMeasurement[], study: MeasuredStudy): ExportFile {
  const { name, volumeId, grid } = study;
  const document = {
    format: "voxelwright-measurements",
    version: 1,
    study: { name, volumeId, ...grid.toData() },
    measurements: rows.map(({ measurement, size, area, probe, unit }) => ({
      ...measurement,
      ...size,
      ...(area ? { values: { ...area, unit } } : {}),
      ...(probe ? { value: probe.value ?? null, ijk: probe.ijk, unit } : {}),
    })),
  };
  const bytes = new TextEncoder().encode(`${JSON.stringify(document, null, 2)}\n`);
  return { extension: ".json", mediaType: "application/json", chunks: once(bytes), notes: [] };
}

async function* once(bytes: Uint8Array<ArrayBuffer>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield bytes;
}
