import { type JSX, onMount, Show } from "solid-js";
import type { Segment } from "#labelmap";
import { useUi } from "../ui-state.ts";

/** The name: a button that makes the segment active, a field while it is edited. */
export function SegmentName(props: { readonly segment: Segment; readonly active: boolean }): JSX.Element {
  const ui = useUi();
  return (
    <Show
      when={ui.renaming() === props.segment.value}
      fallback={
        <button
          type="button"
          class="segment-name"
          title={`${props.segment.name}${props.segment.code ? ` (${props.segment.code.meaning})` : ""}. Double-click to rename`}
          aria-label={props.segment.name}
          aria-pressed={props.active}
          onClick={() => void ui.run("segment.activate", { value: props.segment.value })}
          onDblClick={() => ui.rename(props.segment.value)}
        >
          {props.segment.name}
        </button>
      }
    >
      <NameField segment={props.segment} />
    </Show>
  );
}

function NameField(props: { readonly segment: Segment }): JSX.Element {
  const ui = useUi();
  let input!: HTMLInputElement;
  let done = false;
  const finish = (keep: boolean): void => {
    if (done) return;
    done = true;
    const name = input.value.trim();
    const { value, name: before } = props.segment;
    ui.rename(undefined);
    if (keep && name !== "" && name !== before) void ui.run("segment.update", { value, name });
  };
  onMount(() => {
    const typed = ui.typedAhead;
    ui.typedAhead = undefined;
    input.focus();
    if (typed?.text) input.value = typed.text;
    else input.select();
    if (typed?.complete) finish(true);
  });
  return (
    <input
      ref={input}
      class="text-field segment-name-field"
      type="text"
      maxLength={200}
      aria-label={`New name of ${props.segment.name}`}
      value={props.segment.name}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        if (event.key === "Enter") finish(true);
        if (event.key === "Escape") finish(false);
        event.stopPropagation();
      }}
    />
  );
}
