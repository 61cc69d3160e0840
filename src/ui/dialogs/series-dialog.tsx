import { createSignal, For, type JSX, Show } from "solid-js";
import { countOf, formatBytes } from "../format.ts";
import { Modal } from "../parts/modal.tsx";
import type { SeriesQuestion } from "../ui-port.ts";
import { SeriesRow } from "./series-row.tsx";

/** Several series were found: which to open, and what was left out and why. */
export function SeriesDialog(props: { readonly question: SeriesQuestion }): JSX.Element {
  const largest = [...props.question.series].sort((a, b) => b.byteLength - a.byteLength)[0];
  const [chosen, setChosen] = createSignal<readonly string[]>(largest ? [largest.id] : []);
  const toggle = (id: string, on: boolean): void => {
    if (props.question.single) setChosen([id]);
    else setChosen((before) => (on ? [...before, id] : before.filter((other) => other !== id)));
  };
  const bytes = (): number =>
    props.question.series
      .filter(({ id }) => chosen().includes(id))
      .reduce((sum, { byteLength }) => sum + byteLength, 0);
  return (
    <Modal
      title={props.question.title}
      description={
        props.question.single
          ? "Choose one."
          : "Choose one or several. The first is opened, the others are imported into the list."
      }
      size="large"
      onClose={() => props.question.answer(undefined)}
      footer={
        <>
          <span class="muted dialog-foot-text">
            {countOf(chosen().length, "series", "series")}, {formatBytes(bytes())}
          </span>
          <button type="button" class="button" onClick={() => props.question.answer(undefined)}>
            Cancel
          </button>
          <button
            type="button"
            class="button button-primary"
            disabled={chosen().length === 0}
            onClick={() => props.question.answer(chosen())}
          >
            {chosen().length > 1 ? `Open ${chosen().length} series` : "Open series"}
          </button>
        </>
      }
    >
      <ul class="series-list" aria-label="Series">
        <For each={props.question.series}>
          {(series) => (
            <SeriesRow
              series={series}
              chosen={chosen().includes(series.id)}
              single={props.question.single}
              onChoose={(on) => toggle(series.id, on)}
              onOpen={() => props.question.answer([series.id])}
            />
          )}
        </For>
      </ul>
      <For each={props.question.notes}>{(note) => <p class="warning-text series-note">{note}</p>}</For>
      <Show when={props.question.refused.length > 0}>
        <details class="refused" open={props.question.refused.length <= 3}>
          <summary>{countOf(props.question.refused.length, "file")} left out</summary>
          <ul class="scrolls">
            <For each={props.question.refused}>
              {(file) => (
                <li>
                  <strong>{file.name}</strong> {file.message}
                </li>
              )}
            </For>
          </ul>
        </details>
      </Show>
    </Modal>
  );
}
