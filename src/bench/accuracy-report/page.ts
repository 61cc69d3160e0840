import type { AccuracyFindings } from "../accuracy.ts";
import { escapeHtml } from "../escape-html.ts";
import type { BenchReport } from "../report.ts";
import { fillSection } from "./fill-section.ts";
import { growthSection } from "./growth-section.ts";
import { Numbering } from "./numbering.ts";
import { seedsSection } from "./seeds-section.ts";
import { STYLE } from "./style.ts";

const TITLE = "Accuracy of fill between slices, region growing and growth from seeds on labelled scans";

/** A report of accuracy as one HTML page that needs nothing else. */
export function accuracyPage(report: BenchReport, findings: AccuracyFindings): string {
  const number = new Numbering();
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Voxelwright: ${escapeHtml(TITLE)}</title>
<style>${STYLE}</style>
<h1>${escapeHtml(TITLE)}</h1>
${head(report, findings)}
${fillSection(findings, number)}
${growthSection(findings, number)}
${seedsSection(findings, number)}
<h2>Metrics and timing</h2>
${method(findings)}
<h2>Data</h2>
${data(findings)}
${leftOut(findings)}
</html>
`;
}

function head({ suite, machine, versions }: BenchReport, { date, commit, command }: AccuracyFindings): string {
  const { voxelwright, ...others } = versions;
  const memory =
    machine.memoryBytes === undefined ? "" : `, ${(machine.memoryBytes / 2 ** 30).toFixed(1)} GiB of memory`;
  const ours = `Voxelwright ${voxelwright ?? ""}${commit === undefined ? "" : `, commit ${commit}`}`;
  const facts = [
    ["Program", `${ours}, suite ${suite}`],
    ["Date", `${date.slice(0, 16).replace("T", " ")} UTC`],
    ["Machine", `${machine.processor}, ${machine.cores} cores${memory}, ${machine.system}`],
    [
      "Versions",
      Object.entries(others)
        .map(([name, version]) => `${name} ${version}`)
        .join(", "),
    ],
  ];
  const rows = facts.map(([name, text]) => `<tr><th>${name}</th><td>${escapeHtml(text!)}</td></tr>`);
  rows.push(`<tr><th>To repeat</th><td><code>${escapeHtml(command)}</code></td></tr>`);
  return `<table>${rows.join("")}</table>`;
}

function method({ check }: AccuracyFindings): string {
  const checked =
    check.structures === 0
      ? ""
      : `<p>In this run ${check.structures} scores of the fill (the first input of each scan, ends included) were computed by scipy, too, from erosions and exact distance transforms: the largest differences were ${exponent(check.dice)} (Dice), ${exponent(check.hd95Mm)} mm (HD95) and ${exponent(check.meanSurfaceMm)} mm (mean surface distance).</p>`;
  return `<p>Dice is 2 |A ∩ B| / (|A| + |B|). A surface voxel has a face neighbour that is not of the structure. Surface distances go from every surface voxel of either map to the nearest of the other, centre to centre, in millimetres along axes at right angles; HD95 is the 95th percentile of both directions pooled, linear between ranks, and the mean surface distance their mean. They are computed by the program's own comparison (<code>voxelwright compare</code>). Where a method found nothing of a structure its Dice is 0 and it has no distances.</p>
${checked}
<p>Every method ran on one thread, after one run that is not timed; times are medians of three runs in turn, or of a single one where the untimed run took more than a quarter of a second. Reading files, building bricks and starting other programs is not in them. Ours runs in WebAssembly in Node, and is given labels and takes results as compressed bricks; peers are given dense arrays. Scans that are not whole numbers are rounded to 16 bits; where their values are small, they are first multiplied by a power of ten.</p>`;
}

function exponent(value: number): string {
  return value === 0 ? "0" : value.toExponential(1);
}

function data({ scans }: AccuracyFindings): string {
  const rows = scans.flatMap(({ what, truth, remark, dims, spacingMm, structures, files }) =>
    files.map(({ role, path, bytes, sha256 }, n) => {
      const first =
        n > 0
          ? ""
          : `<td rowspan="${files.length}">${escapeHtml(what)}</td><td rowspan="${files.length}">${dims.join(" × ")}<br><span class="dim">${spacingMm.map((mm) => Number(mm.toFixed(3))).join(" × ")} mm</span></td><td class="n" rowspan="${files.length}">${structures}</td><td rowspan="${files.length}">${escapeHtml(truth)}${remark === undefined ? "" : `<br><span class="dim">${escapeHtml(remark)}</span>`}</td>`;
      return `<tr>${first}<td>${role}</td><td>${escapeHtml(path)}</td><td class="n">${bytes}</td><td class="hash">${sha256}</td></tr>`;
    }),
  );
  return `<p>SHA-256 of each file; of a folder, of the lines that <code>sha256sum *</code> prints in it. Paths are those of the shared data, or of a sample that ships with the program.</p>
<div class="wide"><table><thead><tr><th>scan</th><th>voxels</th><th class="n">structures</th><th>labels</th><th></th><th>file</th><th class="n">bytes</th><th>SHA-256</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function leftOut({ leftOut: lines }: AccuracyFindings): string {
  if (lines.length === 0) return "";
  return `<h2>Not measured</h2>\n<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join("")}</ul>`;
}
