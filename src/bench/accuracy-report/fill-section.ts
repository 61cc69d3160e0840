import type { AccuracyFindings } from "../accuracy.ts";
import { METHODS } from "../accuracy-methods.ts";
import { behindTable, inputsBehind } from "./behind-table.ts";
import { caseTable, structureTables } from "./case-table.ts";
import { methodList, panelFigure, type PanelPlan, structureDots } from "./figures.ts";
import { groupedBy, type Input, inputsOf, methodsIn } from "./pooled.ts";
import { summaryTable } from "./summary-table.ts";

const OURS = "fill-ours";
const AXES = ["k", "j", "i"];

/** Fill between slices: summary, figures, tables. */
export function fillSection(findings: AccuracyFindings): string {
  const inputs = inputsOf(findings, "fill");
  if (inputs.length === 0) return "";
  const methods = methodsIn(inputs.flatMap(({ cases }) => cases));
  const every = [...new Set(inputs.map(({ kept }) => kept!.every))].sort((a, b) => a - b);
  const single = inputs.filter(({ kept }) => AXES.includes(kept!.along));
  const walked = single.filter(({ cases }) => cases.some(({ method }) => method === "fill-walker"));
  const summaries = [
    summaryTable(
      "Table 1. One axis, all scans: means over scans and axes (the five hippocampi count as one scan). Dice of hidden voxels and HD95 between a structure's first and last drawn slice; “whole”: Dice of the structure from end to end, drawn slices included; s: mean over scans of the medians.",
      OURS,
      every.map((n) => group(single, n)),
    ),
    walked.length === 0
      ? ""
      : summaryTable(
          "Table 2. The same over the inputs on which the random walker ran, which alone of the fills looks at the image.",
          OURS,
          every.map((n) => group(walked, n)),
        ),
    ...otherDirections(inputs).map(({ along, of }) =>
      summaryTable(
        `Planes kept along ${along}: the same means.`,
        OURS,
        every.map((n) => group(of, n)).filter(({ inputs: kept }) => kept.length > 0),
      ),
    ),
  ];
  const peers = methods.filter((method) => !METHODS[method]!.ours);
  const blind = peers.filter((method) => method !== "fill-walker");
  const middle = every.includes(5) ? 5 : every[0]!;
  const dots = single.filter(({ kept }) => kept!.every === middle && kept!.along === "k");
  return `<h2>Fill between slices</h2>
<p>Slices 0, n, 2n … of a scan are kept along one index axis and every method fills in the others. A structure is scored where at least two kept slices show it. Which slices are kept depends on nothing in the scan.</p>
${methodList(methods)}
${summaries.join("\n")}
${meanFigure(single, every)}
${panelFigure("Figure 2. Dice and HD95 (mm) of each scan, mean over structures, against one slice in how many is kept, along index axes k, j and i; seconds along k. Scales are shared within a row.", scanRows(single, every))}
${structureDots(`Figure 3. Dice of every structure, every ${middle}th slice along k kept. Numbers are label values of the file.`, dots)}
<h3>Where a peer has the higher Dice</h3>
${behindTable("Table 3. Inputs on which a peer that, like ours, does not look at the image has the higher mean Dice. “structures”: how many have a higher Dice in at least one such peer.", inputsBehind(inputs, OURS, blind))}
${behindTable("Table 4. Inputs on which the random walker, which looks at the image, has the higher mean Dice.", inputsBehind(inputs, OURS, ["fill-walker"]))}
<h3>Every scan</h3>
${caseTable("Table 5. Means over structures. Dice of hidden voxels, HD95 in mm, both between first and last drawn plane; raised: structures of which nothing was found, which are in no HD95.", inputs)}
<h3>Every structure</h3>
<p class="dim">“mean”: mean surface distance in mm; “whole”: Dice from end to end.</p>
${structureTables(inputs)}`;
}

function group(inputs: readonly Input[], n: number) {
  return { head: `every ${n}${n === 2 ? "nd" : "th"}`, inputs: inputs.filter(({ kept }) => kept!.every === n) };
}

function otherDirections(inputs: readonly Input[]) {
  const along = [...new Set(inputs.map(({ kept }) => kept!.along))].filter((name) => !AXES.includes(name));
  return along.map((name) => ({ along: name, of: inputs.filter(({ kept }) => kept!.along === name) }));
}

function meanFigure(inputs: readonly Input[], every: readonly number[]): string {
  const everywhere = methodsIn(inputs.flatMap(({ cases }) => cases)).filter((method) =>
    inputs.every(({ cases }) => cases.some((one) => one.method === method)),
  );
  const of = every.map((n) =>
    inputs
      .filter(({ kept }) => kept!.every === n)
      .map((input) => ({ ...input, cases: input.cases.filter(({ method }) => everywhere.includes(method)) })),
  );
  const panel = (title: string, pick: PanelPlan["pick"]): PanelPlan => ({
    title,
    pick,
    xTexts: every.map(String),
    xName: "one slice in … kept",
    inputs: of,
  });
  const panels = [
    panel("Dice of hidden voxels", "dice"),
    panel("Dice, whole structures", "wholeDice"),
    panel("HD95, mm", "hd95Mm"),
    panel("seconds", "ms"),
  ];
  return panelFigure("Figure 1. Means over all scans and axes, as in Table 1.", [{ name: "", note: "", panels }], true);
}

function scanRows(inputs: readonly Input[], every: readonly number[]) {
  const groups = groupedBy(inputs, ({ scan }) => scan.group);
  return [...groups].map(([name, of]) => {
    const panel = (along: string, pick: PanelPlan["pick"], title: string): PanelPlan => ({
      title,
      pick,
      xTexts: every.map(String),
      inputs: every.map((n) => of.filter(({ kept }) => kept!.along === along && kept!.every === n)),
    });
    const panels = [
      ...AXES.map((along) => panel(along, "dice", `Dice, ${along}`)),
      ...AXES.map((along) => panel(along, "hd95Mm", `HD95, ${along}`)),
      panel("k", "ms", "seconds, k"),
    ];
    const scans = new Set(of.map(({ scan }) => scan.id)).size;
    const structures = of[0]!.scan.structures;
    const note = `${scans > 1 ? `${scans} scans, ` : ""}${structures} structure${structures === 1 ? "" : "s"}${scans > 1 ? " each" : ""}`;
    return { name, note, panels };
  });
}
