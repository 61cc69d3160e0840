import { logScale, type Scale } from "./accuracy-report/scale.ts";
import { escapeHtml } from "./escape-html.ts";
import type { BenchRow } from "./report.ts";

const WIDTH = 260;
const HEIGHT = 150;
const LEFT = 40;
const BOTTOM = 28;
const TOP = 20;

/** Rows of one thing at several sizes of the volume as plots, both axes logarithmic: flat is free, the dashed line is proportional. */
export function sizePlots(rows: readonly BenchRow[]): string {
  const byName = new Map<string, BenchRow[]>();
  for (const row of rows) if (row.voxels !== undefined) byName.set(row.name, [...(byName.get(row.name) ?? []), row]);
  const plots = [...byName].filter(([, all]) => all.length > 2).map(([name, all]) => plot(name, all));
  return plots.length === 0 ? "" : `<div class="pictures">${plots.join("")}</div>`;
}

function plot(name: string, rows: readonly BenchRow[]): string {
  const inMs = rows[0]!.ourMs !== undefined;
  const points = rows
    .map((row) => [row.voxels!, inMs ? row.ourMs! : row.bytes! / 1e6] as const)
    .filter(([, value]) => value > 0)
    .sort((a, b) => a[0] - b[0]);
  const values = points.map(([, value]) => value);
  const across = logScale(points[0]![0], points.at(-1)![0]);
  const up = logScale(Math.min(...values), Math.max(...values));
  const x = (voxels: number): number => LEFT + across.at(voxels) * (WIDTH - LEFT - 10);
  const y = (value: number): number => TOP + (1 - up.at(value)) * (HEIGHT - TOP - BOTTOM);
  const line = points.map(([voxels, value]) => `${x(voxels).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
  const dots = points.map(
    ([voxels, value]) => `<circle class="ours" cx="${x(voxels).toFixed(1)}" cy="${y(value).toFixed(1)}" r="2.5"/>`,
  );
  const [first, last] = [points[0]!, points.at(-1)!];
  const proportional = `<line x1="${x(first[0])}" y1="${y(first[1])}" x2="${x(last[0])}" y2="${y((first[1] * last[0]) / first[0])}" stroke="currentColor" stroke-dasharray="3 3" opacity="0.4"/>`;
  const clip = `clip${name.replaceAll(/\W/g, "")}`;
  const said = points.map(([voxels, value]) => `${voxels} voxels: ${Number(value.toPrecision(3))}`).join("; ");
  return (
    `<figure><svg role="img" aria-label="${escapeHtml(`${name}, ${said}`)}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-size="9" fill="currentColor">` +
    `<clipPath id="${clip}"><rect x="${LEFT}" y="${TOP}" width="${WIDTH - LEFT}" height="${HEIGHT - TOP - BOTTOM}"/></clipPath>` +
    ticks(up, "up", y) +
    ticks(across, "across", x) +
    `<g clip-path="url(#${clip})">${proportional}</g>` +
    `<polyline points="${line}" fill="none" stroke="#0a6ebd" stroke-width="1.5"/>${dots.join("")}` +
    `<text x="${WIDTH / 2}" y="${HEIGHT - 4}" text-anchor="middle">voxels</text><text x="4" y="10">${inMs ? "ms" : "MB"}</text></svg>` +
    `<figcaption>${escapeHtml(name)}</figcaption></figure>`
  );
}

function ticks(scale: Scale, way: "up" | "across", place: (value: number) => number): string {
  return scale.ticks
    .map(({ value, text }) => {
      const at = place(value).toFixed(1);
      return way === "up"
        ? `<line x1="${LEFT}" x2="${WIDTH}" y1="${at}" y2="${at}" stroke="currentColor" opacity="0.15"/><text x="${LEFT - 4}" y="${Number(at) + 3}" text-anchor="end">${text}</text>`
        : `<text x="${at}" y="${HEIGHT - BOTTOM + 12}" text-anchor="middle">${text}</text>`;
    })
    .join("");
}
