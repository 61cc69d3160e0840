import { For, type JSX } from "solid-js";
import { Modal } from "../parts/modal.tsx";
import { type Confirmation, useUi } from "../ui-state.ts";

/** Says what is lost before it is lost. */
export function ConfirmDialog(props: { readonly confirm: Confirmation }): JSX.Element {
  const ui = useUi();
  const close = (): void => ui.showDialog(undefined);
  return (
    <Modal
      title={props.confirm.title}
      size="small"
      onClose={close}
      footer={
        <>
          <button type="button" class="button" onClick={close}>
            Cancel
          </button>
          <button
            type="button"
            class="button button-danger"
            onClick={() => {
              close();
              props.confirm.run();
            }}
          >
            {props.confirm.action}
          </button>
        </>
      }
    >
      <p>This will be lost:</p>
      <ul class="bullets">
        <For each={props.confirm.lost}>{(line) => <li>{line}</li>}</For>
      </ul>
      <p class="muted">{props.confirm.text}</p>
    </Modal>
  );
}
