import type { JSX } from "solid-js";
import type { ToolName } from "../ui-port.ts";

const HINTS: Readonly<Partial<Record<ToolName, string>>> = {
  navigate:
    "Click sets the crosshair in all views. The wheel scrolls slices, Ctrl and the wheel zoom at the pointer, the middle button drags.",
  pan: "Drag moves the picture.",
  zoom: "Drag up to come closer, down to go away.",
  window: "Drag sideways to change the width, up and down to change the level. The numbers are under View.",
};

/** One line on what the mouse does with a tool that has no options. */
export function ToolHint(props: { readonly tool: ToolName }): JSX.Element {
  return (
    <div class="options">
      <p class="muted panel-text">{HINTS[props.tool] ?? ""}</p>
    </div>
  );
}
