import type { AccuracyFindings } from "../accuracy.ts";
import { METHODS } from "../accuracy-methods.ts";
import { behindTable, inputsBehind } from "./behind-table.ts";
import { caseTable, structureTables } from "./case-table.ts";
import { inputDots, methodList, panelFigure, structureDots } from "./figures.ts";
import { AXES, meanPanels, scanRows } from "./fill-panels.ts";
import type { Numbering } from "./numbering.ts";
import { type Input, inputsOf, methodsIn } from "./pooled.ts";
import { summaryTable } from "./summary-table.ts";

const OURS = "fill-ours";
const OURS_BY_IMAGE = "fill-ours-image";
const WALKER = "fill-walker";

/** Fill between slices and planes: summary, figures, tables. */
export function fillSection(findings: AccuracyFindings, number: Numbering): string {
  const inputs = inputsOf(findings, "fill");
  if (inputs.length === 0) return "";
  const methods = methodsIn(inputs.flatMap(({ cases }) => cases));
  const single = inputs.filter(({ kept }) => AXES.includes(kept!.along));
  const several = inputs.filter(({ kept }) => !AXES.includes(kept!.along));
  const every = everyOf(single);
  const blind = methods.filter((method) => !METHODS[method]!.ours && method !== WALKER);
  const middle = every.includes(5) ? 5 : every[0]!;
  const dots = single.filter(({ kept }) => kept!.every === middle && kept!.along === "k");
  return `<h2>Fill between slices</h2>
<p>Slices 0, n, 2n … of a scan are kept along an index axis${several.length === 0 ? "" : ", along several at once, or planes across none,"} and every method fills in the others. A structure is scored where at least two kept planes of each direction show it. Which planes are kept depends on nothing in the scan.</p>
${methodList(methods)}
${summaries(single, "One axis, all scans", number)}
${panelFigure(number.figure("Means over all scans and axes, as in Table 1."), [{ name: "", note: "", panels: meanPanels(single, every) }], true)}
${panelFigure(number.figure("Dice and HD95 (mm) of each scan, mean over structures, against one slice in how many is kept, along index axes k, j and i; seconds along k. Scales are shared within a row."), scanRows(single, every))}
${structureDots(number.figure(`Dice of every structure, every ${middle}th slice along k kept. Numbers are label values of the file.`), dots)}
${severalDirections(several, number)}
<h3>Where a peer has the higher Dice</h3>
${behindTable(number.table("Inputs on which a peer that, like ours, does not look at the image has the higher mean Dice. “structures”: how many have a higher Dice in at least one such peer."), inputsBehind(inputs, OURS, blind))}
${behindTable(number.table("Inputs on which any peer has a higher mean Dice than the fill that also looks at the image."), inputsBehind(inputs, OURS_BY_IMAGE, [...blind, WALKER]))}
${behindTable(number.table("Inputs on which the random walker, which looks at the image, has a higher mean Dice than the fill by shape."), inputsBehind(inputs, OURS, [WALKER]))}
<h3>Every scan</h3>
${caseTable(number.table("Means over structures. Dice of hidden voxels, HD95 in mm, both between first and last drawn plane; raised: structures of which nothing was found, which are in no HD95."), inputs)}
<h3>Every structure</h3>
<p class="dim">“mean”: mean surface distance in mm; “whole”: Dice from end to end.</p>
${structureTables(inputs)}`;
}

/** Means over all inputs, and over those on which the random walker ran. */
function summaries(inputs: readonly Input[], what: string, number: Numbering): string {
  const walked = inputs.filter(({ cases }) => cases.some(({ method }) => method === WALKER));
  const groups = (of: readonly Input[]) =>
    everyOf(of).map((n) => ({
      head: `every ${n}${n === 2 ? "nd" : "th"}`,
      inputs: of.filter(({ kept }) => kept!.every === n),
    }));
  const all = number.table(
    `${what}: means over scans and directions (the five hippocampi count as one scan). Dice of hidden voxels and HD95 between a structure's first and last drawn plane; “whole”: Dice of the structure from end to end, drawn planes included; s: mean over scans of the medians.`,
  );
  const some = "The same over the inputs on which the random walker ran, which looks at the image.";
  return [
    summaryTable(all, OURS, groups(inputs)),
    walked.length === 0 || walked.length === inputs.length
      ? ""
      : summaryTable(number.table(some), OURS, groups(walked)),
  ].join("\n");
}

function severalDirections(inputs: readonly Input[], number: Numbering): string {
  const along = [...new Set(inputs.map(({ kept }) => kept!.along))];
  if (along.length === 0) return "";
  const dots = number.figure(
    "Planes in several directions and oblique planes: Dice of hidden voxels, mean over structures.",
  );
  return `<h3>Planes in several directions, and oblique planes</h3>
<p>Along two and three axes at once, slices 0, n, 2n … of each. Oblique planes are parallel, 31° from k, 65° from j and 73° from i, n thicknesses of a voxel along their normal apart. A voxel within half a thickness of a plane is drawn.</p>
${along
  .map((name) =>
    summaries(
      inputs.filter(({ kept }) => kept!.along === name),
      `Planes along ${name}`,
      number,
    ),
  )
  .join("\n")}
${inputDots(dots, "Planes in several directions", inputs)}`;
}

function everyOf(inputs: readonly Input[]): number[] {
  return [...new Set(inputs.map(({ kept }) => kept!.every))].sort((a, b) => a - b);
}
