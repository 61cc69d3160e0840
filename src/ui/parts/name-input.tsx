import { type JSX, onMount } from "solid-js";

/** A name being edited: Enter and leaving keep it, Escape does not; nothing is kept of an empty or unchanged one. */
export function NameInput(props: {
  readonly name: string;
  /** Called once; undefined when the name stays. */
  readonly onDone: (name: string | undefined) => void;
}): JSX.Element {
  let input!: HTMLInputElement;
  let done = false;
  const finish = (keep: boolean): void => {
    if (done) return;
    done = true;
    const name = input.value.trim();
    props.onDone(keep && name !== "" && name !== props.name ? name : undefined);
  };
  onMount(() => {
    input.focus();
    input.select();
  });
  return (
    <input
      ref={input}
      class="text-field segment-name-field"
      type="text"
      maxLength={200}
      aria-label={`New name of ${props.name}`}
      value={props.name}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        if (event.key === "Enter") finish(true);
        if (event.key === "Escape") finish(false);
        event.stopPropagation();
      }}
    />
  );
}
