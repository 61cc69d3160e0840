import { type JSX, Match, Switch } from "solid-js";
import { Panel } from "../parts/panel.tsx";
import type { ToolName } from "../ui-port.ts";
import { useUi } from "../ui-state.ts";
import { BrushOptions } from "./brush-options.tsx";
import { FillOptions } from "./fill-options.tsx";
import { GrowOptions } from "./grow-options.tsx";
import { IslandsOptions } from "./islands-options.tsx";
import { MeasureOptions } from "./measure-options.tsx";
import { MarginOptions } from "./margin-options.tsx";
import { SeedsOptions } from "./seeds-options.tsx";
import { SmoothOptions } from "./smooth-options.tsx";
import { ThresholdOptions } from "./threshold-options.tsx";
import { ToolHint } from "./tool-hint.tsx";

const TITLES: Readonly<Record<ToolName, string>> = {
  navigate: "Navigate",
  pan: "Pan",
  zoom: "Zoom",
  window: "Window and level",
  measure: "Measure",
  brush: "Brush",
  eraser: "Eraser",
  grow: "Grow a region",
  fill: "Fill between slices",
  threshold: "Threshold",
  seeds: "Grow from seeds",
  islands: "Islands and holes",
  smooth: "Smooth",
  margin: "Margin and shell",
};

/** Options of the active tool. */
export function ToolPanel(): JSX.Element {
  const ui = useUi();
  const tool = (): ToolName => ui.tool().active;
  return (
    <Panel name="tool" title={`Tool: ${TITLES[tool()]}`} class="panel-tool">
      <Switch fallback={<ToolHint tool={tool()} />}>
        <Match when={tool() === "brush" || tool() === "eraser"}>
          <BrushOptions />
        </Match>
        <Match when={tool() === "measure"}>
          <MeasureOptions />
        </Match>
        <Match when={tool() === "grow"}>
          <GrowOptions />
        </Match>
        <Match when={tool() === "fill"}>
          <FillOptions />
        </Match>
        <Match when={tool() === "threshold"}>
          <ThresholdOptions />
        </Match>
        <Match when={tool() === "seeds"}>
          <SeedsOptions />
        </Match>
        <Match when={tool() === "islands"}>
          <IslandsOptions />
        </Match>
        <Match when={tool() === "smooth"}>
          <SmoothOptions />
        </Match>
        <Match when={tool() === "margin"}>
          <MarginOptions />
        </Match>
      </Switch>
    </Panel>
  );
}
