import type { ExportFile } from "./export-file.ts";

/** A column of a table: its header, and the field of a row. */
export interface CsvColumn<Row> {
  readonly header: string;
  of(row: Row): number | string | null | undefined;
}

/**
 * A table as CSV (RFC 4180): comma, CRLF, a header line, UTF-8; numbers with a point and all their digits, `Infinity` and `-Infinity`
 * for infinite ones, empty for NaN and for what there is not.
 */
export function csvFile<Row>(
  columns: readonly CsvColumn<Row>[],
  rows: readonly Row[],
  notes: readonly string[] = [],
): ExportFile {
  const lines = rows.map((row) => columns.map(({ of }) => field(of(row))).join(","));
  const header = columns.map((column) => field(column.header)).join(",");
  const bytes = new TextEncoder().encode([header, ...lines, ""].join("\r\n"));
  return { extension: ".csv", mediaType: "text/csv", chunks: once(bytes), notes: [...notes] };
}

async function* once(bytes: Uint8Array<ArrayBuffer>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield bytes;
}

function field(value: number | string | null | undefined): string {
  if (typeof value === "string") return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  return typeof value === "number" && !Number.isNaN(value) ? String(value) : "";
}
