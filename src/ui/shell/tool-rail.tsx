import { For, type JSX } from "solid-js";
import { act } from "../actions.ts";
import { Icon, type IconName } from "../parts/icon.tsx";
import { ButtonTip } from "../parts/tip.tsx";
import type { ActionId } from "../shortcuts.ts";
import type { ToolName } from "../ui-port.ts";
import { useUi } from "../ui-state.ts";

interface ToolButton {
  readonly tool: ToolName;
  readonly label: string;
  readonly hint: string;
}

const LOOK: readonly ToolButton[] = [
  { tool: "navigate", label: "Navigate", hint: "Click sets the crosshair, the wheel scrolls slices" },
  { tool: "pan", label: "Pan", hint: "Drag moves the picture; the middle button does so with every tool" },
  { tool: "zoom", label: "Zoom", hint: "Drag up and down; Ctrl and the wheel do so with every tool" },
  { tool: "window", label: "Window", hint: "Drag sideways for width, up and down for level" },
  { tool: "measure", label: "Measure", hint: "Distance, angle, rectangle, ellipse, probe" },
];

const LABEL: readonly ToolButton[] = [
  { tool: "brush", label: "Brush", hint: "Draw the active segment" },
  { tool: "eraser", label: "Eraser", hint: "Take the active segment away" },
  { tool: "grow", label: "Grow", hint: "Click a seed, drag the range, accept" },
  { tool: "fill", label: "Fill", hint: "Fill between annotated slices" },
  { tool: "threshold", label: "Threshold", hint: "Label every voxel in a range of values" },
  { tool: "seeds", label: "Seeds", hint: "Divide the volume between segments that are sketched" },
];

const CHANGE: readonly ToolButton[] = [
  { tool: "islands", label: "Islands", hint: "Keep, remove or split pieces of segments; fill their holes" },
  { tool: "smooth", label: "Smooth", hint: "Smooth the borders of segments" },
  { tool: "margin", label: "Margin", hint: "Grow or shrink segments, or leave a shell" },
];

/** The tools, one of them active, and the views' fit and reset. */
export function ToolRail(): JSX.Element {
  const ui = useUi();
  const button = (entry: ToolButton): JSX.Element => (
    <ButtonTip
      class="tool-button"
      label={entry.label}
      hint={entry.hint}
      action={`tool.${entry.tool}`}
      placement="right"
      pressed={ui.tool().active === entry.tool}
      disabled={!ui.canDraw()}
      onClick={() => act(ui, `tool.${entry.tool}`)}
    >
      <Icon name={entry.tool as IconName} size={20} />
    </ButtonTip>
  );
  const action = (id: ActionId, label: string, icon: IconName): JSX.Element => (
    <ButtonTip
      class="tool-button"
      label={label}
      action={id}
      placement="right"
      disabled={!ui.canDraw()}
      onClick={() => act(ui, id)}
    >
      <Icon name={icon} size={20} />
    </ButtonTip>
  );
  return (
    <nav class="tool-rail" aria-label="Tools">
      <For each={LOOK}>{button}</For>
      <hr />
      <For each={LABEL}>{button}</For>
      <hr />
      <For each={CHANGE}>{button}</For>
      <div class="tool-rail-gap" />
      {action("view.fit", "Fit into the views", "fit")}
      {action("view.reset", "Reset the views", "reset")}
    </nav>
  );
}
