import { type JSX, Show } from "solid-js";
import { countOf } from "../format.ts";

/** One axis of a volume in the question for its voxel size: its name, its count of voxels and the size in millimetres. */
export function SpacingField(props: {
  readonly axis: 0 | 1 | 2;
  readonly dims: readonly [number, number, number];
  /** False where the file gives the size, which is shown only. */
  readonly asked: boolean;
  readonly first: boolean;
  readonly text: string;
  readonly fault: string | undefined;
  readonly onText: (text: string) => void;
  readonly onLeave: () => void;
}): JSX.Element {
  const id = `spacing-${props.axis}`;
  return (
    <>
      <label for={id}>
        {axisName(props.axis, props.dims[2])}
        <Show when={!props.asked}>
          <span class="muted"> from the file</span>
        </Show>
      </label>
      <span class="muted numbers spacing-count">
        {countOf(props.dims[props.axis], props.axis === 2 ? "slice" : "voxel")}
      </span>
      <span class="number-field" classList={{ "spacing-known": !props.asked }}>
        <input
          id={id}
          type="text"
          inputmode="decimal"
          autocomplete="off"
          data-first={props.first ? "" : undefined}
          disabled={!props.asked}
          aria-invalid={props.fault !== undefined}
          aria-describedby={props.fault === undefined ? undefined : `${id}-fault`}
          value={props.text}
          onInput={(event) => props.onText(event.currentTarget.value)}
          onFocus={(event) => event.currentTarget.select()}
          onBlur={() => props.onLeave()}
        />
        <span class="unit">mm</span>
      </span>
      <Show when={props.fault}>
        {(line) => (
          <p class="error-text spacing-fault" id={`${id}-fault`} role="alert">
            {line()}
          </p>
        )}
      </Show>
    </>
  );
}

function axisName(axis: 0 | 1 | 2, slices: number): string {
  if (axis === 0) return "Across a slice (x)";
  if (axis === 1) return "Down a slice (y)";
  return slices === 1 ? "Thickness of the slice (z)" : "From slice to slice (z)";
}
