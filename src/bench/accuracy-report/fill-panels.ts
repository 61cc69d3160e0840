import type { PanelPlan, Row } from "./figures.ts";
import { groupedBy, type Input, methodsIn } from "./pooled.ts";

/** Names of single axes, in the order of the figures. */
export const AXES: readonly string[] = ["k", "j", "i"];

/** Means over all inputs, of the methods that ran on every one. */
export function meanPanels(inputs: readonly Input[], every: readonly number[]): PanelPlan[] {
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
  return [
    panel("Dice of hidden voxels", "dice"),
    panel("Dice, whole structures", "wholeDice"),
    panel("HD95, mm", "hd95Mm"),
    panel("seconds", "ms"),
  ];
}

/** A row for each group of scans: Dice and HD95 along each axis, seconds along k. */
export function scanRows(inputs: readonly Input[], every: readonly number[]): Row[] {
  return [...groupedBy(inputs, ({ scan }) => scan.group)].map(([name, of]) => {
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
    const { structures } = of[0]!.scan;
    const count = `${structures} structure${structures === 1 ? "" : "s"}`;
    return { name, note: scans > 1 ? `${scans} scans, ${count} each` : count, panels };
  });
}
