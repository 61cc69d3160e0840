import { METHODS } from "../accuracy-methods.ts";
import { escapeHtml } from "../escape-html.ts";
import { type DotRow, dotPlot } from "./dot-plot.ts";
import { linePanel, type Series } from "./line-panel.ts";
import { legend } from "./marks.ts";
import { type Input, methodsIn, type Pooled, pooled } from "./pooled.ts";
import { linearScale, logScale, type Scale } from "./scale.ts";

export interface Row {
  readonly name: string;
  readonly note: string;
  readonly panels: readonly PanelPlan[];
}

/** A panel to be: which inputs stand at which place of the x axis. */
export interface PanelPlan {
  readonly title: string;
  readonly xTexts: readonly string[];
  readonly xName?: string;
  readonly inputs: readonly (readonly Input[])[];
  readonly pick: keyof Pooled;
}

/** Rows of panels, a row for each scan. Panels of a row that show the same figure share a scale. */
export function panelFigure(caption: string, rows: readonly Row[], small = false): string {
  const all = rows.flatMap(({ panels }) => panels.flatMap(({ inputs }) => inputs.flat()));
  const methods = methodsIn(all.flatMap(({ cases }) => cases));
  const columns = Math.max(0, ...rows.map(({ panels }) => panels.length));
  const cells = rows.map(({ name, note, panels }) => {
    const drawn = panels.map((panel) => ({ panel, series: seriesOf(panel, methods) }));
    const scales = new Map<keyof Pooled, Scale>();
    for (const { panel } of drawn) {
      const same = drawn.filter((other) => other.panel.pick === panel.pick);
      scales.set(
        panel.pick,
        scaleOf(
          panel.pick,
          same.flatMap((one) => one.series),
        ),
      );
    }
    const svgs = drawn.map(({ panel, series }) => {
      const { title, xTexts, xName } = panel;
      const named = xName === undefined ? {} : { xName };
      const size = small ? { width: 260, height: 190 } : {};
      const known = series.some(({ values }) => values.some((value) => value !== undefined));
      return known
        ? linePanel({ title, xTexts, ...named, series, scale: scales.get(panel.pick)!, ...size })
        : "<div></div>";
    });
    const blank = "<div></div>".repeat(columns - panels.length);
    const label = small ? "" : `<div><b>${escapeHtml(name)}</b><br><span class="dim">${escapeHtml(note)}</span></div>`;
    return label + svgs.join("") + blank;
  });
  const template = small ? `repeat(${columns}, 264px)` : `112px repeat(${columns}, 137px)`;
  return `<figure${small ? ' class="small"' : ""}><figcaption>${caption}</figcaption>${legend(methods)}<div class="wide"><div class="grid-of-panels" style="grid-template-columns: ${template}">${cells.join("\n")}</div></div></figure>`;
}

function seriesOf({ inputs, pick }: PanelPlan, methods: readonly string[]): Series[] {
  return methods.map((method) => ({
    method,
    values: inputs.map((of) => {
      const value = pooled(of, method)[pick];
      return Number.isNaN(value) ? undefined : pick === "ms" ? value / 1000 : value;
    }),
  }));
}

function scaleOf(pick: keyof Pooled, series: readonly Series[]): Scale {
  const values = series.flatMap((one) => one.values).filter((value) => value !== undefined);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (pick === "ms") return logScale(Math.max(low, 1e-4), high);
  if (pick === "hd95Mm") return linearScale(0, high);
  return linearScale(Math.min(low, 0.95), 1);
}

/** Structures up to which a scan shares a plot with others. */
const FEW = 4;

/** Dice of every structure: scans of few structures in one plot, others in one each. */
export function structureDots(caption: string, inputs: readonly Input[]): string {
  const few = inputs.filter(({ cases }) => cases[0]!.scores.length <= FEW);
  const many = inputs.filter(({ cases }) => cases[0]!.scores.length > FEW);
  const plots = [
    ...(few.length === 0 ? [] : [structurePlot("Scans of few structures", few, true)]),
    ...many.map((input) => structurePlot(input.scan.what, [input], false)),
  ];
  const methods = methodsIn(inputs.flatMap(({ cases }) => cases));
  return `<figure><figcaption>${caption}</figcaption>${legend(methods)}<div class="dots">${plots.join("\n")}</div></figure>`;
}

function structurePlot(title: string, inputs: readonly Input[], named: boolean): string {
  const rows = inputs.flatMap(({ scan, cases }) =>
    cases[0]!.scores.map(({ name }, n) => ({
      name: named ? `${scan.what}: ${name}` : name.replace(/^label /, ""),
      values: cases.map(({ method, scores }) => ({ method, value: scores[n]!.dice })),
    })),
  );
  const nameWidth = 12 + 4.7 * Math.max(...rows.map(({ name }) => name.length));
  return dotPlot({
    title,
    rows,
    scale: diceScale(rows),
    nameWidth,
    plotWidth: 200,
    rowsAColumn: rows.length > 60 ? 40 : 20,
  });
}

function diceScale(rows: readonly DotRow[]): Scale {
  return linearScale(Math.min(0.9, ...rows.flatMap(({ values }) => values.map(({ value }) => value))), 1);
}

/** Means of inputs, a row each, for parts whose conditions are no scale. */
export function inputDots(caption: string, title: string, inputs: readonly Input[]): string {
  const methods = methodsIn(inputs.flatMap(({ cases }) => cases));
  const rows = inputs.map((input) => ({
    name: `${input.scan.what}: ${input.condition}`,
    values: methods
      .map((method) => ({ method, value: pooled([input], method).dice }))
      .filter(({ value }) => !Number.isNaN(value)),
  }));
  const plot = dotPlot({ title, rows, scale: diceScale(rows), nameWidth: 330, plotWidth: 420 });
  return `<figure class="small"><figcaption>${caption}</figcaption>${legend(methods)}<div class="wide">${plot}</div></figure>`;
}

/** What a method does, a line each. */
export function methodList(methods: readonly string[]): string {
  const lines = methods.map((method) => {
    const { name, what } = METHODS[method]!;
    return `<li><b>${escapeHtml(name)}</b>: ${escapeHtml(what)}.</li>`;
  });
  return `<ul>${lines.join("")}</ul>`;
}
