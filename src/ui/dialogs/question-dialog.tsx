import { For, type JSX, Show } from "solid-js";
import { Modal } from "../parts/modal.tsx";
import type { Question } from "../ui-port.ts";

/** A question of the program with its choices. */
export function QuestionDialog(props: { readonly question: Question }): JSX.Element {
  return (
    <Modal
      title={props.question.title}
      size="small"
      onClose={() => props.question.answer(undefined)}
      footer={
        <>
          <button type="button" class="button" onClick={() => props.question.answer(undefined)}>
            Cancel
          </button>
          <For each={props.question.choices}>
            {(choice) => (
              <button
                type="button"
                class="button"
                classList={{ "button-primary": choice.tone === "primary", "button-danger": choice.tone === "danger" }}
                onClick={() => props.question.answer(choice.id)}
              >
                {choice.label}
              </button>
            )}
          </For>
        </>
      }
    >
      <p>{props.question.text}</p>
      <Show when={props.question.details?.length}>
        <ul class="bullets">
          <For each={props.question.details}>{(line) => <li>{line}</li>}</For>
        </ul>
      </Show>
    </Modal>
  );
}
