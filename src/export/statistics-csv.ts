import type { ExportFile } from "./export-file.ts";

/** One segment's statistics as people read them: shown values, millilitres. */
export interface ShownStatistics {
  readonly segment: number;
  readonly name: string;
  readonly voxels: number;
  readonly volumeMl: number;
  /** Shown (rescaled) values; NaN when there is no voxel. */
  readonly mean: number;
  /** Population standard deviation. */
  readonly sd: number;
  readonly min: number;
  readonly max: number;
  /** Unit of mean, sd, min and max; empty when unknown. */
  readonly unit: string;
}

const HEADER = ["segment", "name", "voxels", "volume_ml", "mean", "sd", "min", "max", "unit"];

/** Statistics as CSV (RFC 4180): comma, CRLF, a header line, UTF-8; numbers with a point and all their digits, empty for NaN. */
export function statisticsCsv(rows: readonly ShownStatistics[]): ExportFile {
  const lines = rows.map((row) => {
    const numbers = [row.voxels, row.volumeMl, row.mean, row.sd, row.min, row.max].map(numberField);
    return [String(row.segment), textField(row.name), ...numbers, textField(row.unit)].join(",");
  });
  const bytes = new TextEncoder().encode([HEADER.join(","), ...lines, ""].join("\r\n"));
  return { extension: ".csv", mediaType: "text/csv", chunks: once(bytes), notes: [] };
}

async function* once(bytes: Uint8Array<ArrayBuffer>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield bytes;
}

function numberField(value: number): string {
  return Number.isFinite(value) ? String(value) : "";
}

function textField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
