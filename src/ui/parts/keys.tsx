import { For, type JSX, Show } from "solid-js";
import { onMac } from "../platform.ts";
import { type ActionId, keyParts, shortcutOf } from "../shortcuts.ts";

/** The first key of an action as key caps; nothing where it has none. */
export function Keys(props: { readonly action: ActionId }): JSX.Element {
  const binding = () => shortcutOf(props.action).keys[0];
  return <Show when={binding()}>{(keys) => <KeyCaps keys={keys()} />}</Show>;
}

/** One key binding as key caps. */
export function KeyCaps(props: { readonly keys: string }): JSX.Element {
  return (
    <span class="keys">
      <For each={keyParts(props.keys, onMac)}>{(part) => <kbd>{part}</kbd>}</For>
    </span>
  );
}
