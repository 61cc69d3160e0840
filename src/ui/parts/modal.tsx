import { Dialog } from "@kobalte/core/dialog";
import { type JSX, Show } from "solid-js";
import { Icon } from "./icon.tsx";

interface ModalProps {
  readonly title: string;
  readonly description?: string | undefined;
  readonly size?: "small" | "medium" | "large" | "wide";
  readonly onClose: () => void;
  readonly children?: JSX.Element;
  /** Buttons at the foot, the main one last. */
  readonly footer?: JSX.Element;
}

/** Where focus goes first; else to the dialog itself, so that Enter does nothing that was not looked at. */
const FOCUS_FIRST: readonly string[] = [
  "[data-first]",
  ".dialog-body .text-field",
  ".dialog-foot .button-primary:enabled",
];

/** A dialog over everything: focus stays inside, Escape closes it, and then what had the focus before has it again. */
export function Modal(props: ModalProps): JSX.Element {
  let content!: HTMLDivElement;
  const before = document.activeElement;
  return (
    <Dialog open={true} onOpenChange={(open) => !open && props.onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay class="dialog-overlay" />
        <div class="dialog-place">
          <Dialog.Content
            class={`dialog dialog-${props.size ?? "medium"}`}
            ref={content}
            onOpenAutoFocus={(event) => {
              event.preventDefault();
              (
                FOCUS_FIRST.map((selector) => content.querySelector<HTMLElement>(selector)).find(Boolean) ?? content
              ).focus();
            }}
            onCloseAutoFocus={(event) => {
              event.preventDefault();
              // What the answer has given the focus to keeps it.
              if (document.activeElement === document.body && before instanceof HTMLElement)
                before.focus({ preventScroll: true });
            }}
          >
            <header class="dialog-head">
              <Dialog.Title class="dialog-title">{props.title}</Dialog.Title>
              <Dialog.CloseButton class="icon-button" aria-label="Close">
                <Icon name="close" size={16} />
              </Dialog.CloseButton>
            </header>
            <Show when={props.description}>
              <Dialog.Description class="dialog-description">{props.description}</Dialog.Description>
            </Show>
            <div class="dialog-body scrolls">{props.children}</div>
            <Show when={props.footer}>
              <footer class="dialog-foot">{props.footer}</footer>
            </Show>
          </Dialog.Content>
        </div>
      </Dialog.Portal>
    </Dialog>
  );
}
