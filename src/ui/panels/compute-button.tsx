import type { JSX } from "solid-js";
import { act } from "../actions.ts";
import { Keys } from "../parts/keys.tsx";
import { useUi } from "../ui-state.ts";

/** Computes what the tool in hand would do; while its preview is shown, every change of an option does so by itself. */
export function ComputeButton(props: { readonly label: string; readonly disabled?: boolean }): JSX.Element {
  const ui = useUi();
  return (
    <button
      type="button"
      class="button button-wide"
      disabled={props.disabled === true || ui.preview()?.busy === true}
      onClick={() => act(ui, "preview.compute")}
    >
      {props.label} <Keys action="preview.compute" />
    </button>
  );
}
