import { accuracyPage } from "./accuracy-report/page.ts";
import { escapeHtml } from "./escape-html.ts";
import type { BenchPicture, BenchReport, BenchRow } from "./report.ts";
import { sizePlots } from "./size-plots.ts";

const BAR_WIDTH = 360;

const STYLE = `
body { font: 14px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #1b1f24; background: #fff; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 0.35rem 0.6rem; border-bottom: 1px solid #d8dee4; vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
small, .input { color: #59636e; }
svg { overflow: visible; }
.pictures { display: flex; flex-wrap: wrap; gap: 0.75rem; } figure { margin: 0; width: 16rem; } img { width: 100%; }
.ours { fill: #0a6ebd; } .peer { fill: #b8791d; } .floor { fill: #8c959f; }
@media (prefers-color-scheme: dark) {
  body { color: #e6edf3; background: #14171c; } th, td { border-color: #30363d; } small, .input { color: #9198a1; }
}`;

/**
 * A report as one HTML page that needs nothing else: the rows as a table, their times as bars, peer and floor beside ours; a report
 * of accuracy as plots and tables of its own.
 */
export function htmlReport(report: BenchReport): string {
  if (report.accuracy) return accuracyPage(report, report.accuracy);
  const { suite, machine, adapter, versions, rows, pictures = [] } = report;
  const memory = machine.memoryBytes === undefined ? "" : `, ${formatBytes(machine.memoryBytes)} of memory`;
  const facts = [`${machine.processor}, ${machine.cores} cores${memory}, ${machine.system}`];
  if (adapter) facts.push(`GPU: ${adapter}`);
  facts.push(
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", "),
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Voxelwright benchmark: ${escapeHtml(suite)}</title>
<style>${STYLE}</style>
<h1>Voxelwright benchmark: ${escapeHtml(suite)}</h1>
${facts.map((fact) => `<p><small>${escapeHtml(fact)}</small></p>`).join("\n")}
<p><small>Medians. Ratio = time of the peer / time of ours. Bars: blue ours, brown the peer, grey the floor.</small></p>
${sizePlots(rows)}
<table>
<thead><tr><th>what</th><th>time</th><th></th><th>ratio</th><th>size</th><th>Dice (peer)</th></tr></thead>
<tbody>
${rows.map(tableRow).join("\n")}
</tbody>
</table>
<div class="pictures">
${pictures.map(figure).join("\n")}
</div>
</html>
`;
}

function figure({ name, png }: BenchPicture): string {
  const caption = escapeHtml(name);
  return `<figure><img alt="${caption}" src="data:image/png;base64,${png}"><figcaption>${caption}</figcaption></figure>`;
}

function tableRow(row: BenchRow): string {
  const bars = [
    { kind: "ours", label: "Voxelwright", ms: row.ourMs },
    { kind: "peer", label: row.peer ?? "peer", ms: row.peerMs },
    { kind: "floor", label: "floor", ms: row.floorMs },
  ].filter((bar): bar is Bar => bar.ms !== undefined);
  const dice = row.dice === undefined ? "" : row.dice.toFixed(4);
  const peerDice = row.peerDice === undefined ? "" : ` (${row.peerDice.toFixed(4)})`;
  return `<tr>
<td>${escapeHtml(row.name)}<br><span class="input">${escapeHtml(row.input)}</span></td>
<td class="number">${row.ourMs === undefined ? "" : formatMs(row.ourMs)}</td>
<td>${barChart(bars)}</td>
<td class="number">${row.ratio === undefined ? "" : `${row.ratio}×`}</td>
<td class="number">${row.bytes === undefined ? "" : formatBytes(row.bytes)}</td>
<td class="number">${dice}${peerDice}</td>
</tr>`;
}

interface Bar {
  readonly kind: string;
  readonly label: string;
  readonly ms: number;
}

function barChart(bars: readonly Bar[]): string {
  if (bars.length < 2) return "";
  const longest = Math.max(...bars.map((bar) => bar.ms));
  const lines = bars.map(({ kind, label, ms }, n) => {
    const width = Math.max(1, (ms / longest) * BAR_WIDTH);
    const text = `${label} ${formatMs(ms)}`;
    const y = n * 26;
    return (
      `<text x="0" y="${y + 11}" font-size="11" fill="currentColor">${escapeHtml(text)}</text>` +
      `<rect class="${kind}" x="0" y="${y + 14}" width="${width.toFixed(1)}" height="8"/>`
    );
  });
  const label = bars.map((bar) => `${bar.label} ${formatMs(bar.ms)}`).join(", ");
  return `<svg role="img" aria-label="${escapeHtml(label)}" width="${BAR_WIDTH}" height="${bars.length * 26}">${lines.join("")}</svg>`;
}

function formatMs(ms: number): string {
  return ms >= 1000 ? `${(ms / 1000).toPrecision(3)} s` : `${Number(ms.toPrecision(3))} ms`;
}

function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB"];
  const power = Math.min(Math.max(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), 0), 3);
  return `${Number((bytes / 1000 ** power).toPrecision(3))} ${units[power]!}`;
}
