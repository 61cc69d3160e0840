import { createSignal, For, type JSX, Match, Show, Switch } from "solid-js";
import { createStore } from "solid-js/store";
import { Modal } from "../parts/modal.tsx";
import type { UiCommandParameter } from "../ui-port.ts";
import { useUi } from "../ui-state.ts";

/** Asks for the simple arguments of a command and runs it. */
export function ArgumentsDialog(props: { readonly commandId: string }): JSX.Element {
  const ui = useUi();
  const command = ui.port.commands().find(({ id }) => id === props.commandId);
  const asked = (command?.parameters ?? []).filter(({ kind }) => kind !== "json");
  const [values, setValues] = createStore<Record<string, string | boolean>>({});
  const [problem, setProblem] = createSignal("");
  const close = (): void => ui.showDialog(undefined);
  const run = (event: Event): void => {
    event.preventDefault();
    const args: Record<string, string | number | boolean> = {};
    for (const { name, kind, required } of asked) {
      const value = values[name];
      if (kind === "boolean") {
        if (value !== undefined || required) args[name] = value === true;
      } else if (typeof value === "string" && value.trim() !== "") {
        args[name] = kind === "number" ? Number(value) : value;
        if (Number.isNaN(args[name])) return void setProblem(`${name} must be a number.`);
      } else if (required) return void setProblem(`${name} is needed.`);
    }
    close();
    void ui.runAny(props.commandId, args);
  };
  return (
    <Modal
      title={command?.title ?? props.commandId}
      description={command?.description}
      size="small"
      onClose={close}
      footer={
        <>
          <button type="button" class="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" form="arguments-form" class="button button-primary">
            Run
          </button>
        </>
      }
    >
      <form id="arguments-form" class="options" onSubmit={run}>
        <For each={asked}>
          {(parameter) => (
            <label class="argument">
              <span class="row-label">
                {parameter.name}
                <Show when={!parameter.required}>
                  <span class="muted"> (optional)</span>
                </Show>
              </span>
              <ArgumentField
                parameter={parameter}
                value={values[parameter.name]}
                onInput={(value) => setValues(parameter.name, value)}
              />
            </label>
          )}
        </For>
        <Show when={problem()}>
          <p class="error-text" role="alert">
            {problem()}
          </p>
        </Show>
      </form>
    </Modal>
  );
}

interface ArgumentFieldProps {
  readonly parameter: UiCommandParameter;
  readonly value: string | boolean | undefined;
  readonly onInput: (value: string | boolean) => void;
}

function ArgumentField(props: ArgumentFieldProps): JSX.Element {
  return (
    <Switch
      fallback={
        <input
          class="text-field"
          type={props.parameter.kind === "number" ? "number" : "text"}
          step="any"
          value={typeof props.value === "string" ? props.value : ""}
          onInput={(event) => props.onInput(event.currentTarget.value)}
        />
      }
    >
      <Match when={props.parameter.kind === "boolean"}>
        <input
          type="checkbox"
          checked={props.value === true}
          onChange={(event) => props.onInput(event.currentTarget.checked)}
        />
      </Match>
      <Match when={props.parameter.choices}>
        {(choices) => (
          <select class="select" onChange={(event) => props.onInput(event.currentTarget.value)}>
            <option value="" />
            <For each={choices()}>{(choice) => <option value={choice}>{choice}</option>}</For>
          </select>
        )}
      </Match>
    </Switch>
  );
}
