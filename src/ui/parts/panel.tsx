import { Collapsible } from "@kobalte/core/collapsible";
import { type JSX, Show } from "solid-js";
import type { PanelName } from "../panel-state.ts";
import { useUi } from "../ui-state.ts";
import { Icon } from "./icon.tsx";

interface PanelProps {
  readonly name: PanelName;
  readonly title: string;
  /** Small text beside the title. */
  readonly aside?: JSX.Element;
  /** Buttons at the right of the header. */
  readonly actions?: JSX.Element;
  readonly class?: string;
  readonly children: JSX.Element;
}

/** A part of the dock that folds under its header; remembered between visits. */
export function Panel(props: PanelProps): JSX.Element {
  const ui = useUi();
  return (
    <Collapsible
      as="section"
      class={`panel ${props.class ?? ""}`}
      aria-label={props.title}
      open={ui.panels.state().open[props.name]}
      onOpenChange={(open) => ui.panels.setOpen(props.name, open)}
    >
      <header class="panel-head">
        <Collapsible.Trigger class="panel-toggle">
          <Icon name="chevron" size={12} />
          <span class="panel-title">{props.title}</span>
        </Collapsible.Trigger>
        <Show when={props.aside}>
          <span class="panel-aside">{props.aside}</span>
        </Show>
        <Show when={props.actions}>
          <span class="panel-actions">{props.actions}</span>
        </Show>
      </header>
      <Collapsible.Content class="panel-body">{props.children}</Collapsible.Content>
    </Collapsible>
  );
}
