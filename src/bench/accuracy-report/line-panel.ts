import { METHODS } from "../accuracy-methods.ts";
import { escapeHtml } from "../escape-html.ts";
import { dashed, markAt, markOf, round } from "./marks.ts";
import type { Scale } from "./scale.ts";

export interface Series {
  readonly method: string;
  /** One for each place on the x axis; absent where it was not measured. */
  readonly values: readonly (number | undefined)[];
}

export interface LinePanel {
  readonly title: string;
  readonly xTexts: readonly string[];
  readonly xName?: string;
  readonly series: readonly Series[];
  readonly scale: Scale;
  readonly width?: number;
  readonly height?: number;
}

const LEFT = 28;
const RIGHT = 5;
const TOP = 16;

/** A small plot of values over a few places, a line with points for each method. */
export function linePanel({ title, xTexts, xName, series, scale, width = 137, height = 108 }: LinePanel): string {
  const bottom = xName === undefined ? 15 : 26;
  const [inner, tall] = [width - LEFT - RIGHT, height - TOP - bottom];
  const x = (n: number): number => LEFT + 6 + (xTexts.length < 2 ? 0.5 : n / (xTexts.length - 1)) * (inner - 12);
  const y = (value: number): number => TOP + (1 - scale.at(value)) * tall;
  const grid = scale.ticks.map(({ value, text }) => {
    const at = round(y(value));
    return `<line class="grid" x1="${LEFT}" x2="${width - RIGHT}" y1="${at}" y2="${at}"/><text x="${LEFT - 4}" y="${at + 3}" text-anchor="end">${text}</text>`;
  });
  const names = xTexts.map(
    (text, n) => `<text x="${round(x(n))}" y="${height - bottom + 11}" text-anchor="middle">${escapeHtml(text)}</text>`,
  );
  if (xName !== undefined)
    names.push(
      `<text x="${round(LEFT + inner / 2)}" y="${height - 3}" text-anchor="middle">${escapeHtml(xName)}</text>`,
    );
  // The first method is drawn last, above the others.
  const lines = series.toReversed().map(({ method, values }) => {
    const points = values.flatMap((value, n) => (value === undefined ? [] : [[round(x(n)), round(y(value))] as const]));
    const { className, dash } = markOf(method);
    const line = `<polyline class="${className} line" points="${points.join(" ")}"${dashed(dash)}/>`;
    return line + points.map(([px, py]) => markAt(method, px, py)).join("");
  });
  const said = series.map(
    ({ method, values }) =>
      `${METHODS[method]!.short} ${values.map((value) => value?.toPrecision(3) ?? "none").join(", ")}`,
  );
  return `<svg role="img" aria-label="${escapeHtml(`${title}: ${said.join("; ")}`)}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><text class="title" x="${LEFT - 4}" y="10">${escapeHtml(title)}</text>${grid.join("")}${names.join("")}${lines.join("")}</svg>`;
}
