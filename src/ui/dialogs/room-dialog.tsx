import { createSignal, For, type JSX, Show } from "solid-js";
import { countOf, formatBytes, formatWhen } from "../format.ts";
import { Modal } from "../parts/modal.tsx";
import type { RoomQuestion } from "../ui-port.ts";
import { StudyPicture } from "../parts/study-picture.tsx";

/** An import does not fit: what to remove for it. */
export function RoomDialog(props: { readonly question: RoomQuestion }): JSX.Element {
  const [chosen, setChosen] = createSignal<readonly string[]>([]);
  const toggle = (id: string, on: boolean): void =>
    void setChosen((before) => (on ? [...before, id] : before.filter((other) => other !== id)));
  const freed = (): number =>
    props.question.studies
      .filter(({ volumeId }) => chosen().includes(volumeId))
      .reduce((sum, { bytes }) => sum + bytes, 0);
  const missing = (): number => props.question.neededBytes - (props.question.freeBytes ?? 0) - freed();
  const enough = (): boolean => chosen().length > 0 && (props.question.freeBytes === undefined || missing() <= 0);
  const giveUp = (): void => props.question.answer(undefined);
  return (
    <Modal
      title={`No room for ${props.question.name}`}
      description={need(props.question)}
      size="medium"
      onClose={giveUp}
      footer={
        <>
          <span class="muted dialog-foot-text" role="status">
            {chosen().length === 0
              ? props.question.studies.length > 0 && "Nothing chosen"
              : `${formatBytes(freed())} freed${enough() ? "" : `, ${formatBytes(missing())} still missing`}`}
          </span>
          <button type="button" class="button" onClick={giveUp}>
            {props.question.begun ? "Not now" : "Cancel"}
          </button>
          <Show when={props.question.inPlace}>
            <button
              type="button"
              class="button"
              classList={{ "button-primary": props.question.studies.length === 0 }}
              title="Parts of the scan are read from its files as they are looked at. Labels are kept as of any study. After a reload the browser asks for access to the files, or they have to be opened again."
              onClick={() => props.question.answer("in-place")}
            >
              Work without a copy
            </button>
          </Show>
          <Show when={props.question.studies.length > 0}>
            <button
              type="button"
              class="button button-danger"
              disabled={!enough()}
              onClick={() => props.question.answer(chosen())}
            >
              {chosen().length === 0
                ? "Delete and go on"
                : `Delete ${countOf(chosen().length, "study", "studies")} and go on`}
            </button>
          </Show>
        </>
      }
    >
      <Show when={props.question.studies.length > 0}>
        <ul class="room-list" aria-label="Studies that can be removed">
          <For each={props.question.studies}>
            {(study) => (
              <li>
                <label class="room-row" classList={{ "series-chosen": chosen().includes(study.volumeId) }}>
                  <input
                    type="checkbox"
                    aria-label={study.description.name}
                    onChange={(event) => toggle(study.volumeId, event.currentTarget.checked)}
                  />
                  <StudyPicture study={study} />
                  <strong>{study.description.name}</strong>
                  <span class="study-row-when">
                    <span class="numbers">{formatBytes(study.bytes)}</span>
                    <span class="muted">{formatWhen(study.openedAt)}</span>
                  </span>
                </label>
              </li>
            )}
          </For>
        </ul>
        <p class="warning-text">
          A study is deleted with its labels and its history. Export what you need of them first.
        </p>
      </Show>
      <Show when={props.question.inPlace}>
        <p class="muted">
          Without a copy the scan is read from its files as it is looked at: its overview takes one pass through them,
          and after a reload the browser asks for access to them, or, where it keeps none, they have to be opened again.
          Labels are kept as of any study.
        </p>
      </Show>
    </Modal>
  );
}

function need({ neededBytes, freeBytes, begun, studies }: RoomQuestion): string {
  const choose = studies.length > 0 ? " Choose studies to delete from this browser." : "";
  const left = `${begun ? "The rest of it" : "It"} needs up to ${formatBytes(neededBytes)}`;
  const room = freeBytes === undefined ? "the disk is full" : `the browser has ${formatBytes(freeBytes)} left for it`;
  const kept = begun ? " What is in already is kept either way." : "";
  return `${left} and ${room}.${choose}${kept}`;
}
