import { For, type JSX, onCleanup, onMount, Show } from "solid-js";
import { Icon } from "../parts/icon.tsx";
import type { Message } from "../ui-port.ts";
import { useUi } from "../ui-state.ts";

/** How long an `info` message stays, unless the pointer is on it. */
const INFO_MS = 6000;

/** Messages above the status bar. Errors and warnings stay until they are dismissed. */
export function Toasts(): JSX.Element {
  const ui = useUi();
  return (
    <div
      class="toasts scrolls"
      style={{ "--toast-inset": `${ui.panels.state().width}px` }}
      role="region"
      aria-label="Messages"
      data-kb-top-layer=""
    >
      <Show when={ui.messages().length > 2}>
        <button
          type="button"
          class="button button-small toasts-clear"
          onClick={() => ui.messages().forEach((message) => ui.dismiss(message.id))}
        >
          Dismiss all {ui.messages().length}
        </button>
      </Show>
      <For each={ui.messages()}>{(message) => <Toast message={message} />}</For>
    </div>
  );
}

function Toast(props: { readonly message: Message }): JSX.Element {
  const ui = useUi();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const leaveLater = (): void => {
    clearTimeout(timer);
    if (props.message.tone === "info") timer = setTimeout(() => ui.dismiss(props.message.id), INFO_MS);
  };
  onMount(leaveLater);
  onCleanup(() => clearTimeout(timer));
  return (
    <article
      class={`toast toast-${props.message.tone}`}
      role={props.message.tone === "error" ? "alert" : "status"}
      onPointerEnter={() => clearTimeout(timer)}
      onPointerLeave={leaveLater}
    >
      <Icon name={props.message.tone} size={16} />
      <div class="toast-text">
        <p class="toast-line">{props.message.text}</p>
        <Show when={props.message.advice}>
          <p class="toast-advice">{props.message.advice}</p>
        </Show>
        <Show when={props.message.details}>
          <details>
            <summary>Details</summary>
            <pre class="scrolls">{props.message.details}</pre>
          </details>
        </Show>
      </div>
      <button type="button" class="icon-button" aria-label="Dismiss" onClick={() => ui.dismiss(props.message.id)}>
        <Icon name="close" size={14} />
      </button>
    </article>
  );
}
