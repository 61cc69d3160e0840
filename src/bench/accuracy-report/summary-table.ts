import { METHODS } from "../accuracy-methods.ts";
import { escapeHtml } from "../escape-html.ts";
import { formatDice, formatMm, formatSeconds } from "./format.ts";
import { type Input, methodsIn, pooled, standing } from "./pooled.ts";

export interface SummaryGroup {
  readonly head: string;
  readonly inputs: readonly Input[];
}

/**
 * A row for each method that ran on every input, with its means in each group of inputs, and how often ours was better. Whole
 * structures have a column where they are scored apart.
 */
export function summaryTable(caption: string, ours: string, groups: readonly SummaryGroup[]): string {
  const inputs = groups.flatMap((group) => group.inputs);
  const everywhere = methodsIn(inputs.flatMap(({ cases }) => cases)).filter((method) =>
    inputs.every(({ cases }) => cases.some((one) => one.method === method)),
  );
  const whole = inputs.some(({ cases }) => cases.some(({ scores }) => scores.some((score) => score.whole)));
  const columns = whole ? ["Dice", "HD95 mm", "whole", "s"] : ["Dice", "HD95 mm", "s"];
  const best = groups.map((group) =>
    Math.max(...everywhere.map((method) => Number(pooled(group.inputs, method).dice.toFixed(3)))),
  );
  const rows = everywhere.map((method) => {
    const cells = groups.map((group, n) => {
      const { dice, hd95Mm, wholeDice, ms } = pooled(group.inputs, method);
      const top = Number(dice.toFixed(3)) === best[n] ? " best" : "";
      const middle = whole ? `<td class="n">${formatDice(wholeDice)}</td>` : "";
      return `<td class="n first${top}">${formatDice(dice)}</td><td class="n">${formatMm(hd95Mm)}</td>${middle}<td class="n">${formatSeconds(ms)}</td>`;
    });
    const { higher, same, lower } = standing(inputs, ours, method);
    const versus = method === ours ? "" : `${higher} / ${same} / ${lower}`;
    return `<tr><td>${escapeHtml(METHODS[method]!.name)}</td>${cells.join("")}<td class="n first">${versus}</td></tr>`;
  });
  const heads = groups.map(({ head }) => `<th class="group" colspan="${columns.length}">${escapeHtml(head)}</th>`);
  const subheads = groups.map(() =>
    columns.map((text, n) => `<th class="n${n === 0 ? " first" : ""}">${text}</th>`).join(""),
  );
  return `<table><caption>${escapeHtml(caption)}</caption><thead><tr><th rowspan="2">method</th>${heads.join("")}<th class="n" rowspan="2">structures: ours<br>higher / same / lower</th></tr><tr>${subheads.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}
