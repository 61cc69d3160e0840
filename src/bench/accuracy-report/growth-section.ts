import type { AccuracyFindings } from "../accuracy.ts";
import { caseTable, structureTables } from "./case-table.ts";
import { methodList, panelFigure, type PanelPlan } from "./figures.ts";
import { escapeHtml } from "../escape-html.ts";
import { formatDice } from "./format.ts";
import type { Numbering } from "./numbering.ts";
import { groupedBy, type Input, inputsOf, methodsIn } from "./pooled.ts";

/** Region growing from one seed: figure and tables, and whether native ITK grew the same. */
export function growthSection(findings: AccuracyFindings, number: Numbering): string {
  const inputs = inputsOf(findings, "growth");
  if (inputs.length === 0) return "";
  const methods = methodsIn(inputs.flatMap(({ cases }) => cases));
  const ranges = inputs.filter(({ condition }) => condition.startsWith("range"));
  const widths = [...new Set(ranges.map(({ condition }) => /± ([\d.]+)/.exec(condition)![1]!))];
  const groups = groupedBy(ranges, ({ scan }) => scan.group);
  const rows = [...groups].map(([name, of]) => {
    const panel = (title: string, pick: PanelPlan["pick"]): PanelPlan => ({
      title,
      pick,
      xTexts: widths,
      inputs: widths.map((width) => of.filter(({ condition }) => condition.includes(`± ${width} `))),
    });
    const structures = of[0]!.cases[0]!.scores.length;
    return {
      name,
      note: `${structures} structure${structures === 1 ? "" : "s"}`,
      panels: [panel("Dice", "dice"), panel("HD95, mm", "hd95Mm"), panel("seconds", "ms")],
    };
  });
  return `<h2>Region growing</h2>
<p>One seed, the deepest voxel of a structure with a value near the mean of its core; structures of at least 500 voxels. Growth knows nothing but values and what hangs together, so where a neighbour has the same values it leaks: these figures say where a range is the wrong tool as much as how good ours is.</p>
${methodList(methods)}
<p>${agreement(inputs)}</p>
${bestTable(inputs, number)}
${panelFigure(number.figure("Growth by a range: Dice, HD95 and seconds against the half-width of the range in standard deviations. ITK lies on ours where both grow the same voxels."), rows)}
${caseTable(number.table("Means over structures; s: median over structures of the medians."), inputs)}
<h3>Every structure</h3>
${structureTables(inputs)}`;
}

/** Whether ours and ITK have the same Dice, to the last bit, for every structure. */
function agreement(inputs: readonly Input[]): string {
  const said = [
    ["grow-range", "grow-range-itk", "ConnectedThreshold"],
    ["grow-confidence", "grow-confidence-itk", "ConfidenceConnected"],
  ].flatMap(([ours, peer, name]) => {
    let [same, all] = [0, 0];
    for (const { cases } of inputs) {
      const [a, b] = [ours, peer].map((method) => cases.find((one) => one.method === method));
      if (!a || !b) continue;
      all += a.scores.length;
      same += a.scores.filter(
        ({ dice, hd95Mm }, n) => dice === b.scores[n]!.dice && hd95Mm === b.scores[n]!.hd95Mm,
      ).length;
    }
    return all === 0 ? [] : [`ITK ${name} in ${same} of ${all}`];
  });
  return said.length === 0
    ? "Native ITK was not there to grow the same."
    : `Structures and widths for which ours has the same Dice and HD95 as the peer that is given the same: ${escapeHtml(said.join("; "))}.`;
}

/** The best width for each structure, as a person finds it who moves the slider and knows the answer. */
function bestTable(inputs: readonly Input[], number: Numbering): string {
  const methods = methodsIn(inputs.flatMap(({ cases }) => cases)).filter((method) => !method.endsWith("-itk"));
  const scans = groupedBy(inputs, ({ scan }) => scan.id);
  const rows = [...scans.values()].map((of) => {
    const cells = methods.map((method) => {
      const cases = of.flatMap((input) => input.cases.filter((one) => one.method === method));
      const best = cases[0]?.scores.map((_, n) => Math.max(...cases.map(({ scores }) => scores[n]!.dice))) ?? [];
      return `<td class="n">${formatDice(best.reduce((sum, dice) => sum + dice, 0) / best.length)}</td>`;
    });
    return `<tr><td>${escapeHtml(of[0]!.scan.what)}</td><td class="n">${of[0]!.cases[0]!.scores.length}</td>${cells.join("")}</tr>`;
  });
  const heads = ["range", "range with leak guard", "confidence"].map((name) => `<th class="n">${name}</th>`);
  return `<table><caption>${number.table("Dice at the best of the widths for each structure, mean over structures: a slider at its best.")}</caption><thead><tr><th>scan</th><th class="n">structures</th>${heads.slice(0, methods.length).join("")}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}
