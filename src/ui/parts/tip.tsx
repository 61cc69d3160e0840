import { Tooltip } from "@kobalte/core/tooltip";
import type { JSX } from "solid-js";
import { Show } from "solid-js";
import type { ActionId } from "../shortcuts.ts";
import { Keys } from "./keys.tsx";

interface ButtonTipProps {
  /** Accessible name, and the tooltip's first line. */
  readonly label: string;
  /** More than the name, in the tooltip only. */
  readonly hint?: string | undefined;
  readonly action?: ActionId | undefined;
  readonly placement?: "top" | "bottom" | "left" | "right";
  readonly class?: string;
  readonly disabled?: boolean | undefined;
  readonly pressed?: boolean | undefined;
  readonly onClick: (event: MouseEvent) => void;
  readonly children: JSX.Element;
}

/** A button with a tooltip that names it and shows its shortcut. */
export function ButtonTip(props: ButtonTipProps): JSX.Element {
  return (
    <Tooltip openDelay={450} closeDelay={60} gutter={6} placement={props.placement ?? "bottom"}>
      <Tooltip.Trigger
        as="button"
        type="button"
        class={props.class ?? "icon-button"}
        aria-label={props.label}
        aria-pressed={props.pressed}
        disabled={props.disabled ?? false}
        onClick={(event: MouseEvent) => props.onClick(event)}
      >
        {props.children}
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content class="tooltip">
          <span class="tooltip-line">
            {props.label}
            <Show when={props.action}>{(action) => <Keys action={action()} />}</Show>
          </span>
          <Show when={props.hint}>
            <span class="tooltip-hint">{props.hint}</span>
          </Show>
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip>
  );
}
