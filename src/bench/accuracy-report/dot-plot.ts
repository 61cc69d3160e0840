import { METHODS } from "../accuracy-methods.ts";
import { escapeHtml } from "../escape-html.ts";
import { markAt, round } from "./marks.ts";
import type { Scale } from "./scale.ts";

export interface DotRow {
  readonly name: string;
  readonly values: readonly { readonly method: string; readonly value: number }[];
}

export interface DotPlot {
  readonly title: string;
  readonly rows: readonly DotRow[];
  readonly scale: Scale;
  /** Rows above this go into further columns. */
  readonly rowsAColumn?: number;
  readonly nameWidth?: number;
  readonly plotWidth?: number;
}

const ROW = 11;
const TOP = 24;

/** A row for each thing with a mark for each method at its value; long lists in columns. */
export function dotPlot({ title, rows, scale, rowsAColumn = 40, nameWidth = 70, plotWidth = 150 }: DotPlot): string {
  const columns = Math.ceil(rows.length / rowsAColumn);
  const tall = Math.ceil(rows.length / columns);
  const columnWidth = nameWidth + plotWidth + 18;
  const [width, height] = [columns * columnWidth, TOP + tall * ROW + 6];
  const parts: string[] = [];
  for (let column = 0; column < columns; column++) {
    const left = column * columnWidth + nameWidth;
    const shown = rows.slice(column * tall, (column + 1) * tall);
    const x = (value: number): number => round(left + scale.at(value) * plotWidth);
    for (const { value, text } of scale.ticks)
      parts.push(
        `<line class="grid" x1="${x(value)}" x2="${x(value)}" y1="${TOP - 2}" y2="${TOP + shown.length * ROW}"/><text x="${x(value)}" y="${TOP - 5}" text-anchor="middle">${text}</text>`,
      );
    shown.forEach(({ name, values }, n) => {
      const y = TOP + n * ROW + ROW / 2;
      parts.push(`<text x="${left - 5}" y="${y + 3}" text-anchor="end">${escapeHtml(name)}</text>`);
      const ends = values.map(({ value }) => x(value));
      parts.push(`<line class="span" x1="${Math.min(...ends)}" x2="${Math.max(...ends)}" y1="${y}" y2="${y}"/>`);
      for (const { method, value } of values.toReversed()) parts.push(markAt(method, x(value), y, 2.4));
    });
  }
  const methods = [...new Set(rows.flatMap(({ values }) => values.map(({ method }) => METHODS[method]!.short)))];
  const label = `${title}: ${rows.length} rows, ${methods.join(", ")}`;
  return `<svg role="img" aria-label="${escapeHtml(label)}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><text class="title" x="0" y="10">${escapeHtml(title)}</text>${parts.join("")}</svg>`;
}
