import type { AccuracyFindings } from "../accuracy.ts";
import { METHODS } from "../accuracy-methods.ts";
import { behindTable, inputsBehind } from "./behind-table.ts";
import { caseTable, structureTables } from "./case-table.ts";
import { inputDots, methodList } from "./figures.ts";
import type { Numbering } from "./numbering.ts";
import { inputsOf, methodsIn } from "./pooled.ts";
import { summaryTable } from "./summary-table.ts";

const OURS = "seeds-ours";

/** Growth from seeds: summary, figure, tables. */
export function seedsSection(findings: AccuracyFindings, number: Numbering): string {
  const inputs = inputsOf(findings, "seeds");
  if (inputs.length === 0) return "";
  const methods = methodsIn(inputs.flatMap(({ cases }) => cases));
  const peers = methods.filter((method) => !METHODS[method]!.ours);
  const walked = inputs.filter(({ cases }) => cases.some(({ method }) => method === "seeds-walker"));
  const groups = (of: typeof inputs) => [
    { head: "all slices", inputs: of.filter(({ condition }) => condition.startsWith("all")) },
    { head: "one slice in 6", inputs: of.filter(({ condition }) => condition.startsWith("one")) },
  ];
  return `<h2>Growth from seeds</h2>
<p>Seeds are the known labels, eroded, and a ring of background around them: in all slices, eroded far, or in one slice of six along k, eroded by about a voxel, with whole slices of background two beyond the first and last label. Scores are over the whole volume, seeds included.</p>
${methodList(methods)}
${summaryTable(number.table("All scans: means over scans (the five hippocampi count as one)."), OURS, groups(inputs))}
${walked.length === 0 ? "" : summaryTable(number.table("The same over inputs on which the random walker ran."), OURS, groups(walked))}
${inputDots(number.figure("Dice, mean over structures."), "Growth from seeds", inputs)}
${behindTable(number.table("Inputs on which a peer has the higher mean Dice."), inputsBehind(inputs, OURS, peers))}
<h3>Every scan</h3>
${caseTable(number.table("Means over structures; HD95 in mm."), inputs)}
<h3>Every structure</h3>
${structureTables(inputs)}`;
}
