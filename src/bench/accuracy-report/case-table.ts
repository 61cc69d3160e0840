import type { AccuracyCase } from "../accuracy.ts";
import { meansOf } from "../accuracy-means.ts";
import { METHODS } from "../accuracy-methods.ts";
import { escapeHtml } from "../escape-html.ts";
import { formatDice, formatMm, formatSeconds } from "./format.ts";
import { groupedBy, type Input, methodsIn } from "./pooled.ts";

/** A row for each input, with means over its structures for each method; the highest Dice in bold. */
export function caseTable(caption: string, inputs: readonly Input[]): string {
  const methods = methodsIn(inputs.flatMap(({ cases }) => cases));
  const heads = methods.map((method) => `<th class="group" colspan="3">${escapeHtml(METHODS[method]!.short)}</th>`);
  const subheads = methods.map(() => `<th class="n first">Dice</th><th class="n">HD95</th><th class="n">s</th>`);
  let scan = "";
  const rows = inputs.flatMap((input) => {
    const head = input.scan.id === scan ? [] : [scanRow(input, 2 + 3 * methods.length)];
    scan = input.scan.id;
    return [...head, caseRow(input, methods)];
  });
  return `<div class="wide"><table><caption>${escapeHtml(caption)}</caption><thead><tr><th rowspan="2">given</th><th class="n" rowspan="2">structures</th>${heads.join("")}</tr><tr>${subheads.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function scanRow({ scan }: Input, columns: number): string {
  const size = `${scan.dims.join(" × ")}, ${scan.spacingMm.map((mm) => Number(mm.toFixed(2))).join(" × ")} mm`;
  return `<tr class="scan"><th colspan="${columns}">${escapeHtml(scan.what)} <span class="dim">${escapeHtml(size)}</span></th></tr>`;
}

function caseRow({ condition, cases }: Input, methods: readonly string[]): string {
  const means = methods.map((method) => {
    const of = cases.find((one) => one.method === method);
    return of && { of, means: meansOf(of) };
  });
  const best = Math.max(...means.map((one) => Number(one?.means.dice.toFixed(3) ?? -1)));
  const cells = means.map((one) => {
    if (!one) return `<td class="n first"></td><td></td><td></td>`;
    const { dice, hd95Mm, missing } = one.means;
    const top = Number(dice.toFixed(3)) === best ? " best" : "";
    const lost = missing === 0 ? "" : `<sup>${missing}</sup>`;
    return `<td class="n first${top}">${formatDice(dice)}</td><td class="n">${formatMm(hd95Mm)}${lost}</td><td class="n">${formatSeconds(one.of.ms)}</td>`;
  });
  return `<tr><td>${escapeHtml(condition)}</td><td class="n">${cases[0]!.scores.length}</td>${cells.join("")}</tr>`;
}

/** Every structure of a scan under every condition; closed until it is asked for. */
export function structureTables(inputs: readonly Input[]): string {
  const scans = groupedBy(inputs, ({ scan }) => scan.id);
  return [...scans.values()]
    .map((of) => {
      const rows = of.reduce((sum, { cases }) => sum + cases[0]!.scores.length, 0);
      return `<details><summary>${escapeHtml(of[0]!.scan.what)} <span class="dim">${rows} rows</span></summary>${structureTable(of)}</details>`;
    })
    .join("\n");
}

function structureTable(inputs: readonly Input[]): string {
  const methods = methodsIn(inputs.flatMap(({ cases }) => cases));
  const whole = inputs.some(({ cases }) => cases[0]!.scores[0]?.whole);
  const columns = ["Dice", "HD95", "mean", ...(whole ? ["whole"] : [])];
  const heads = methods.map(
    (method) => `<th class="group" colspan="${columns.length}">${escapeHtml(METHODS[method]!.short)}</th>`,
  );
  const subheads = methods.map(() =>
    columns.map((text, n) => `<th class="n${n === 0 ? " first" : ""}">${text}</th>`).join(""),
  );
  const rows = inputs.flatMap(({ condition, cases }) =>
    cases[0]!.scores.map(({ name, voxels }, n) => {
      const cells = methods.map((method) =>
        scoreCells(
          cases.find((one) => one.method === method),
          n,
          whole !== undefined,
        ),
      );
      return `<tr><td>${escapeHtml(condition)}</td><td>${escapeHtml(name)}</td><td class="n">${voxels}</td>${cells.join("")}</tr>`;
    }),
  );
  return `<div class="wide"><table><thead><tr><th rowspan="2">given</th><th rowspan="2">structure</th><th class="n" rowspan="2">voxels</th>${heads.join("")}</tr><tr>${subheads.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function scoreCells(of: AccuracyCase | undefined, n: number, whole: boolean): string {
  const score = of?.scores[n];
  if (!score) return "<td></td>".repeat(whole ? 4 : 3);
  const end = whole ? `<td class="n">${formatDice(score.whole?.dice ?? Number.NaN)}</td>` : "";
  return `<td class="n first">${formatDice(score.dice)}</td><td class="n">${formatMm(score.hd95Mm)}</td><td class="n">${formatMm(score.meanSurfaceMm)}</td>${end}`;
}
